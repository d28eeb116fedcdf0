/** The rules that keep the tree in its shape, as functions over sources, so that each can be shown to fail. @module */

import { ENTRANCE_RANK, LONG_FILES, PACKAGE_HOMES, RANKS } from "./ranks.ts";
import { type Located, type Report, visit } from "./syntax.ts";

/** A file of the repository. */
export interface Source {
  /** From the top folder, with `/`: `src/core/clock.ts`. */
  readonly path: string;
  readonly text: string;
}

/** What is wrong, and where: `src/core/clock.ts:12: …`. */
export type Violation = string;

const LINES_WITHOUT_REASON = 300;
const JUNK_NAMES = ["common", "helper", "helpers", "lib", "misc", "shared", "util", "utils"];
/** The one folder called `types` holds the config's types, which are the product's face. */
const TYPES_FOLDER = "src/config/types/";

/** Where the system's own time, chance and console may be named: behind the seams that everything else is given. */
const SYSTEM_HOMES: Readonly<Record<string, readonly string[]>> = {
  "Date.now": ["src/cli/", "src/core/clock.ts"],
  "performance.now": ["src/cli/", "src/core/clock.ts"],
  "new Date()": ["src/cli/", "src/core/clock.ts"],
  setTimeout: ["src/cli/", "src/core/clock.ts"],
  setInterval: ["src/cli/", "src/core/clock.ts"],
  "Math.random": ["src/cli/", "src/core/random.ts"],
  console: ["src/cli/"],
};

/** Folders that may keep something between two calls at module level. */
const STATEFUL = ["src/runtime/", "src/cli/"];

/** Every rule about one file of `src/`, or `mod.ts`. */
export function checkSource(source: Source): Violation[] {
  return [
    ...checkShape(source),
    ...visit(source, importRules, systemRules, stateRules),
  ];
}

/** Every rule about one file of `tests/`. */
export function checkTest(source: Source): Violation[] {
  return visit(source, (_path, report) => ({
    CallExpression(node) {
      const [, ms] = node.arguments;
      if (node.callee.type !== "Identifier" || node.callee.name !== "setTimeout") return;
      if (ms === undefined || (ms.type === "Literal" && ms.value === 0)) return;
      // A guard turns a hang into a failure; no test passes by it.
      if (ms.type === "Identifier" && ms.name === "GUARD_MS") return;
      report(node, "a test that waits for time is slow or flaky: turn a FakeClock, or wait for the event itself");
    },
  }));
}

/** A file's name, length, opening and switched-off lint rules. */
function checkShape({ path, text }: Source): Violation[] {
  const found: Violation[] = [];
  const lines = text.split("\n");
  if (lines.length - 1 > LINES_WITHOUT_REASON && !(path in LONG_FILES)) {
    const count = lines.length - 1;
    found.push(
      `${path}: ${count} lines, more than ${LINES_WITHOUT_REASON}: split it, or give the reason in LONG_FILES`,
    );
  }
  for (const name of path.replace(/\.ts$/, "").split("/")) {
    if (JUNK_NAMES.includes(name) || (name === "types" && !path.startsWith(TYPES_FOLDER))) {
      found.push(`${path}: "${name}" says nothing: name it after what it holds`);
    }
  }
  if (!/^(?:#!.*\n)?\/\*\*(?:(?!\*\/)[^])*@module/.test(text)) {
    found.push(`${path}: does not begin with a comment that says what the file is for and ends with @module`);
  }
  for (const [index, line] of lines.entries()) {
    if (/deno-lint-ignore(?!.* -- \S)/.test(line)) {
      found.push(`${path}:${index + 1}: a lint rule is switched off without a reason: add " -- why"`);
    }
  }
  return found;
}

function importRules(path: string, report: Report): Deno.lint.LintVisitor {
  const check = (node: Located, specifier: string) => {
    const wrong = importViolation(path, specifier);
    if (wrong !== null) report(node, wrong);
  };
  return {
    ImportDeclaration: (node) => check(node, node.source.value),
    ExportAllDeclaration: (node) => check(node, node.source.value),
    ExportNamedDeclaration(node) {
      if (node.source !== null) check(node, node.source.value);
    },
    ImportExpression(node) {
      // A computed name is a user's config or plugin, which no rank can know.
      if (node.source.type === "Literal" && typeof node.source.value === "string") check(node, node.source.value);
    },
    TSImportType: (node) => report(node, "import a type at the top of the file, where the ranks are seen"),
  };
}

function systemRules(path: string, report: Report): Deno.lint.LintVisitor {
  const check = (node: Located, name: string) => {
    if (SYSTEM_HOMES[name].some((home) => path.startsWith(home))) return;
    const given = name === "console" ? "log" : name === "Math.random" ? "random" : "clock";
    report(node, `${name} is not for this folder: use the ${given} that the environment gives`);
  };
  return {
    MemberExpression(node) {
      if (node.object.type !== "Identifier") return;
      const { property } = node;
      let key: unknown = null;
      if (property.type === "Identifier" && !node.computed) key = property.name;
      else if (property.type === "Literal") key = property.value;
      const name = node.object.name === "globalThis" ? String(key) : `${node.object.name}.${key}`;
      if (Object.hasOwn(SYSTEM_HOMES, name)) check(node, name);
      if (node.object.name === "Deno" && (node.computed || key === "internal" || key === "core")) {
        report(node, "the runtime's internals may vanish in any release: public APIs only");
      }
    },
    NewExpression(node) {
      const { callee } = node;
      if (callee.type === "Identifier" && callee.name === "Date" && node.arguments.length === 0) {
        check(node, "new Date()");
      }
    },
    Identifier(node) {
      const { parent, name } = node;
      if (name !== "console" && name !== "setTimeout" && name !== "setInterval") return;
      if (parent.type === "MemberExpression" && parent.property === node && !parent.computed) return;
      if (parent.type === "Property" && parent.key === node && parent.value !== node) return;
      check(node, name);
    },
  };
}

function stateRules(path: string, report: Report): Deno.lint.LintVisitor {
  return {
    Program(node) {
      if (STATEFUL.some((home) => path.startsWith(home))) return;
      for (const statement of node.body) {
        const inner = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
        if (inner?.type !== "VariableDeclaration" || !isState(inner)) continue;
        report(
          inner,
          "state at module level is shared by every gateway of the process: keep it in an object, or env.state()",
        );
      }
    },
  };
}

/** A variable that can be set again, or an empty collection that can only be meant to be filled. */
function isState(declaration: Deno.lint.VariableDeclaration): boolean {
  if (declaration.declare) return false;
  if (declaration.kind === "let" || declaration.kind === "var") return true;
  return declaration.declarations.some(({ init }) =>
    init?.type === "NewExpression" && init.callee.type === "Identifier" && init.arguments.length === 0 &&
    ["Map", "Set", "WeakMap", "WeakSet"].includes(init.callee.name)
  );
}

/** What is wrong with this import in this file, or `null`. */
export function importViolation(path: string, specifier: string): string | null {
  if (specifier.startsWith("./") || specifier.startsWith("../")) return relativeViolation(path, specifier);
  if (/^(?:jsr|npm|https?|data|blob|file):/.test(specifier)) {
    return `"${specifier}": a package has a name in deno.json's import map`;
  }
  if (specifier === "gatewright" || specifier.startsWith("gatewright/")) {
    return `"${specifier}" is for users: import the file itself`;
  }
  if (/^ext:|^node:internal/.test(specifier)) return `"${specifier}": public APIs only`;
  const home = Object.keys(PACKAGE_HOMES).find((name) =>
    name.endsWith("/") ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`)
  );
  if (home === undefined) return specifier.startsWith("node:") ? null : `"${specifier}" has no home in PACKAGE_HOMES`;
  const homes = PACKAGE_HOMES[home];
  return homes.some((folder) => path.startsWith(folder)) ? null : `"${specifier}" is for ${homes.join(", ")} only`;
}

function relativeViolation(path: string, specifier: string): string | null {
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  if (target === "mod.ts") return `mod.ts is for users: import the file itself`;
  if (target !== "deno.json" && !target.startsWith("src/")) return `"${specifier}" leads out of src/`;
  if (!/\.(?:ts|json|html|css|js|txt|ya?ml)$/.test(target)) return `"${specifier}" lacks its file extension`;
  if (target === "deno.json") return null;
  const from = folderOf(path), to = folderOf(target), fromRank = rankOf(path), toRank = rankOf(target);
  for (const [folder, rank] of [[from, fromRank], [to, toRank]] as const) {
    if (rank === null) return `${folder} has no rank: give it one in tests/gate/ranks.ts and src/README.md`;
  }
  if (from === to || toRank! < fromRank!) return null;
  return `${from} (rank ${fromRank}) may not import ${to} (rank ${toRank}): imports go down`;
}

/** The folder or file directly in `src/`; `mod.ts` for the entrance. */
function folderOf(path: string): string {
  return path.startsWith("src/") ? path.split("/")[1] : path;
}

function rankOf(path: string): number | null {
  return path === "mod.ts" ? ENTRANCE_RANK : RANKS[folderOf(path)] ?? null;
}

import { strict as assert } from "node:assert";
import { checkSource, checkTest, importViolation } from "./gate/architecture.ts";
import { RANKS, TOP_LEVEL } from "./gate/ranks.ts";
import { exists, ROOT, source, sources } from "./gate/tree.ts";

/** Fails with one line for each violation, rather than with a diff of two arrays. */
function none(violations: readonly string[]): void {
  if (violations.length > 0) assert.fail(`\n${violations.join("\n")}\n`);
}

Deno.test("src/ keeps the rules: ranks, seams, names, lengths", () => {
  const files = sources("src");
  assert.ok(files.length > 50, "the tree was not found");
  none([...files, ...(exists("mod.ts") ? [source("mod.ts")] : [])].flatMap(checkSource));
});

Deno.test("tests wait for events, never for time", () => {
  none(sources("tests").filter(({ path }) => !/^tests\/(?:support|gate)\//.test(path)).flatMap(checkTest));
});

Deno.test("the top folder holds what the design fixes and nothing else", () => {
  const ignored = source(".gitignore").text.split("\n").map((line) => line.replace(/\/$/, ""));
  const extra = [...Deno.readDirSync(ROOT)].map((entry) => entry.name)
    .filter((name) => !TOP_LEVEL.includes(name) && !ignored.includes(name));
  assert.deepEqual(extra, []);
});

Deno.test("src/README.md tells the rank of every folder of src/", () => {
  const rows = source("src/README.md").text.matchAll(/^\| (\d+) +\| `([\w.]+)\/?` +\|/gm);
  const told = Object.fromEntries([...rows].map(([, rank, name]) => [name, Number(rank)]));
  const folders = [...Deno.readDirSync(`${ROOT}/src`)].map((entry) => entry.name).filter((name) =>
    name !== "README.md"
  );
  assert.deepEqual(told, Object.fromEntries(Object.entries(RANKS).filter(([name]) => folders.includes(name))));
  assert.deepEqual(folders.filter((name) => !(name in RANKS)), [], "give it a rank in tests/gate/ranks.ts");
});

Deno.test("importViolation() lets imports go down or stay, and each package stay at home", async (t) => {
  const rows: [path: string, specifier: string, violation: RegExp | null][] = [
    ["src/http/a.ts", "../core/b.ts", null],
    ["src/http/a.ts", "./sub/b.ts", null],
    ["src/config/types/a.ts", "../define.ts", null],
    ["src/http/a.ts", "node:net", null],
    ["src/admin/a.ts", "hono/jsx", null],
    ["src/gateway.ts", "./admin/a.ts", null],
    ["src/cli/main.ts", "../gateway.ts", null],
    ["src/cli/version.ts", "../../deno.json", null],
    ["mod.ts", "./src/gateway.ts", null],
    ["src/core/a.ts", "../http/b.ts", /^core \(rank 0\) may not import http \(rank 1\)/],
    ["src/http/a.ts", "../routing/b.ts", /imports go down/],
    ["src/cli/a.ts", "../testing/b.ts", /imports go down/],
    ["src/admin/a.ts", "../gateway.ts", /imports go down/],
    ["src/admin/a.ts", "../nowhere/b.ts", /nowhere has no rank/],
    ["src/nowhere/a.ts", "../core/b.ts", /nowhere has no rank/],
    ["src/cli/a.ts", "../../mod.ts", /for users/],
    ["src/cli/a.ts", "gatewright", /for users/],
    ["src/cli/a.ts", "../../tests/support/wire.ts", /leads out of src/],
    ["src/cli/a.ts", "./b", /file extension/],
    ["src/core/a.ts", "@opentelemetry/api", /for src\/telemetry\/ only/],
    ["src/core/a.ts", "node:assert/strict", /for src\/testing\/ only/],
    ["src/core/a.ts", "fast-check", /for src\/testing\/ only/],
    ["src/http/a.ts", "hono", /for src\/admin\/ only/],
    ["src/http/a.ts", "left-pad", /no home/],
    ["src/http/a.ts", "jsr:@std/assert", /import map/],
    ["src/http/a.ts", "npm:zod@4", /import map/],
    ["src/http/a.ts", "ext:core/mod.js", /public APIs/],
  ];
  for (const [path, specifier, violation] of rows) {
    await t.step(`${path} ← ${specifier}`, () => {
      const found = importViolation(path, specifier);
      if (violation === null) assert.equal(found, null);
      else assert.match(found ?? "nothing found", violation);
    });
  }
});

Deno.test("checkSource() sees a violation wherever it is planted", async (t) => {
  const rows: [planted: string, expected: RegExp | null, path?: string][] = [
    [`import type { A } from "../http/a.ts";`, /:2: core \(rank 0\) may not import http/],
    [`import "../http/a.ts";`, /may not import http/],
    [`export * from "../http/a.ts";`, /may not import http/],
    [`export type { A } from "../http/a.ts";`, /may not import http/],
    [`const a = await import("../http/a.ts");`, /may not import http/],
    [`type A = import("../http/a.ts").A;`, /at the top of the file/],
    [`const at = Date.now();`, /:2: Date.now .* clock/],
    [`const at = Date["now"]();`, /Date.now/],
    [`const at = globalThis.performance.now(), { now } = Date;`, null],
    [`const at = performance.now();`, /performance.now/],
    [`const at = new Date();`, /new Date\(\)/],
    [`const at = new Date(0);`, null],
    [`const chance = [Math.random];`, /Math.random .* random/],
    [`console.error("x");`, /console .* log/],
    [`globalThis.console.error("x");`, /console/],
    [`const log = console;`, /console/],
    [`const log = { console: 1 }, x = log.console;`, null],
    [`setTimeout(() => {}, 1);`, /setTimeout/],
    [`const later = setInterval;`, /setInterval/],
    [`const x = Deno[Deno.internal];`, /internals/],
    [`const x = Deno["core"];`, /internals/],
    [`/** console.log(Date.now()) */\nconst x = "Math.random()"; // setTimeout(`, null],
    [`let state = 0;`, /state at module level/],
    [`export let state = 0;`, /state at module level/],
    [`const seen = new Map<string, string>();`, /state at module level/],
    [`const table = new Map([["a", 1]]);`, null],
    [`function f() { let x = new Map(); return x; }`, null],
    [`// deno-lint-ignore no-explicit-any\nconst x: any = 1;`, /:2: a lint rule is switched off/],
    [`// deno-lint-ignore no-explicit-any -- the library's own type\nconst x: any = 1;`, null],
    ["\n".repeat(300), /301 lines, more than 300/],
    [`const x = "héé→😀"; console.log(x);\n`, /:2: console/],
    [`"héé→😀héé→😀héé→😀héé→😀";\nconsole.log(1);`, /:3: console/],
    ["", /"utils" says nothing/, "src/core/utils/a.ts"],
    ["", /"helpers" says nothing/, "src/core/helpers.ts"],
    ["", /"types" says nothing/, "src/types/a.ts"],
    ["", null, "src/config/types/a.ts"],
    ["console.log(Date.now());", null, "src/cli/a.ts"],
    ["let count = 0;", null, "src/runtime/a.ts"],
  ];
  for (const [planted, expected, path = "src/core/planted.ts"] of rows) {
    await t.step(`${path}: ${planted.trim() || "(name or length)"}`, () => {
      const found = checkSource({ path, text: `/** What it is. @module */\n${planted}` });
      if (expected === null) assert.deepEqual(found, []);
      else assert.match(found.join("\n") || "nothing found", expected);
    });
  }
  await t.step("no comment at the top", () => {
    assert.match(
      checkSource({ path: "src/core/a.ts", text: "export const a = 1; /** @module */" })[0],
      /does not begin/,
    );
  });
});

Deno.test("checkTest() sees a sleep", () => {
  const check = (text: string) => checkTest({ path: "tests/a_test.ts", text });
  assert.match(check(`await new Promise((resolve) => setTimeout(resolve, 10));`)[0], /:1: a test that waits for time/);
  assert.match(check(`const ms = 0; setTimeout(run, ms);`)[0], /waits for time/);
  assert.deepEqual(check(`setTimeout(run, 0); setTimeout(fail, GUARD_MS);`), []);
});

/** YAML and JSON texts with the places of what stands in them. @module */

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import type { Finding, Locate, Path } from "./finding.ts";

/** A text that was understood. */
export interface YamlDocument {
  /** Plain data. */
  readonly value: unknown;
  readonly locate: Locate;
}

/** Beyond it, anchors multiply into more data than any config has ("billion laughs"). */
const MOST_ALIASES = 100;

/** Parses a text; JSON is YAML. Every mistake is found, each with its place. */
export function parseYaml(text: string, file: string): YamlDocument | readonly Finding[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const found = [...document.errors, ...document.warnings].map((error): Finding => ({
    at: [],
    ...inWords(error),
    place: at(startOf(error, document)),
  }));
  if (document.errors.length === 0) found.push(...wrongNodes(document, at));
  // What follows a first mistake on the same line is mostly its echo.
  const findings = found.filter(({ place }, i) => found.findIndex((other) => other.place?.line === place?.line) === i);
  if (findings.length > 0) return findings;
  const locate: Locate = (path, on) => at(offsetOf(document, path, on));
  try {
    return { value: document.toJS({ maxAliasCount: MOST_ALIASES }), locate };
  } catch (error) {
    const message = `the anchors of this file cannot be followed: ${(error as Error).message}`;
    return [{ at: [], message, remedy: "the values themselves", place: { file } }];
  }
}

const WORDS: Readonly<Record<string, Pick<Finding, "message" | "remedy">>> = {
  DUPLICATE_KEY: { message: "this key stands twice in the same settings", remedy: "one of the two" },
  TAB_AS_INDENT: { message: "YAML is not indented with tabs", remedy: "spaces" },
  MULTIPLE_DOCS: { message: 'a config is one document, and "---" begins a second', remedy: "one document" },
  TAG_RESOLVE_FAILED: { message: "a config has no tags", remedy: "the value without its tag" },
};

function inWords({ code, message }: YAMLError): Pick<Finding, "message" | "remedy"> {
  const open = /^Flow (?:map|sequence) .* end with a ([}\]])$/.exec(message)?.[1];
  if (open !== undefined) return { message: `this is not closed, or not indented: "${open}" is missing`, remedy: open };
  const quote = /^Missing closing (["'])quote$/.exec(message)?.[1];
  if (quote !== undefined) return { message: "this quote is not closed", remedy: `${quote} at its end` };
  return WORDS[code] ?? { message: `this cannot be parsed: ${message}` };
}

/** A missing quote is reported where the text ends; where it begins is where to look. */
function startOf({ message, pos: [offset] }: YAMLError, document: Document): number {
  let start = offset;
  if (message.startsWith("Missing closing")) {
    visit(document, {
      Scalar(_, { range }) {
        if (range && range[0] < offset && offset <= range[2]) start = range[0];
      },
    });
  }
  return start;
}

/** What YAML allows and a config cannot have. */
function wrongNodes(document: Document, at: (offset: number) => Finding["place"]): Finding[] {
  const findings: Finding[] = [];
  const report = (node: unknown, message: string, remedy: string) =>
    findings.push({ at: [], message, remedy, place: at(isNode(node) ? node.range?.[0] ?? 0 : 0) });
  visit(document, {
    Pair(_, { key }) {
      const name = isScalar(key) ? key.value : undefined;
      if (!isScalar(key) || name === null) report(key, "a key is a plain text", "a text");
      else if (name === "__proto__") report(key, "__proto__ cannot be a key", "another name");
      else if (name === "<<") {
        report(key, "merge keys are not known here", "the keys themselves, or an alias for the whole");
      }
    },
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) {
        report(alias, `there is no anchor &${alias.source} before this`, "the value itself");
      }
    },
  });
  return findings;
}

/** Policies that hold others: in their options' place stands what their paths have under their own name, `anyOf[1]`. */
const HOLDERS: readonly (string | number)[] = ["anyOf", "allOf", "optional"];

/** Where the value at a path begins, or the key before it; the nearest thing around it that is there. */
function offsetOf(document: Document, path: Path, on: "key" | "value"): number {
  let node = document.contents as Node | null, offset = node?.range?.[0] ?? 0;
  let name: string | undefined, isEntry = false;
  for (let i = 0; i < path.length; i++) {
    const inside = isAlias(node) ? node.resolve(document) ?? null : node;
    const holds = name === path[i] && HOLDERS.includes(path[i]);
    const step = holds ? { key: null, value: inside } : stepInto(inside, path[i]);
    if (step === undefined) break;
    node = step.value;
    offset = (on === "key" && i === path.length - 1 ? step.key : step.value ?? step.key)?.range?.[0] ?? offset;
    const isOne = isNamed(path, i) || isEntry || holds && !isSeq(node);
    isEntry = holds && isSeq(node);
    name = undefined;
    if (isOne && i < path.length - 1) ({ node, name } = optionsOf(node, document));
  }
  return offset;
}

function stepInto(node: unknown, key: string | number): { key: Node | null; value: Node | null } | undefined {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(key)];
    return item === undefined ? undefined : { key: item, value: item };
  }
  const pair = isMap<Node, Node>(node)
    ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key))
    : undefined;
  return pair && { key: pair.key, value: pair.value };
}

/** Whether a policy or a store stands there. */
function isNamed(path: Path, i: number): boolean {
  return path[i - 1] === "policies" && typeof path[i] === "number" || i === 1 && path[0] === "stores";
}

/** A policy, or a store, is written as its name with its options, which the path of an option does not name. */
function optionsOf(node: Node | null, document: Document): { readonly node: Node | null; readonly name?: string } {
  const inside = isAlias(node) ? node.resolve(document) : node;
  if (!isMap<Node, Node>(inside) || inside.items.length !== 1) return { node };
  const [{ key, value }] = inside.items;
  return { node: value, name: isScalar(key) ? String(key.value) : undefined };
}

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { stringify } from "yaml";
import type { Path } from "../../src/config/finding.ts";
import { parseYaml, type YamlDocument } from "../../src/config/yaml_document.ts";

const parsed = (text: string): YamlDocument => {
  const document = parseYaml(text, "a.yaml");
  assert.ok("value" in document, JSON.stringify(document));
  return document;
};
/** The text from a place to the end of its line. */
const textAt = (text: string, at: Path, on: "key" | "value" = "value") => {
  const { line = 0, column = 0 } = parsed(text).locate(at, on);
  return text.split("\n")[line - 1].slice(column - 1);
};

const FORMS = {
  yaml: (value: unknown) => stringify(value, { lineWidth: 0 }),
  json: (value: unknown) => JSON.stringify(value, null, 2),
  "JSON with tabs": (value: unknown) => JSON.stringify(value, null, "\t"),
  "JSON on one line": (value: unknown) => JSON.stringify(value),
};

for (const [form, write] of Object.entries(FORMS)) {
  Deno.test(`parseYaml() gives what was written as ${form}, and the place of every value`, () => {
    fc.assert(fc.property(nested(), (value) => {
      const text = write(value);
      assert.deepEqual(parsed(text).value, value);
      for (const { at, number } of leaves(value)) {
        assert.equal(parseInt(textAt(text, at)), number, `${JSON.stringify(at)} in\n${text}`);
        const key = at.at(-1);
        if (typeof key === "string") assert.match(textAt(text, at, "key"), new RegExp(`^"?${key}"?:`));
      }
    }));
  });
}

Deno.test("parseYaml() gives texts as they were written, whatever is in them", () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: "grapheme" })), (texts) => {
    for (const write of Object.values(FORMS)) assert.deepEqual(parsed(write(texts)).value, texts);
  }));
});

const CONFIG = `listen: { port: 80 }
shared: &shared
  - headers:
      request: { remove: [cookie] }
routes:
  - path: /a
    policies: *shared
  - { path: /b, policies: [timing] }
`;
const PLACES: readonly (readonly [at: Path, on: "key" | "value", text: string])[] = [
  [["listen", "port"], "value", "80 }"],
  [["listen", "port"], "key", "port: 80 }"],
  [["listen", "prot"], "key", "{ port: 80 }"],
  [["admin", "port"], "value", "listen: { port: 80 }"],
  [["routes", 0], "value", "path: /a"],
  [["routes", 7, "path"], "value", "- path: /a"],
  [["routes", 0, "policies", 0], "value", "headers:"],
  [["routes", 0, "policies", 0, "request", "remove", 0], "value", "cookie] }"],
  [["routes", 0, "policies", 0, "request"], "key", "request: { remove: [cookie] }"],
  [["routes", 1, "policies", 0], "value", "timing] }"],
  [["routes", 1, "policies", 0, "request"], "value", "timing] }"],
  [[], "value", "listen: { port: 80 }"],
];
for (const [at, on, text] of PLACES) {
  Deno.test(`parseYaml() finds the ${on} ${JSON.stringify(at)}`, () => assert.equal(textAt(CONFIG, at, on), text));
}

Deno.test("parseYaml() reports a mistake once, without its echo on the same line", () => {
  const findings = parseYaml("a: {b: 1\nc: @d\ne: @f", "a.yaml");
  assert.ok(!("value" in findings));
  const lines = findings.map(({ place }) => place?.line);
  assert.deepEqual(lines, [...new Set(lines)]);
  assert.ok(lines.length > 0);
});

Deno.test("parseYaml() takes any text without throwing", () => {
  const yaml = fc.array(
    fc.constantFrom(
      "a: ",
      "- ",
      "\n",
      "  ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "!t ",
      "? ",
      "|",
      ">",
      '"',
      "'",
      "#",
      "---",
      "<<: ",
      "\t",
      ",",
    ),
    { maxLength: 30 },
  );
  fc.assert(fc.property(fc.oneof(fc.string(), yaml.map((parts) => parts.join(""))), (text) => {
    const result = parseYaml(text, "a.yaml");
    if (!("value" in result)) assert.ok(result.length > 0 && result.every(({ place }) => place?.file === "a.yaml"));
  }));
});

/** Lists and settings with a number of its own at every leaf. */
function nested(): fc.Arbitrary<unknown> {
  const key = fc.stringMatching(/^[a-z]{1,5}$/);
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  return value.map((shape) => {
    let last = 1000;
    return JSON.parse(JSON.stringify(shape), (_, leaf) => leaf === null ? ++last : leaf);
  });
}

function* leaves(value: unknown, at: Path = []): Generator<{ at: Path; number: number }> {
  if (typeof value === "number") yield { at, number: value };
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    yield* leaves(inner, [...at, Array.isArray(value) ? Number(key) : key]);
  }
}

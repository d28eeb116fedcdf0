import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseTemplate, templateOf } from "../../src/core/template.ts";
import { makeExchange } from "../support/exchange.ts";

const PARTS: readonly (readonly [text: string, literals: readonly string[], keys: readonly string[]])[] = [
  ["", [""], []],
  ["plain", ["plain"], []],
  ["{ip}", ["", ""], ["ip"]],
  ["a{ip}b", ["a", "b"], ["ip"]],
  ["{ip}{route}", ["", "", ""], ["ip", "route"]],
  ["{ip}{ip}", ["", "", ""], ["ip", "ip"]],
  ["a{header:x-a}{query:b c}d{jwt:e}", ["a", "", "d", ""], ["header:x-a", "query:b c", "jwt:e"]],
  ["{{", ["{"], []],
  ["{{ip}", ["{ip}"], []],
  ["{{{ip}", ["{", ""], ["ip"]],
  ["{{{{", ["{{"], []],
  ["a}b", ["a}b"], []],
  ["{ip}}", ["", "}"], ["ip"]],
  ["{ip}{{{route}", ["", "{", ""], ["ip", "route"]],
  ["{query:a{b}", ["", ""], ["query:a{b"]],
];
for (const [text, literals, keys] of PARTS) {
  Deno.test(`parseTemplate() takes "${text}" apart`, () => {
    const template = parseTemplate(text);
    assert.ok(!("error" in template));
    assert.deepEqual({ literals: template.literals, keys: template.keys }, { literals, keys });
    assert.equal(template.readers.length, keys.length);
    assert.deepEqual(templateOf(text).keys, keys);
  });
}

const NOT_CLOSED = "the brace is not closed; write {{ for a plain brace";
const ERRORS: readonly (readonly [text: string, error: string, at: number])[] = [
  ["{", NOT_CLOSED, 0],
  ["a{ip", NOT_CLOSED, 1],
  ["{ip}{route", NOT_CLOSED, 4],
  ["{{{", NOT_CLOSED, 2],
  ["{}", '"{}" is not a key', 0],
  ["a{nope}", '"{nope}" is not a key', 1],
  ["{ip}{ ip }", '"{ ip }" is not a key', 4],
  ["{header:}", '"{header:}" is not a key', 0],
];
for (const [text, error, at] of ERRORS) {
  Deno.test(`parseTemplate() says what is wrong with "${text}", and where`, () => {
    assert.deepEqual(parseTemplate(text), { error, at });
    assert.throws(() => templateOf(text), new TypeError(`"${text}" is not a template: ${error}`));
  });
}

Deno.test("parseTemplate() gives the reader of each key, in order", () => {
  const exchange = makeExchange({ headers: [["x-a", "1"], ["x-b", "2"]] });
  const { readers } = templateOf("{header:x-b}-{header:x-a}-{header:x-c}");
  assert.deepEqual(readers.map((read) => read(exchange)), ["2", "1", undefined]);
});

Deno.test("parseTemplate() leaves text without an opening brace as it is", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const literal = text.replaceAll("{", "");
    assert.deepEqual(templateOf(literal), { literals: [literal], keys: [], readers: [] });
  }));
});

Deno.test("parseTemplate() finds again what a template was made of", () => {
  const key = fc.constantFrom("ip", "request:id", "param:id", "header:x-a", "query:a b");
  fc.assert(fc.property(fc.array(fc.tuple(fc.string(), key)), fc.string(), (pairs, last) => {
    const quoted = (literal: string) => literal.replaceAll("{", "{{");
    const { literals, keys } = templateOf(
      pairs.map(([literal, key]) => `${quoted(literal)}{${key}}`).join("") + quoted(last),
    );
    assert.deepEqual(literals, [...pairs.map(([literal]) => literal), last]);
    assert.deepEqual(keys, pairs.map(([, key]) => key));
  }));
});

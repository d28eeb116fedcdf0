import { strict as assert } from "node:assert";
import fc from "fast-check";
import { withoutBlanks } from "../../src/http/without_blanks.ts";

const TABLE: readonly [text: string, without: string][] = [
  ["", ""],
  [" \t ", ""],
  ["a", "a"],
  ["\t a b\t \tc ", "a b\t \tc"],
  ["\xa0a\xa0", "\xa0a\xa0"],
  ["\x0ba\u2003", "\x0ba\u2003"],
];

Deno.test("withoutBlanks() takes spaces and tabs at both ends, and nothing else", () => {
  for (const [text, without] of TABLE) assert.equal(withoutBlanks(text), without, JSON.stringify(text));
});

Deno.test("property: withoutBlanks() of a piece is what it is of the piece alone", () => {
  const text = fc.string({ unit: fc.constantFrom(" ", "\t", "a", "\xa0"), maxLength: 12 });
  fc.assert(fc.property(text, fc.nat(12), fc.nat(12), (text, from, length) => {
    const start = Math.min(from, text.length), end = Math.min(start + length, text.length);
    const alone = text.slice(start, end), without = withoutBlanks(text, start, end);
    assert.equal(without, withoutBlanks(alone));
    assert.equal(without, alone.replace(/^[ \t]*((?:[^]*[^ \t])?)[ \t]*$/, "$1"));
  }));
});

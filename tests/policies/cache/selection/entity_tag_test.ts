import { strict as assert } from "node:assert";
import fc from "fast-check";
import { entityTag, namesTag, sameStrongly, sameWeakly } from "../../../../src/policies/cache/selection/entity_tag.ts";

const TAGS: readonly (readonly [fields: readonly string[], tag: string | null])[] = [
  [["etag", '"a"'], '"a"'],
  [["etag", 'W/"a"'], 'W/"a"'],
  [["etag", '""'], '""'],
  [["etag", '"a,b\\"'], '"a,b\\"'],
  [["etag", '"\u00fc"'], '"\u00fc"'],
  [[], null],
  [["etag", "a"], null],
  [["etag", 'w/"a"'], null],
  [["etag", 'W/ "a"'], null],
  [["etag", '"a" '], null],
  [["etag", '"a b"'], null],
  [["etag", '"a""b"'], null],
  [["etag", '"a"', "etag", '"a"'], null],
];

Deno.test("an answer has one well-formed tag, or none", async (t) => {
  for (const [fields, tag] of TAGS) await t.step(fields.join(" "), () => assert.equal(entityTag(fields), tag));
});

/** RFC 9110 §8.8.3.2. */
const COMPARED: readonly (readonly [one: string | null, other: string | null, strong: boolean, weak: boolean])[] = [
  ['W/"1"', 'W/"1"', false, true],
  ['W/"1"', 'W/"2"', false, false],
  ['W/"1"', '"1"', false, true],
  ['"1"', '"1"', true, true],
  ['"W/1"', 'W/"1"', false, false],
  [null, null, false, false],
  ['"1"', null, false, false],
];

Deno.test("tags are compared strongly and weakly", async (t) => {
  for (const [one, other, strong, weak] of COMPARED) {
    await t.step(`${one} ${other}`, () => {
      assert.deepEqual([sameStrongly(one, other), sameStrongly(other, one)], [strong, strong]);
      assert.deepEqual([sameWeakly(one, other), sameWeakly(other, one)], [weak, weak]);
    });
  }
});

const NAMED: readonly (readonly [value: string, tag: string | null, named: boolean])[] = [
  ['"a"', '"a"', true],
  ['"A"', '"a"', false],
  ['W/"a"', '"a"', true],
  ['"a"', 'W/"a"', true],
  ['"b", "a","c"', '"a"', true],
  ['"b" ,\tW/"a"', '"a"', true],
  [',, "a",', '"a"', true],
  ['"b", "c"', '"a"', false],
  ["*", '"a"', true],
  ["*", null, true],
  ['"a"', null, false],
  ["a", '"a"', false],
  ['"a', '"a"', false],
  ['"x,"a","', '"a"', false],
  ['"a,b"', '"b"', false],
  ['"a,b"', '"a,b"', true],
  ['"b" "a"', '"a"', false],
  ['w/"a"', '"a"', false],
  ["", '"a"', false],
  ['"b", *', '"a"', false],
  [`${" ".repeat(50_000)}x`, '"a"', false],
];

Deno.test("If-None-Match names a tag by the weak comparison", async (t) => {
  for (const [value, tag, named] of NAMED) {
    await t.step(`${value.slice(0, 20)} ${tag}`, () => assert.equal(namesTag(value, tag), named));
  }
});

Deno.test("a tag is found in every list that has it, and in no other", () => {
  const opaque = fc.string({ unit: fc.constantFrom("a", ",", "\\", "W/", "*"), maxLength: 3 }).map((text) =>
    `"${text}"`
  );
  const tag = fc.tuple(fc.constantFrom("", "W/"), opaque).map(([weak, text]) => weak + text);
  fc.assert(
    fc.property(fc.array(tag, { minLength: 1 }), tag, fc.constantFrom(",", " , ", ",,\t"), (tags, wanted, comma) => {
      const bare = (text: string) => text.replace(/^W\//, "");
      assert.equal(namesTag(tags.join(comma), wanted), tags.some((other) => bare(other) === bare(wanted)));
    }),
  );
});

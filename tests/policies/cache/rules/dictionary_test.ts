import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseDictionary } from "structured-headers";
import { readDictionary } from "../../../../src/policies/cache/rules/dictionary.ts";

function model(field: string): Map<string, unknown> | null {
  try {
    return parseDictionary(field);
  } catch {
    return null;
  }
}

Deno.test("readDictionary() takes what a parser of structured fields takes", () => {
  // Without `@` and `%"`, which RFC 8941 does not know.
  const part = fc.constantFrom(
    ...[
      "a",
      "b",
      "*",
      "max-age",
      "=",
      "=",
      ",",
      ", ",
      "\t,",
      " ",
      ";",
      "; ",
      "(",
      ")",
      '"',
      '"x"',
      '"\\""',
      "\\",
      "?1",
    ],
    ...[
      "?0",
      "?",
      "1",
      "-1",
      "1.5",
      "1.0",
      "1.",
      ".5",
      "x",
      "X",
      "tok/en:",
      ":YQ==:",
      ":",
      "&",
      "123456789012345",
      "_",
    ],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const field = parts.join("").trim(), expected = model(field), seen = readDictionary(field);
      assert.equal(seen === null, expected === null, JSON.stringify(field));
      if (expected !== null) assert.deepEqual([...seen!.keys()].sort(), [...expected.keys()].sort());
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("readDictionary() gives each member its type, and the last of two", () => {
  const field = 'a, b=?0, c=-5, d=5.0, e="x\\"\\\\y", f=tok, g=(1 2);x, h=:YQ==:, i=1;p=2, a=7';
  const seen = readDictionary(field)!;
  assert.deepEqual(Object.fromEntries([...seen].map(([name, { type, text }]) => [name, `${type} ${text}`])), {
    a: "integer 7",
    b: "boolean 0",
    c: "integer -5",
    d: "other 5.0",
    e: 'string x"\\y',
    f: "other tok",
    g: "other (1 2)",
    h: "other :YQ==:",
    i: "integer 1",
  });
});

Deno.test("readDictionary() reads long texts in one pass", () => {
  for (const part of [" ", "a ", "a,", "a; ", "a=( ", "a=(1 ", 'a="\\"', "a;b=1 ", "a=:"]) {
    readDictionary(part.repeat(100_000));
    readDictionary("a=(" + part.repeat(100_000));
    readDictionary("a=1" + part.repeat(100_000) + "!");
  }
});

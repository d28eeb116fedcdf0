import { strict as assert } from "node:assert";
import fc from "fast-check";
import { readBaggage } from "../../../../src/telemetry/traces/context/baggage.ts";
import { passedOn } from "./passed_on.ts";

/** `key=value` of this length in all. */
function long(key: string, length: number): string {
  return `${key}=`.padEnd(length, "v");
}

const many = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=1`).join(",");

const BAGGAGE: readonly (readonly [what: string, given: string, expected?: string])[] = [
  ["one member", "user=alice"],
  ["several, with blanks anywhere", " a = 1 ,\tb=2\t; p = q ; r ,c=3"],
  ["an empty value", "a="],
  ["a value with an equals sign", "a=b=c"],
  ["escapes", "name=Am%C3%A9lie"],
  ["signs in a value", "a=!#$%&'()*+-./:<=>?@[]^_`{|}~"],
  ["signs in a key", "!#$%&'*+-.^_`|~=1"],
  ["180 members", many(180)],
  ["8192 bytes", long("a", 8192)],
  ["empty", "", ""],
  ["only commas", ", ,", ""],
  ["an empty member", "a=1,,b=2", "a=1,b=2"],
  ["a key without a value", "a,b=2", "b=2"],
  ["no key", "=1,b=2", "b=2"],
  ["white space within a value", "a=1 2,b=2", "b=2"],
  ["white space within a key", "a b=1,b=2", "b=2"],
  ["a quote", 'a="1",b=2', "b=2"],
  ["a backslash", "a=\\,b=2", "b=2"],
  ["a character above ASCII", "a=\u00e9,b=2", "b=2"],
  ["an empty property", "a=1;,b=2", "b=2"],
  ["a property without a key", "a=1;=2,b=2", "b=2"],
  ["181 members", many(181), many(180)],
  [
    "more than 8192 bytes",
    [long("a", 8000), long("b", 300), long("c", 191)].join(","),
    [
      long("a", 8000),
      long("c", 191),
    ].join(","),
  ],
  ["one member of more than 8192 bytes", long("a", 8193), ""],
];

Deno.test("baggage goes on as it came; members that are not valid, or have no room, are left out", () => {
  for (const [what, given, expected = given] of BAGGAGE) {
    assert.equal(readBaggage(given), expected, what);
    const lines = expected === "" ? [] : [`baggage: ${expected}`];
    assert.deepEqual(passedOn(["baggage", given], ["baggage"]), lines, what);
  }
});

Deno.test("several fields of baggage are one", () => {
  assert.deepEqual(passedOn(["baggage", "a=1", "baggage", "b=2"], ["baggage"]), ["baggage: a=1, b=2"]);
});

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+", VALUE = "[!#-+.-:<-\\[\\]-~-]*";
const MEMBER = new RegExp(`^${TOKEN}\\s*=\\s*${VALUE}(\\s*;\\s*${TOKEN}(\\s*=\\s*${VALUE})?)*$`);

const text = fc.array(
  fc.oneof(
    fc.constantFrom(
      "a",
      "b=1",
      "=",
      ";",
      ",",
      " ",
      "\t",
      "p=q",
      '"',
      "\\",
      "\u00e9",
      "\x7f",
      "long=" + "v".repeat(3000),
    ),
    fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
  ),
  { maxLength: 30 },
).map((parts) => parts.join(""));

Deno.test("property: readBaggage() keeps the members that the grammar has, in order, as far as there is room", () => {
  fc.assert(
    fc.property(text, (given) => {
      const read = readBaggage(given), expected: string[] = [];
      for (const member of given.split(",").map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ""))) {
        if (MEMBER.test(member) && [...expected, member].join(",").length <= 8192) expected.push(member);
      }
      assert.equal(read.split(",").map((part) => part.replace(/^[ \t]+|[ \t]+$/g, "")).join(","), expected.join(","));
      assert.ok(read.length <= 8192);
      assert.equal(readBaggage(read), read);
    }),
    { numRuns: 1000 },
  );
});

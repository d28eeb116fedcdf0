import { strict as assert } from "node:assert";
import fc from "fast-check";
import { DEEPEST, readJson } from "../../../src/policies/json/read_json.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (depth: number, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth);

Deno.test("readJson() refuses what readers read in different ways, and says why", async (t) => {
  const rows: [text: string | Uint8Array, fault: string | null][] = [
    ["{}", null],
    [' {"a":[1,"b",{"c":null}]} ', null],
    ['"{:[\\"{:["', null],
    ['{"a":"\\\\","b:":1}', null],
    ['{"__proto":1,"constructor":2,"toString":3}', null],
    ['{"a":{"a":1},"b":{"a":2}}', null],
    ['[{"a":1},{"a":1}]', null],
    ["1e400", null],
    ["", "not-json"],
    ["\ufeff{}", "not-json"],
    ["{'a':1}", "not-json"],
    ['{"a":1,}', "not-json"],
    ["NaN", "not-json"],
    ['{"a":1}{', "not-json"],
    [":", "not-json"],
    ['"unclosed', "not-json"],
    ['"unclosed\\', "not-json"],
    ["]]]]", "not-json"],
    ['{"a":1,"a":2}', "same-name"],
    ['{"a":1,"\\u0061":2}', "same-name"],
    ['[[{"x":{"a":1,"b":2,"a":{"c":1}}}]]', "same-name"],
    ['{"__proto__":{"admin":true}}', "forbidden-name"],
    ['{"a":[{"__pro\\u0074o__":1}]}', "forbidden-name"],
    [nested(DEEPEST), null],
    [nested(DEEPEST + 1), "too-deep"],
    [nested(DEEPEST + 1, '{"a":', "}"), "too-deep"],
    [nested(500_000), "too-deep"],
    [new Uint8Array([0x22, 0xff, 0x22]), "not-utf8"],
    [new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), "not-utf8"],
  ];
  for (const [text, fault] of rows) {
    await t.step(String(text).slice(0, 40), () => {
      assert.equal(readJson(typeof text === "string" ? bytes(text) : text).fault, fault);
    });
  }
});

Deno.test("readJson() reads every value that JSON.stringify() writes", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = JSON.stringify(value), { fault, value: read } = readJson(bytes(text));
    if (/__proto__/.test(text)) return;
    assert.equal(fault, null);
    assert.deepEqual(read, JSON.parse(text));
  }));
});

Deno.test("readJson() finds a name that stands twice wherever it is", () => {
  const name = fc.constantFrom("a", "b:", '"', "\\", "{", "é", "");
  fc.assert(fc.property(fc.array(fc.tuple(name, fc.jsonValue({ maxDepth: 2 })), { maxLength: 6 }), (members) => {
    const text = `{${members.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
    if (/__proto__/.test(text)) return;
    const twice = new Set(members.map(([name]) => name)).size < members.length;
    assert.equal(readJson(bytes(text)).fault, twice ? "same-name" : null);
  }));
});

Deno.test("readJson() never throws, whatever the bytes", () => {
  const piece = fc.constantFrom("{", "}", "[", "]", ":", ",", '"', "\\", "a", "1", "\\u00", " ", "\u0000", "é", "null");
  fc.assert(
    fc.property(fc.array(piece).map((parts) => parts.join("")), (text) => {
      const { fault, value } = readJson(bytes(text));
      if (fault === null) assert.deepEqual(value, JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

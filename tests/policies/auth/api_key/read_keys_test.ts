import { strict as assert } from "node:assert";
import fc from "fast-check";
import { readKeys } from "../../../../src/policies/auth/api_key/read_keys.ts";
import { hashOf } from "../api_key_bed.ts";

const A = hashOf("a"), hex = A.slice(7);

Deno.test("readKeys() reads a hash, a consumer, groups and a date", () => {
  const rows: [line: string, key: object][] = [
    [A, {}],
    [`${A} acme`, { consumer: "acme" }],
    [`\t${A.toUpperCase()}  acme\tgold,eu # ours`, { consumer: "acme", groups: ["gold", "eu"] }],
    [`${A} expires=2030-01-31`, { expires: Date.UTC(2030, 0, 31) }],
    [`${A} acme gold expires=2030-01-31T10:00:00+01:00`, {
      consumer: "acme",
      groups: ["gold"],
      expires: Date.UTC(2030, 0, 31, 9),
    }],
  ];
  for (const [line, key] of rows) assert.deepEqual(readKeys(`#\n${line}\r\n`), new Map([[hex, key]]), line);
  assert.deepEqual(readKeys("# none"), new Map());
});

Deno.test("readKeys() says what is wrong on which line, and shows nothing of it", () => {
  const rows: [line: string, error: RegExp][] = [
    ["gw_plain acme", /looks like a key, not a hash/],
    ["sha256:gw_plain", /and nothing else/],
    [hex, /does not say what it is/],
    ["sha256:gw1", /64 hexadecimal digits/],
    [`${A} gw/plain`, /no name of a consumer/],
    [`${A} acme gw, x`, /a line is/],
    [`${A} acme gw,,x`, /one comma/],
    [`${A} acme gold more`, /a line is/],
    [`${A} expires=gw_plain`, /expires: expected a date/],
    [`${A} expires=2030-02-30`, /expires: expected a date/],
    [`${A}\n${A}`, /line 3: this hash stands above already/],
  ];
  for (const [line, error] of rows) {
    const read = readKeys(`\n${line}`) as { error: string };
    assert.match(read.error, error);
    assert.match(read.error, /^line [23]: /);
    assert.ok(!read.error.includes("gw"), read.error);
  }
});

Deno.test("readKeys() takes any text without throwing, and shows nothing of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 12 }), (text) => {
      const read = readKeys(text);
      if ("error" in read) assert.ok(!read.error.includes(text));
    }),
    { numRuns: 500 },
  );
});

import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { HpackDecoder } from "../../../src/http/hpack/hpack_decoder.ts";
import { HpackEncoder } from "../../../src/http/hpack/hpack_encoder.ts";

function decode(bytes: Uint8Array): [string, string][] {
  const fields: [string, string][] = [], buffer = Buffer.from(bytes);
  new HpackDecoder().decode(buffer, 0, buffer.length, { field: (name, value) => void fields.push([name, value]) });
  return fields;
}

const encoder = new HpackEncoder();

/** One block. */
function encode(fields: readonly (readonly [string, string])[]): Uint8Array {
  encoder.begin();
  for (const [name, value] of fields) encoder.field(name, value);
  return encoder.block.slice();
}

Deno.test("HpackEncoder writes what a decoder reads, whatever the block before it was", () => {
  const char = fc.nat({ max: 255 }).map((code) => String.fromCharCode(code));
  const name = fc.oneof(
    fc.constantFrom("set-cookie", "date", "via", "x-a", "accept-charset", ":path"),
    fc.string({ unit: char }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string({ unit: char, maxLength: 400 })), { maxLength: 30 }), (fields) => {
      assert.deepEqual(decode(encode(fields)), fields);
    }),
    { numRuns: 300 },
  );
});

Deno.test("HpackEncoder grows for large fields", () => {
  const fields: [string, string][] = [["x-large", "x".repeat(100_000)], ["x-high", "\xe9".repeat(5_000)], [
    "x-end",
    "",
  ]];
  assert.deepEqual(decode(encode(fields)), fields);
});

Deno.test("HpackEncoder writes statuses by index where there is one", () => {
  for (
    const [status, bytes] of [[200, "88"], [204, "89"], [206, "8a"], [304, "8b"], [400, "8c"], [404, "8d"], [
      500,
      "8e",
    ]] as const
  ) {
    encoder.begin();
    encoder.status(status);
    assert.equal(encoder.block.toHex(), bytes);
  }
  encoder.begin();
  encoder.status(418);
  assert.deepEqual(decode(encoder.block), [[":status", "418"]]);
});

Deno.test("HpackEncoder marks what must not be kept in any table as never indexed (RFC 7541 §7.1.3)", () => {
  for (const name of ["set-cookie", "authorization", "cookie"]) {
    assert.equal(encode([[name, "secret"]])[0] & 0xf0, 0x10, name);
  }
  assert.equal(encode([["content-type", "a/b"]])[0] & 0xf0, 0);
});

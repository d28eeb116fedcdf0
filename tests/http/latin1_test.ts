import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { decodeLatin1, encodeLatin1 } from "../../src/http/latin1.ts";

Deno.test("encodeLatin1() writes a byte a character, however long the text, and nothing before it", () => {
  for (const length of [0, 1, 127, 128, 129, 5000]) {
    for (const unit of ["a", "\xe9", "a\xff"]) {
      const text = unit.repeat(length).slice(0, length);
      for (const at of [0, 3]) {
        const bytes = new Uint8Array(at + length + 2).fill(7);
        assert.equal(encodeLatin1(text, bytes, at), length);
        assert.equal(decodeLatin1(Buffer.from(bytes), at, at + length), text);
        assert.ok(bytes.subarray(0, at).every((byte) => byte === 7));
      }
    }
  }
});

import fc from "fast-check";
import { strict as assert } from "node:assert";
import { jsonText } from "../../../src/telemetry/lines/json_text.ts";

Deno.test("jsonText() leaves plain text alone", () => {
  assert.equal(jsonText("/api/users/7?x=~"), "/api/users/7?x=~");
});

Deno.test("jsonText() is what stands between JSON quotes, in printable ASCII, for every text", () => {
  const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.array(unit).map((units) => units.join("")));
  fc.assert(fc.property(text, (raw) => {
    const escaped = jsonText(raw);
    assert.match(escaped, /^[\x20-\x7e]*$/);
    assert.equal(JSON.parse(`"${escaped}"`), raw);
  }));
});

import { strict as assert } from "node:assert";
import { BodyError, type BodyFault } from "../../src/core/body.ts";
import { bodyFaultCode } from "../../src/runtime/body_faults.ts";

const CODES: { readonly [fault in BodyFault]: string } = {
  client: "client_closed_request",
  endpoint: "upstream_body_broken",
  "client-timeout": "request_body_timeout",
  "endpoint-timeout": "upstream_body_timeout",
  "too-large": "body_too_large",
};

for (const [fault, code] of Object.entries(CODES)) {
  Deno.test(`bodyFaultCode() of "${fault}" is ${code}`, () => {
    assert.equal(bodyFaultCode(new BodyError(fault as BodyFault, "why")), code);
  });
}

Deno.test("bodyFaultCode() of anything else is a failure of whoever made the body", () => {
  for (const cause of [new Error("x"), "x", undefined, null, { fault: "client" }]) {
    assert.equal(bodyFaultCode(cause), "body_failed");
  }
});

import { strict as assert } from "node:assert";
import { IDEMPOTENT_METHODS, isIdempotent } from "../../src/http/idempotent.ts";

Deno.test("isIdempotent() holds for the safe methods, PUT and DELETE, and for nothing else (RFC 9110 §9.2.2)", () => {
  for (const method of ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]) assert.ok(isIdempotent(method), method);
  for (const method of ["POST", "PATCH", "CONNECT", "LOCK", "get", "", "constructor"]) {
    assert.ok(!isIdempotent(method), method);
  }
  assert.equal(IDEMPOTENT_METHODS.size, 6);
});

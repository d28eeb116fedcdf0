import { strict as assert } from "node:assert";
import { KNOWN_METHODS, REFUSED_METHODS } from "../../src/http/known_methods.ts";
import { isToken } from "../../src/http/token.ts";

Deno.test("KNOWN_METHODS are tokens in upper case, once each, and none that is never proxied", () => {
  assert.equal(new Set(KNOWN_METHODS).size, KNOWN_METHODS.length);
  assert.ok(KNOWN_METHODS.every((method) => isToken(method) && method === method.toUpperCase()));
  assert.deepEqual(KNOWN_METHODS.filter((method) => REFUSED_METHODS.includes(method)), []);
  assert.ok(Object.isFrozen(KNOWN_METHODS) && Object.isFrozen(REFUSED_METHODS));
});

Deno.test("KNOWN_METHODS leave out what is in no registry", () => {
  for (const method of ["PURGE", "BAN", "SUBSCRIBE", "M-SEARCH", "get", "*"]) {
    assert.equal(KNOWN_METHODS.includes(method), false, method);
  }
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { failureText } from "../../../../src/policies/auth/functions/failure_text.ts";

Deno.test("failureText() tells what went wrong, without the credential in either form", () => {
  const credential = "a b/ü";
  assert.equal(failureText(new Error("no table for a b/ü"), credential), "no table for …");
  assert.equal(
    failureText("no answer from http://a.test/?p=a%20b%2F%C3%BC", credential),
    "no answer from http://a.test/?p=…",
  );
});

Deno.test("failureText() takes whatever can be thrown, and every credential", () => {
  for (
    const thrown of [Object.create(null), Symbol("a"), undefined, Object.assign(new Error(), { message: { a: 1 } })]
  ) {
    assert.equal(typeof failureText(thrown, "secret"), "string");
  }
  assert.equal(typeof failureText(new Error("secret"), "\ud800"), "string");
  fc.assert(fc.property(fc.anything(), fc.string({ minLength: 1 }), (thrown, credential) => {
    assert.equal(typeof failureText(thrown, credential), "string");
  }));
});

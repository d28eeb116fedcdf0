import { strict as assert } from "node:assert";
import { Methods } from "../../../src/runtime/intake/method.ts";

const CASES: readonly [method: string, refused: string | null][] = [
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method): [string, null] => [method, null]),
  ["CONNECT", "501 method_not_implemented"],
  ["TRACE", "405 method_not_allowed"],
  ["FOO", "501 method_not_implemented"],
  ["get", "501 method_not_implemented"],
  ["GET ", "400 bad_method"],
  ["GE:T", "400 bad_method"],
  ["", "400 bad_method"],
  ["G\x00T", "400 bad_method"],
  ["GÉT", "400 bad_method"],
  ["PURGE", "501 method_not_implemented"],
  ["__proto__", "501 method_not_implemented"],
];

for (const [method, refused] of CASES) {
  Deno.test(`Methods: ${JSON.stringify(method)} is ${refused ?? "taken"}`, () => {
    const refusal = new Methods([]).refuse(method);
    assert.equal(refusal && `${refusal.status} ${refusal.code}`, refused);
  });
}

Deno.test("Methods takes what it was told beside the known ones, as it is spelt, and nothing more", () => {
  const methods = new Methods(["PURGE"]);
  assert.equal(methods.refuse("PURGE"), null);
  assert.equal(methods.refuse("GET"), null);
  assert.equal(methods.refuse("purge")?.status, 501);
  assert.equal(methods.refuse("BAN")?.status, 501);
});

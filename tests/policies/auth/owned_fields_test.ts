import { strict as assert } from "node:assert";
import { OwnedFields } from "../../../src/policies/auth/owned_fields.ts";
import { makeExchange } from "../../support/exchange.ts";

const SENT: readonly (readonly [string, string])[] = [
  ["x-user-id", "a"],
  ["x-user_id", "b"],
  ["X_User_Id", "c"],
  ["x-user-id", "d"],
  ["x-user-ids", "e"],
  ["x_other", "f"],
];
const left = (trusted: boolean, ...names: string[]) => {
  const exchange = makeExchange({ headers: SENT, client: { ip: "192.0.2.1", peer: "192.0.2.1", trusted } });
  new OwnedFields(names).removeFrom(exchange);
  return { values: exchange.headers.flat().filter((_, i) => i % 2 === 1).join(""), owned: exchange.owned };
};

Deno.test("OwnedFields removes every field of a name, and of a trusted proxy's every spelling of it", () => {
  assert.equal(left(false, "x-user-id").values, "bcef");
  assert.equal(left(true, "x-user-id").values, "ef");
  assert.equal(left(true, "x_user_id").values, "ef");
  assert.equal(left(false, "x_user-id").values, "bcef", "the one with dashes is the same name to an upstream");
});

Deno.test("OwnedFields tells which trailers must not go on, and of none nothing", () => {
  assert.deepEqual(left(false, "x-user_id", "x-b").owned, ["x-user-id", "x-b"]);
  assert.deepEqual(left(true), { values: "abcdef", owned: null });
});

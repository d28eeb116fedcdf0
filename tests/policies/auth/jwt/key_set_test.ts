import { strict as assert } from "node:assert";
import { KeySet } from "../../../../src/policies/auth/jwt/key_set.ts";
import { KeyFault, readJwk } from "../../../../src/policies/auth/jwt/public_key.ts";
import { Signer } from "../../../support/token_signer.ts";

const ONE = await Signer.make("ES256", "one"), TWO = await Signer.make("ES256", "two");

function setOf(jwks: readonly object[], before?: KeySet): Promise<KeySet> {
  const keys = jwks.map((jwk) => {
    const key = readJwk(jwk, ["ES256"]);
    if (key instanceof KeyFault) throw new Error(key.message);
    return key;
  });
  return KeySet.of(keys, () => assert.fail(), before);
}

Deno.test("KeySet keeps the keys that were there before, so that none is tried twice, and takes none of them for another", async () => {
  const before = await setOf([ONE.jwk]), after = await setOf([TWO.jwk, ONE.jwk], before);
  assert.equal(after.candidates("ES256", "one")[0], before.candidates("ES256", "one")[0]);
  assert.equal(after.candidates("ES256", undefined).length, 2);
  const renamed = await setOf([{ ...ONE.jwk, kid: "two" }, { ...TWO.jwk, kid: "one" }], after);
  assert.notEqual(renamed.candidates("ES256", "one")[0], after.candidates("ES256", "one")[0]);
});

Deno.test("KeySet knows whether all of its keys are still there", async () => {
  const one = await setOf([ONE.jwk]), both = await setOf([ONE.jwk, TWO.jwk, ONE.jwk]);
  assert.deepEqual([one.isWithin(both), both.isWithin(one), both.isWithin(both)], [true, false, true]);
  assert.equal(both.candidates("ES256", undefined).length, 2, "one that stands twice is one");
  assert.deepEqual([both.has("two"), one.has("two"), both.candidates("RS256", "one")], [true, false, []]);
});

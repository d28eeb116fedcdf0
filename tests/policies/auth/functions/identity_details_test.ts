import { strict as assert } from "node:assert";
import fc from "fast-check";
import { identityDetails } from "../../../../src/policies/auth/functions/identity_details.ts";

const read = (answer: unknown) => identityDetails(answer, ["consumer", "subject"], "null");

Deno.test("identityDetails() reads what it knows, and passes over the rest", () => {
  const details = { consumer: "acme", groups: ["a"], scopes: [], claims: { sub: 1 } };
  assert.deepEqual(read({ ...details, id: 7, user: "u", subject: undefined }), details);
});

Deno.test("identityDetails() takes nothing for details that says nothing, or is of another shape", () => {
  for (
    const [answer, what] of [
      ["yes", "a string"],
      [true, "a boolean"],
      [[], "a list"],
      [{}, "an object that says nothing of who is asking"],
      [{ rows: [] }, "an object that says nothing of who is asking"],
      [{ user: "u" }, "an object that says nothing of who is asking"],
      [{ consumer: "" }, "a consumer that is no text, or an empty one"],
      [{ subject: 7 }, "a subject that is no text, or an empty one"],
      [{ groups: "a" }, "groups that are no texts"],
      [{ scopes: [1] }, "scopes that are no texts"],
      [{ claims: null }, "claims that are none"],
      [{ claims: [] }, "claims that are none"],
    ] as const
  ) {
    assert.throws(() => read(answer), { name: "TypeError", message: `it returned ${what}: return null` });
  }
});

Deno.test("identityDetails() reads anything, or says what is wrong with it", () => {
  fc.assert(fc.property(fc.anything(), (answer) => {
    try {
      assert.ok(Object.keys(read(answer)).length > 0);
    } catch (error) {
      assert.ok(error instanceof TypeError);
    }
  }));
});

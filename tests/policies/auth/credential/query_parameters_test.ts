import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parameterOnce, queryWithout } from "../../../../src/policies/auth/credential/query_parameters.ts";

const part = fc.stringMatching(/^(?:[ak=+&?]|%6b|%6B|%20|%26|%3d|%e4|%|\u00e4){0,12}$/);
/** Of queries without escapes, which are read in another way. */
const plain = fc.stringMatching(/^[ak=&?\u00e4]{0,12}$/);
const names = fc.constantFrom("k", "ak", "a k", "k=", "a&k", "=", "k?", "\u00e4k");

Deno.test("parameterOnce() reads as forms do", () => {
  fc.assert(
    fc.property(fc.oneof(part, plain), names, (text, name) => {
      // Behind a first parameter: what begins with "?" would lose that to URLSearchParams.
      const values = new URLSearchParams(`&${text}`).getAll(name);
      const expected = values.length === 0 ? "" : values.length === 1 ? values[0] : null;
      assert.equal(parameterOnce(`?${text}`, name), expected);
    }),
    { numRuns: 6_000 },
  );
});

Deno.test("queryWithout() takes out what forms read as the parameter, and leaves every other byte", () => {
  fc.assert(
    fc.property(fc.oneof(part, plain), names, (text, name) => {
      const pairs = text.split("&"), left = pairs.filter((pair) => !new URLSearchParams(`&${pair}`).has(name));
      const expected = left.length === pairs.length ? `?${text}` : left.join("&") === "" ? "" : `?${left.join("&")}`;
      assert.equal(queryWithout(`?${text}`, name), expected);
    }),
    { numRuns: 6_000 },
  );
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PowerOfTwo } from "../../../src/upstreams/balancers/power_of_two.ts";
import { makeEndpoints, pickIds } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

/** Chances that come in this order, over and over. */
function chances(...values: number[]): () => number {
  let at = 0;
  return () => values[at++ % values.length];
}

for (
  const [first, second, pair] of [
    [0, 0, ["a", "b"]],
    [0, 0.99, ["a", "c"]],
    [0.5, 0, ["b", "a"]],
    [0.5, 0.99, ["b", "c"]],
    [0.99, 0.99, ["c", "b"]],
  ] as const
) {
  Deno.test(`chances ${first} and ${second} of three compare ${pair.join(" and ")}`, () => {
    for (const busy of pair) {
      const all = makeEndpoints([1, 1, 1]);
      for (const endpoint of all) endpoint.inFlight = endpoint.id === busy ? 2 : 1;
      assert.deepEqual(pickIds(new PowerOfTwo(chances(first, second)), all, 1), pair.filter((id) => id !== busy));
    }
  });
}

Deno.test("of two alike, the first by chance", () => {
  assert.deepEqual(pickIds(new PowerOfTwo(chances(0.5, 0)), makeEndpoints([1, 1, 1]), 1), ["b"]);
});

Deno.test("property: the busiest of all is never picked while there is another", () => {
  fc.assert(fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }), fc.nat(), (inFlight, seed) => {
    const all = makeEndpoints([1, ...inFlight.map(() => 1)]);
    inFlight.forEach((count, i) => all[i + 1].inFlight = count);
    all[0].inFlight = 10;
    assert.ok(!pickIds(new PowerOfTwo(seededRandom(seed)), all, 50).includes("a"));
  }));
});

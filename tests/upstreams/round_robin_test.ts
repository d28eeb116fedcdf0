import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RoundRobin } from "../../src/upstreams/balancers/round_robin.ts";
import type { Endpoint } from "../../src/upstreams/endpoint.ts";

const endpoints = (weights: readonly number[]) =>
  weights.map((weight, index) =>
    ({ id: "abcdefgh"[index], index, weight, authority: "", pool: null }) as unknown as Endpoint
  );

Deno.test("weights 5, 1, 1 are spread as nginx spreads them", () => {
  const all = endpoints([5, 1, 1]), balancer = new RoundRobin(3);
  assert.equal(Array.from({ length: 7 }, () => balancer.pick(all).id).join(""), "aabacaa");
});

Deno.test("property: in each round every endpoint is picked as often as its weight says", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (weights) => {
    const all = endpoints(weights), balancer = new RoundRobin(weights.length);
    const counts = weights.map(() => 0), total = weights.reduce((sum, weight) => sum + weight, 0);
    for (let i = 0; i < 3 * total; i++) counts[balancer.pick(all).index]++;
    assert.deepEqual(counts, weights.map((weight) => 3 * weight));
  }));
});

Deno.test("an endpoint that is not eligible is never picked, and the others share its turns", () => {
  const all = endpoints([1, 1, 1]), balancer = new RoundRobin(3), eligible = [all[0], all[2]];
  const picks = Array.from({ length: 10 }, () => balancer.pick(eligible).id).join("");
  assert.equal(picks, "acacacacac");
});

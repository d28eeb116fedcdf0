import { strict as assert } from "node:assert";
import fc from "fast-check";
import { AliasTable } from "../../../src/upstreams/balancers/alias_table.ts";
import { WeightedRandom } from "../../../src/upstreams/balancers/weighted_random.ts";
import { makeEndpoints, pickIds } from "./fake_endpoints.ts";

Deno.test("property: an alias table gives each item exactly its share of the chances", () => {
  const weight = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0.01, max: 10, noNaN: true }));
  fc.assert(fc.property(fc.array(weight, { minLength: 1, maxLength: 30 }), (weights) => {
    const table = new AliasTable(weights), total = weights.reduce((sum, one) => sum + one, 0);
    const steps = 997, counts = weights.map(() => 0);
    // Each box is walked through in even steps: what is counted is its own and its alias's part.
    for (let i = 0; i < weights.length * steps; i++) counts[table.at((i + 0.5) / (weights.length * steps))]++;
    counts.forEach((count, i) => {
      const share = count / (weights.length * steps);
      assert.ok(Math.abs(share - weights[i] / total) <= 1 / steps, `${share} for ${weights[i]} of ${total}`);
    });
  }));
});

Deno.test("the ends of chance are the first and the last endpoint", () => {
  const all = makeEndpoints([1, 1, 1]);
  for (const eligible of [all, [...all]]) {
    assert.deepEqual(pickIds(new WeightedRandom(() => 0), eligible, 3), ["a", "a", "a"]);
    assert.deepEqual(pickIds(new WeightedRandom(() => 1 - 2 ** -53), eligible, 3), ["c", "c", "c"]);
  }
});

Deno.test("an array that comes once and one that stays are treated alike", () => {
  const all = makeEndpoints([1, 3]), chances = [0.05, 0.2, 0.3, 0.6, 0.99];
  for (const chance of chances) {
    const balancer = new WeightedRandom(() => chance);
    assert.equal(pickIds(balancer, [...all], 1)[0], chance < 0.25 ? "a" : "b");
  }
});

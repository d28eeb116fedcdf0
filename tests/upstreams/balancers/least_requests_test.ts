import { strict as assert } from "node:assert";
import fc from "fast-check";
import { LeastRequests } from "../../../src/upstreams/balancers/least_requests.ts";
import { type FakeEndpoint, makeEndpoints, pickIds } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

/** Keeps so many requests under way, which end in random order. @returns each endpoint's share of the picks, over its weight's */
function shareOfDue(all: readonly FakeEndpoint[], underWay: number, picks: number): number[] {
  const balancer = new LeastRequests(), chance = seededRandom(1), open: FakeEndpoint[] = [], counts = all.map(() => 0);
  for (let i = 0; i < picks; i++) {
    const picked = all.indexOf(balancer.pick(all) as FakeEndpoint);
    counts[picked]++;
    all[picked].inFlight++;
    open.push(all[picked]);
    if (open.length > underWay) open.splice(Math.floor(chance() * open.length), 1)[0].inFlight--;
  }
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  return all.map(({ weight }, i) => counts[i] / picks / (weight / total));
}

for (
  const [inFlight, order] of [
    [[0, 0, 0], "abcabc"],
    [[0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "abcdefghijabcdefghij"],
    [[2, 1, 3], "bbb"],
    [[1, 0, 0], "bcbcbc"],
    [[5, 4, 4, 9, 4], "bcebce"],
  ] as const
) {
  Deno.test(`of equal weights with ${inFlight} under way, the fewest take turns: ${order}`, () => {
    const all = makeEndpoints(inFlight.map(() => 1));
    inFlight.forEach((count, i) => all[i].inFlight = count);
    assert.equal(pickIds(new LeastRequests(), all, order.length).join(""), order);
  });
}

for (
  const [what, most, arraysThatComeOnce] of [
    ["up to eight endpoints of equal weights, retries among them", 8, true],
    ["more endpoints of equal weights, while none of their requests ends", 40, false],
  ] as const
) {
  Deno.test(`property: of ${what}, nobody with more requests under way than another is picked`, () => {
    const counts = fc.array(fc.nat(6), { minLength: 1, maxLength: most });
    fc.assert(
      fc.property(counts, fc.array(fc.boolean(), { minLength: 10, maxLength: 60 }), (inFlight, once) => {
        const all = makeEndpoints(inFlight.map(() => 2)), balancer = new LeastRequests();
        inFlight.forEach((count, i) => all[i].inFlight = count);
        for (const one of once) {
          const picked = balancer.pick(one && arraysThatComeOnce ? [...all] : all) as FakeEndpoint;
          assert.equal(picked.inFlight, Math.min(...all.map((endpoint) => endpoint.inFlight)));
          picked.inFlight++;
        }
      }),
      { examples: [[[0, ...Array(8).fill(4)].slice(0, most), Array(10).fill(false)]] },
    );
  });
}

Deno.test("under load, the requests under way are as the weights", () => {
  const all = makeEndpoints([1, 2, 5]);
  shareOfDue(all, 160, 4000);
  assert.deepEqual(all.map(({ inFlight, weight }) => Math.abs(inFlight - 20 * weight) <= 2), [true, true, true]);
});

for (
  const [what, weights, underWay, from, to] of [
    ["requests one at a time", [5, 1, 1], 0, 0.99, 1.01],
    ["requests one at a time, the light endpoints first", [...Array(50).fill(1), ...Array(50).fill(10)], 0, 0.9, 1.1],
    ["two requests at once", [10, 1], 1, 0.8, 2],
    ["many requests at once", [10, 1, 3], 300, 0.9, 1.1],
  ] as const
) {
  Deno.test(`${what} go round by weight`, () => {
    for (const share of shareOfDue(makeEndpoints(weights), underWay, 20_000)) {
      assert.ok(share >= from && share <= to, `${share} of what is due`);
    }
  });
}

Deno.test("of a hundred endpoints, one that becomes idle is picked within thirteen picks", () => {
  const all = makeEndpoints(Array.from({ length: 100 }, (_, i) => 1 + i % 3)), balancer = new LeastRequests();
  for (const endpoint of all) endpoint.inFlight = 20 * endpoint.weight;
  pickIds(balancer, all, 500);
  for (const at of [0, 50, 99]) {
    all[at].inFlight = 0;
    assert.ok(pickIds(balancer, all, 13).includes(all[at].id), all[at].id);
    all[at].inFlight = 20 * all[at].weight;
  }
});

Deno.test("a pick counts before its request does", () => {
  const all = makeEndpoints([3, 2, 1]), ids = pickIds(new LeastRequests(), all, 6);
  assert.deepEqual([...ids].sort(), ["a", "a", "a", "b", "b", "c"]);
});

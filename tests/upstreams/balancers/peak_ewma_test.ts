import { strict as assert } from "node:assert";
import { PeakEwma } from "../../../src/upstreams/balancers/peak_ewma.ts";
import { makeEndpoint, pickIds } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

type Figures = readonly [peakLatency: number, inFlight: number];

for (
  const [what, one, two, better] of [
    ["the faster", [10, 0], [11, 0], "one"],
    ["the slower, when the faster has much to do", [10, 4], [30, 0], "two"],
    ["the faster, when that still waits less", [10, 1], [30, 0], "one"],
    ["one that was never measured and is idle", [0, 0], [0.01, 0], "one"],
    ["a measured one, while the other's first request is under way", [0, 1], [30_000, 50], "two"],
    ["of two that were never measured, the one with less to do", [0, 2], [0, 1], "two"],
    ["of two that were never measured, the idle one", [0, 1], [0, 0], "two"],
  ] as readonly (readonly [string, Figures, Figures, string])[]
) {
  Deno.test(`peak EWMA prefers ${what}`, () => {
    const make = (id: string, [peakLatency, inFlight]: Figures) =>
      makeEndpoint(id, { peakLatency, inFlight, latency: 1 });
    for (const all of [[make("one", one), make("two", two)], [make("two", two), make("one", one)]]) {
      for (const chance of [0, 0.99]) assert.deepEqual(pickIds(new PeakEwma(() => chance), all, 1), [better]);
    }
  });
}

Deno.test("an endpoint that comes new gets one request until that is answered, not a rush", () => {
  const all = ["a", "b", "c"].map((id) => makeEndpoint(id, { peakLatency: 20, inFlight: 3 })),
    fresh = makeEndpoint("new");
  const balancer = new PeakEwma(seededRandom(2)), eligible = [...all, fresh];
  for (let i = 0; i < 200; i++) {
    if (balancer.pick(eligible) === fresh) fresh.inFlight++;
  }
  assert.equal(fresh.inFlight, 1);
});

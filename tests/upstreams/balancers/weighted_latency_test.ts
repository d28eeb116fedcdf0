import { strict as assert } from "node:assert";
import { WeightedLatency } from "../../../src/upstreams/balancers/weighted_latency.ts";
import type { Endpoint } from "../../../src/upstreams/endpoint.ts";
import { assertShares } from "./chi_square.ts";
import { countPicks, makeEndpoint, makeEndpoints } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

for (
  const [what, figures, shares] of [
    ["three times the latency, a third of the share", [{ latency: 10 }, { latency: 30 }], [3, 1]],
    ["half of the answers failed, half the share", [{ latency: 10 }, { latency: 10, errorRate: 0.5 }], [2, 1]],
    ["the preference multiplies", [{ latency: 10, preference: 4 }, { latency: 20 }], [8, 1]],
    ["the weight is the preference unless a controller turns it", [{ weight: 3 }, { weight: 1 }], [3, 1]],
    ["the preference counts, not the weight", [{ weight: 3, preference: 1 }, { weight: 1 }], [1, 1]],
    ["never measured counts as the mean speed", [{ latency: 10 }, { latency: 30 }, {}], [3, 1, 2]],
    ["never measured, all alike", [{}, {}, {}], [1, 1, 1]],
    ["all failing, all alike", [{ latency: 5, errorRate: 1 }, { latency: 50, errorRate: 1 }], [1, 1]],
    ["who always fails keeps a twentieth of the mean", [{ latency: 10 }, { latency: 10, errorRate: 1 }], [1, 0.025]],
    ["who is far slower keeps a twentieth of the mean", [{ latency: 1 }, { latency: 1e6 }], [1, 0.025]],
    ["the floor is by preference too", [{ latency: 1, preference: 2 }, { latency: 1e6, preference: 0.5 }], [2, 0.0125]],
  ] as readonly (readonly [string, readonly Partial<Endpoint>[], readonly number[]])[]
) {
  Deno.test(`weighted-latency: ${what}`, () => {
    const all = figures.map((more, i) => makeEndpoint(`e${i}`, more));
    assertShares(countPicks(new WeightedLatency(seededRandom(4)), all, 20_000), shares);
  });
}

Deno.test("weighted-latency: the figures of a few endpoints are read for each pick", () => {
  const all = makeEndpoints([1, 1]), balancer = new WeightedLatency(() => 0.6);
  assert.equal(balancer.pick(all).id, "b");
  all[1].errorRate = 1;
  assert.equal(balancer.pick(all).id, "a");
});

Deno.test("weighted-latency: the figures of a hundred endpoints are read every thirteen picks", () => {
  const all = makeEndpoints(Array.from({ length: 100 }, () => 1)), balancer = new WeightedLatency(() => 0.995);
  for (let i = 0; i < 5; i++) assert.equal(balancer.pick(all), all[99]);
  all[99].errorRate = 1;
  const picks = Array.from({ length: 13 }, () => balancer.pick(all));
  assert.notEqual(picks[12], all[99]);
});

/** What every balancer keeps. @module */

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { silentLog } from "../../../src/core/log.ts";
import type { BalancePlan } from "../../../src/upstreams/balancers/balance_plan.ts";
import { buildBalancer } from "../../../src/upstreams/balancers/build_balancer.ts";
import { usesWeights } from "../../../src/upstreams/balancers/weight_use.ts";
import type { Endpoint } from "../../../src/upstreams/endpoint.ts";
import { assertShares } from "./chi_square.ts";
import { countPicks, makeEndpoint, makeEndpoints, userExchange } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

const endpoint: fc.Arbitrary<Omit<Endpoint, "id">> = fc.record({
  weight: fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0.01, max: 10, noNaN: true })),
  inFlight: fc.integer({ min: 0, max: 20 }),
  latency: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e5, noNaN: true })),
  peakLatency: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1e5, noNaN: true })),
  errorRate: fc.double({ min: 0, max: 1, noNaN: true }),
  preference: fc.double({ min: 0.001, max: 1000, noNaN: true }),
});

/** Which endpoints of a list are eligible, and for how many picks in a row the array comes: once, it is a retry's. */
const stretch = fc.record({
  eligible: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  picks: fc.integer({ min: 1, max: 30 }),
});

/** Endpoints, and what becomes of them. */
const history = fc.record({
  endpoints: fc.array(endpoint, { minLength: 1, maxLength: 20 }),
  stretches: fc.array(stretch, { minLength: 1, maxLength: 12 }),
  seed: fc.nat(),
});

/** Plays a history, with frozen arrays. @returns the ids picked, and the ids that were eligible for each */
function play(
  plan: BalancePlan,
  { endpoints, stretches, seed }: typeof history extends fc.Arbitrary<infer H> ? H : never,
) {
  const all = endpoints.map((more, i) => makeEndpoint(`e${i}`, more));
  const balancer = buildBalancer(plan, seededRandom(seed), silentLog), picks: { id: string; eligible: string[] }[] = [];
  const arrays = stretches.map(({ eligible }) =>
    Object.freeze([...new Set(eligible.map((at) => all[at % all.length]))])
  );
  // Each array is there twice: what was kept for it must still hold when it comes back.
  for (let i = 0; i < 2 * stretches.length; i++) {
    const eligible = arrays[i % arrays.length];
    for (let n = 0; n < stretches[i % arrays.length].picks; n++) {
      const { id } = balancer.pick(eligible, userExchange(picks.length));
      picks.push({ id, eligible: eligible.map((endpoint) => endpoint.id) });
      const picked = all.find((endpoint) => endpoint.id === id);
      if (picked !== undefined) picked.inFlight = (picked.inFlight + 1) % 20;
    }
  }
  return picks;
}

/** Registers the tests of one balancer. Distribution is checked against the weights if `usesWeights` says so, else for evenness. */
export function balancerConformance(name: string, plan: BalancePlan): void {
  const make = () => buildBalancer(plan, seededRandom(7), silentLog);
  const due = (weights: readonly number[]) => usesWeights(plan.kind) ? weights : weights.map(() => 1);

  Deno.test(`${name} picks an eligible endpoint, whatever the figures and however the arrays change, and changes no array`, () => {
    fc.assert(fc.property(history, (played) => {
      for (const { id, eligible } of play(plan, played)) assert.ok(eligible.includes(id), `${id} of ${eligible}`);
    }));
  });

  Deno.test(`${name} picks the same for the same chances`, () => {
    fc.assert(fc.property(history, (played) => assert.deepEqual(play(plan, played), play(plan, played))), {
      numRuns: 30,
    });
  });

  Deno.test(`${name} picks the only one there is`, () => {
    const [only] = makeEndpoints([3]), balancer = make();
    for (let i = 0; i < 5; i++) assert.equal(balancer.pick([only], userExchange(i)), only);
  });

  for (
    const weights of [
      [1, 1],
      [1, 1, 1, 1, 1],
      [5, 1, 1],
      [1, 2, 3, 4],
      Array.from({ length: 40 }, (_, i) => 1 + i % 4),
    ]
  ) {
    Deno.test(`${name} gives ${weights.length} endpoints of weights ${weights.slice(0, 5)} what is due`, () => {
      assertShares(countPicks(make(), makeEndpoints(weights), 8000), due(weights));
    });
  }

  for (const weights of [[1, 1, 1], [4, 2, 1, 1]]) {
    for (const times of [1, 2, 3]) {
      Deno.test(`${name} gives ${weights} what is due also when each array comes ${times} times`, () => {
        const all = makeEndpoints(weights), balancer = make();
        const counts = new Map(all.map((endpoint) => [endpoint, 0])), most = 9000 / times;
        for (let array = 0; array < most; array++) {
          countPicks(balancer, [...all], times, array * times).forEach((count, i) =>
            counts.set(all[i], (counts.get(all[i]) ?? 0) + count)
          );
        }
        assertShares([...counts.values()], due(weights));
      });
    }
  }

  Deno.test(`${name} gives an endpoint that was away what is due, no more and no less`, () => {
    const weights = [1, 2, 3], all = makeEndpoints(weights), fewer = all.slice(1), balancer = make();
    assertShares(countPicks(balancer, all, 4000), due(weights));
    assertShares(countPicks(balancer, fewer, 4000), due(weights.slice(1)));
    assertShares(countPicks(balancer, all, 4000, 8000), due(weights));
  });

  Deno.test(`${name} keeps the load even when requests are repeated elsewhere`, () => {
    const all = makeEndpoints([1, 1, 1, 1]), balancer = make(), chance = seededRandom(3);
    const counts = new Map(all.map((endpoint) => [endpoint.id, 0]));
    for (let i = 0; i < 8000; i++) {
      const exchange = userExchange(i), tried = balancer.pick(all, exchange);
      counts.set(tried.id, (counts.get(tried.id) ?? 0) + 1);
      if (chance() < 0.7) continue;
      const other = balancer.pick(all.filter((endpoint) => endpoint !== tried), exchange);
      counts.set(other.id, (counts.get(other.id) ?? 0) + 1);
    }
    assertShares([...counts.values()], [1, 1, 1, 1]);
  });
}

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RoundRobin } from "../../../src/upstreams/balancers/round_robin.ts";
import type { Endpoint } from "../../../src/upstreams/endpoint.ts";
import { type FakeEndpoint, makeEndpoint, makeEndpoints, pickIds } from "./fake_endpoints.ts";

/** Smooth weighted round robin as everybody writes it down. Of equal scores, the weight that stands first goes first. */
function modelIds(weights: readonly number[], picks: number): string[] {
  const scores = weights.map(() => 0), total = weights.reduce((sum, weight) => sum + weight, 0);
  const inOrder = [...weights.keys()].sort((a, b) =>
    weights.indexOf(weights[a]) - weights.indexOf(weights[b]) || a - b
  );
  const all = makeEndpoints(weights);
  return Array.from({ length: picks }, () => {
    for (const i of inOrder) scores[i] += weights[i];
    const best = inOrder.reduce((best, i) => scores[i] > scores[best] ? i : best);
    scores[best] -= total;
    return all[best].id;
  });
}

/** The longest row of the same pick. */
function longestRun(ids: readonly string[]): number {
  let longest = 0, run = 0;
  ids.forEach((id, i) => {
    run = id === ids[i - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}

function pickId(balancer: RoundRobin, eligible: readonly Endpoint[]): string {
  return balancer.pick(eligible).id;
}

for (
  const [weights, order] of [
    [[5, 1, 1], "aabacaaaabacaa"],
    [[1, 1, 1], "abcabc"],
    [[2, 1], "abaaba"],
    [[1, 2, 3], "cbacbccbacbc"],
    [[0.5, 0.1, 0.1], "aabacaa"],
    [[7], "aaa"],
  ] as const
) {
  Deno.test(`weights ${weights} come in the order ${order}`, () => {
    assert.equal(pickIds(new RoundRobin(), makeEndpoints(weights), order.length).join(""), order);
  });
}

Deno.test("property: the order is that of smooth weighted round robin, and each round has as many turns as the weight says", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 }), (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0), all = makeEndpoints(weights);
    const ids = pickIds(new RoundRobin(), all, 3 * total);
    assert.deepEqual(ids, modelIds(weights, 3 * total));
    all.forEach(({ id }, i) => assert.equal(ids.filter((one) => one === id).length, 3 * weights[i]));
  }));
});

Deno.test("property: also between retries, whoever is picked has the highest score", () => {
  const weights = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 3, maxLength: 9 });
  const step = fc.record({ retry: fc.boolean(), out: fc.array(fc.nat(8), { maxLength: 8 }) });
  const turns = fc.array(step, { minLength: 50, maxLength: 200 });
  fc.assert(fc.property(weights, turns, (drawn, steps) => {
    const all = makeEndpoints(drawn), balancer = new RoundRobin(), scores = new Map(all.map((one) => [one, 0]));
    const whole = drawn.reduce((sum, weight) => sum + weight, 0);
    const pick = (eligible: FakeEndpoint[]) => {
      const total = eligible.reduce((sum, { weight }) => sum + weight, 0);
      for (const one of eligible) scores.set(one, (scores.get(one) ?? 0) + one.weight / total * whole);
      const highest = Math.max(...eligible.map((one) => scores.get(one) ?? 0));
      const picked = balancer.pick(eligible) as FakeEndpoint, score = scores.get(picked) ?? 0;
      assert.ok(score > highest - 1e-6, `${picked.id} has ${score}, the highest is ${highest}`);
      scores.set(picked, score - whole);
    };
    pick(all);
    pick(all);
    for (const { retry, out } of steps) {
      const others = all.filter((_, i) => !out.includes(i));
      pick(retry && others.length > 0 ? others : all);
    }
  }));
});

Deno.test("the order is the same after a million turns", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([5, 1, 1]), before = pickIds(balancer, all, 7);
  for (let i = 0; i < 7 * 150_000; i++) balancer.pick(all);
  assert.deepEqual(pickIds(balancer, all, 7), before);
});

Deno.test("an endpoint that is not eligible is not picked, and the others share its turns", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([1, 1, 1]), fewer = [all[0], all[2]];
  pickIds(balancer, all, 4);
  assert.equal(pickIds(balancer, fewer, 6).join(""), "cacaca");
});

Deno.test("the turns go on where they were when the array is replaced by one like it", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([1, 1, 1, 1]);
  const ids = Array.from({ length: 24 }, () => pickIds(balancer, [...all], 1)[0]);
  assert.equal(ids.join(""), "abcd".repeat(6));
  const twice = Array.from({ length: 12 }, () => pickIds(balancer, [...all], 2).join(""));
  assert.equal(twice.join(""), "abcd".repeat(6));
});

Deno.test("an endpoint that was away for long has no turns to catch up with", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([1, 1, 1]), fewer = all.slice(0, 2);
  pickIds(balancer, all, 5);
  pickIds(balancer, fewer, 10_001);
  const ids = pickIds(balancer, all, 30);
  assert.equal(longestRun(ids), 1);
  assert.ok(ids.filter((id) => id === "c").length <= 11);
});

Deno.test("an endpoint that comes new starts in the middle, however many came and went before", () => {
  const balancer = new RoundRobin();
  let eligible: readonly Endpoint[] = makeEndpoints([1, 1, 1]);
  for (let i = 0; i < 300; i++) {
    pickIds(balancer, eligible, 3);
    const goes = balancer.pick(eligible);
    eligible = [...eligible.filter((endpoint) => endpoint !== goes), makeEndpoint(`new ${i}`)];
  }
  assert.ok(pickIds(balancer, eligible, 4).includes("new 299"));
});

Deno.test("an endpoint left out of a thousand arrays that come once has no turns to catch up with", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([1, 1, 1]);
  pickIds(balancer, all, 5);
  for (let i = 0; i < 1000; i++) balancer.pick(all.slice(0, 2));
  assert.equal(longestRun(pickIds(balancer, all, 12)), 1);
});

Deno.test("light endpoints take turns when a heavy one goes, whatever their scores were then", () => {
  for (let picks = 0; picks < 1002; picks += 50) {
    const balancer = new RoundRobin(), all = makeEndpoints([1000, 1, 1]);
    pickIds(balancer, all, picks);
    assert.ok(longestRun(pickIds(balancer, all.slice(1), 12)) <= 2);
  }
});

Deno.test("light endpoints take turns in retries of a heavy one", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([1000, 1, 1]), retries: string[] = [];
  for (let i = 0; i < 1000; i++) {
    const tried = balancer.pick(all);
    if (tried === all[0]) retries.push(pickId(balancer, all.slice(1)));
  }
  assert.ok(retries.length > 900);
  assert.ok(longestRun(retries) <= 2);
});

Deno.test("the others share the load of one that always fails", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([1, 1, 1, 1]), served = new Map<string, number>();
  for (let i = 0; i < 3000; i++) {
    let picked = balancer.pick(all);
    if (picked === all[1]) picked = balancer.pick(all.filter((endpoint) => endpoint !== picked));
    served.set(picked.id, (served.get(picked.id) ?? 0) + 1);
  }
  assert.deepEqual([...served.keys()].sort(), ["a", "c", "d"]);
  for (const count of served.values()) assert.ok(Math.abs(count - 1000) <= 2, `${count}`);
});

Deno.test("property: of equal endpoints none is picked four times in a row while there is another, however arrays change", () => {
  type Step = { readonly out: number[]; readonly picks: number };
  const step: fc.Arbitrary<Step> = fc.record({
    out: fc.array(fc.nat(7), { maxLength: 6 }),
    picks: fc.integer({ min: 1, max: 9 }),
  });
  const steps = fc.array(step, { minLength: 1, maxLength: 40 });
  // What those that leave are owed must not be what the others owe.
  const leaving: Step[] = [[[], 5], [[], 5], [[0], 3], [[1], 1], [[], 1]].map(([out, picks]) =>
    ({ out, picks }) as Step
  );
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 8 }), steps, (count, steps) => {
      const balancer = new RoundRobin(), all = makeEndpoints(Array.from({ length: count }, () => 1));
      const ids: string[] = [];
      for (const { out, picks } of steps) {
        const left = all.filter((_, i) => !out.includes(i)), eligible = left.length < 2 ? all : left;
        for (let i = 0; i < picks; i++) ids.push(balancer.pick(eligible).id);
      }
      // Three in a row takes arrays that change in just the right way.
      assert.ok(longestRun(ids) <= 3, ids.join(""));
    }),
    { examples: [[3, leaving]] },
  );
});

Deno.test("a weight that grows takes effect with its array", () => {
  const balancer = new RoundRobin(), all = makeEndpoints([1, 1]), ids: string[] = [];
  for (let tick = 1; tick <= 10; tick++) {
    all[1].weight = tick / 10;
    ids.push(...pickIds(balancer, [...all], 100));
  }
  const share = (from: number) => ids.slice(from, from + 100).filter((id) => id === "b").length;
  assert.deepEqual([0, 400, 900].map(share).map((count, i) => Math.abs(count - [9, 33, 50][i]) <= 2), [
    true,
    true,
    true,
  ]);
});

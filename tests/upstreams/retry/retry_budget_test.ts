import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type BudgetPlan, type BudgetWaiter, RetryBudget } from "../../../src/upstreams/retry/retry_budget.ts";

/** A budget over requests that a test counts, and who was let in. */
function bed(active: number) {
  const requests = { active }, granted: string[] = [];
  const waiter = (name: string, budget: BudgetPlan): BudgetWaiter => ({
    budget,
    granted: () => void granted.push(name),
  });
  return { requests, granted, waiter, budget: new RetryBudget(() => requests.active) };
}

for (
  const [ratio, floor, active, allowed] of [
    [0.2, 3, 1, 3],
    [0.2, 3, 15, 3],
    [0.2, 3, 16, 3],
    [0.2, 3, 19, 3],
    [0.2, 3, 20, 4],
    [0.2, 0, 4, 0],
    [0.2, 0, 5, 1],
    [0, 0, 1_000, 0],
    [0, 2, 1_000, 2],
    [1, 0, 3, 3],
  ]
) {
  Deno.test(`of ${active} requests, ${allowed} may be repeats with a ratio of ${ratio} and a floor of ${floor}`, () => {
    const { budget } = bed(active);
    let taken = 0;
    while (taken < 10 && budget.take({ ratio, floor })) taken++;
    assert.deepEqual([taken, budget.taken], [allowed, allowed]);
  });
}

Deno.test("places that are given back go to those who wait, in their order", () => {
  const { budget, waiter, granted } = bed(1), plan = { ratio: 0.2, floor: 1 };
  assert.ok(budget.take(plan));
  for (const name of ["a", "b", "c"]) budget.wait(waiter(name, { ...plan }));
  budget.give();
  assert.deepEqual([granted, budget.taken], [["a"], 1]);
  budget.give();
  assert.deepEqual([granted, budget.taken], [["a", "b"], 1]);
});

Deno.test("who has left is passed over", () => {
  const { budget, waiter, granted } = bed(1), plan = { ratio: 0, floor: 1 };
  budget.take(plan);
  const [a, b] = [waiter("a", plan), waiter("b", plan)];
  budget.wait(a);
  budget.wait(b);
  budget.leave(a);
  budget.leave(a);
  budget.give();
  assert.deepEqual([granted, budget.taken], [["b"], 1]);
});

Deno.test("who comes later does not overtake who waits when more requests make room", () => {
  const { budget, waiter, granted, requests } = bed(10), plan = { ratio: 0.1, floor: 0 };
  assert.ok(budget.take(plan));
  budget.wait(waiter("first", plan));
  requests.active = 20;
  assert.ok(!budget.take(plan));
  assert.deepEqual([granted, budget.taken], [["first"], 2]);
});

Deno.test("a route that is allowed less keeps none waiting that is allowed more", () => {
  const { budget, waiter, granted } = bed(1), none = { ratio: 0, floor: 0 }, two = { ratio: 0, floor: 2 };
  budget.take(two);
  budget.take(two);
  budget.wait(waiter("none", none));
  budget.wait(waiter("two", two));
  budget.give();
  assert.deepEqual(granted, ["two"]);
  budget.give();
  assert.ok(budget.take(two));
});

Deno.test("one that gives its place back at once, when it is granted, lets the next in", () => {
  const { budget, granted } = bed(1), plan = { ratio: 0, floor: 1 };
  budget.take(plan);
  for (const name of ["a", "b", "c"]) {
    budget.wait({
      budget: plan,
      granted() {
        granted.push(name);
        budget.give();
      },
    });
  }
  budget.give();
  assert.deepEqual([granted, budget.taken], [["a", "b", "c"], 0]);
});

type Step = { readonly do: "take" | "give" | "leave" | "active"; readonly route: number; readonly n: number };

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom("take", "take", "take", "give", "give", "leave", "active"),
  route: fc.nat(1),
  n: fc.nat(30),
});
const plan = fc.record({ ratio: fc.constantFrom(0, 0.1, 0.2, 0.5, 1), floor: fc.nat(3) });

Deno.test("property: none is granted beyond its budget, each route's in order, and none waits for a place that is free", () => {
  let waited = 0;
  fc.assert(fc.property(fc.tuple(plan, plan), fc.array(step, { maxLength: 60, size: "max" }), (plans, steps) => {
    const requests = { active: 0 }, budget = new RetryBudget(() => requests.active);
    const limit = ({ ratio, floor }: BudgetPlan) => Math.max(floor, ratio * requests.active);
    const line: { readonly route: number; readonly waiter: BudgetWaiter }[] = [];
    let taken = 0;
    for (const { do: what, route, n } of steps) {
      const before = taken;
      if (what === "active") requests.active = n;
      else if (what === "take" && budget.take(plans[route])) {
        taken++;
        assert.ok(taken <= limit(plans[route]), "more than the budget");
      } else if (what === "take") {
        const entry = {
          route,
          waiter: {
            budget: { ...plans[route] },
            granted() {
              waited++;
              taken++;
              assert.ok(taken <= limit(plans[route]), "more than the budget");
              const first = line.findIndex((other) => same(plans[other.route], plans[route]));
              assert.equal(line.splice(first, 1)[0], entry, "not the first of its line");
            },
          },
        };
        line.push(entry);
        budget.wait(entry.waiter);
      } else if (what === "give" && before > 0) {
        taken--;
        budget.give();
      } else if (what === "leave" && line.length > 0) budget.leave(line.splice(n % line.length, 1)[0].waiter);
      assert.equal(budget.taken, taken);
      if (what === "take" || what === "give" && before > 0) {
        for (const { route } of line) assert.ok(taken + 1 > limit(plans[route]), "waits for a place that is free");
      }
    }
  }));
  assert.ok(waited > 20, `only ${waited} were granted a place after a wait`);
});

function same(a: BudgetPlan, b: BudgetPlan): boolean {
  return a.ratio === b.ratio && a.floor === b.floor;
}

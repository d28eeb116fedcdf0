import { strict as assert } from "node:assert";
import { cache, type Policy, rateLimit } from "gatewright";
import { compilePlan } from "../../src/compile/compile.ts";
import { validateConfig } from "../../src/config/validate.ts";

const config = (...policies: readonly Policy[]) => ({
  routes: policies.map((policy, i) => ({ path: `/${i}`, respond: {}, policies: [policy] })),
});

function compiled(...policies: readonly Policy[]): ReturnType<typeof compilePlan> {
  const { config: valid } = validateConfig(config(...policies));
  assert.ok(valid !== null);
  return compilePlan(valid);
}

Deno.test("policies get the id that their options say, else one made of where they stand", () => {
  const { plan, issues } = compiled(rateLimit({ limit: 1, per: "1s" }), rateLimit({ id: "mine", limit: 1, per: "1s" }));
  assert.deepEqual(plan.routes.map(({ policies }) => policies[0].id), ["/0/rateLimit", "mine"]);
  assert.deepEqual(issues, []);
});

Deno.test("policies of one id must be the same, functions included", () => {
  const key = () => "k", limit = { id: "x", limit: 1, per: "1s" } as const;
  const right: readonly Policy[][] = [
    [rateLimit(limit), rateLimit({ ...limit })],
    [rateLimit({ ...limit, key }), rateLimit({ ...limit, key })],
    [rateLimit({ ...limit, key: "global" }), rateLimit({ ...limit, key: ["global"] })],
    [cache({ id: "x", negativeTtl: "1s" }), cache({ id: "x", negativeTtl: "1s" })],
  ];
  for (const policies of right) assert.deepEqual(compiled(...policies).issues, []);
  const wrong: readonly Policy[][] = [
    [rateLimit(limit), rateLimit({ ...limit, limit: 2 })],
    [rateLimit(limit), rateLimit({ ...limit, key: "global" })],
    [rateLimit({ ...limit, key }), rateLimit({ ...limit, key: () => "k" })],
    [cache({ id: "x", negativeTtl: "1s" }), cache({ id: "x", negativeTtl: { 404: "1s" } })],
  ];
  for (const policies of wrong) {
    const [{ path, message, remedy }, ...others] = compiled(...policies).issues;
    assert.deepEqual(others, []);
    assert.equal(path, "routes[1].policies[0]");
    assert.equal(message, 'its id "x" is that of routes[0].policies[0] too, which is another policy');
    assert.equal(remedy, "another id, or the same options");
  }
});

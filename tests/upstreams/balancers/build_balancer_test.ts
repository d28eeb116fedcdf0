import { strict as assert } from "node:assert";
import { silentLog } from "../../../src/core/log.ts";
import type { BalancePlan } from "../../../src/upstreams/balancers/balance_plan.ts";
import { buildBalancer } from "../../../src/upstreams/balancers/build_balancer.ts";
import { makeExchange } from "../../support/exchange.ts";
import { makeEndpoints } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

Deno.test("buildBalancer() hashes by the plan's keys, under the plan's bound", () => {
  const all = makeEndpoints([1, 1, 1, 1]), exchange = makeExchange();
  const free = buildBalancer({ kind: "hash", by: ["ip"], boundedLoad: null }, seededRandom(1), silentLog);
  const bounded = buildBalancer({ kind: "hash", by: ["ip"], boundedLoad: 1 }, seededRandom(1), silentLog);
  const home = all.indexOf(all.find((one) => one === free.pick(all, exchange)) ?? all[0]);
  assert.equal(bounded.pick(all, exchange), all[home]);
  all[home].inFlight = 10;
  assert.equal(free.pick(all, exchange), all[home]);
  assert.notEqual(bounded.pick(all, exchange), all[home]);
});

Deno.test("buildBalancer() hashes by what a function makes of a request, and by chance where it makes nothing", () => {
  const all = makeEndpoints(Array(50).fill(1)), random = seededRandom(1);
  const made = (by: BalancePlan & { readonly kind: "hash" }) => buildBalancer(by, random, silentLog);
  const byFunction = made({ kind: "hash", by: (ctx) => ctx.header("x-user")?.toLowerCase(), boundedLoad: null });
  const byKey = made({ kind: "hash", by: ["header:x-user"], boundedLoad: null });
  const from = (...headers: [string, string][]) => makeExchange({ headers });
  for (let i = 0; i < 20; i++) {
    assert.equal(byFunction.pick(all, from(["x-user", `U${i}`])), byKey.pick(all, from(["x-user", `u${i}`])));
  }
  assert.ok(new Set(Array.from({ length: 20 }, () => byFunction.pick(all, from()).id)).size > 1);
});

Deno.test("buildBalancer() takes no key for a key that is none", () => {
  assert.throws(
    () => buildBalancer({ kind: "hash", by: ["heder:x"], boundedLoad: null }, seededRandom(1), silentLog),
    /^TypeError: "heder:x" is no key to hash by/,
  );
});

Deno.test("buildBalancer() gives each upstream a balancer of its own", () => {
  const all = makeEndpoints([1, 1, 1]), exchange = makeExchange();
  const [one, two] = [0, 1].map(() => buildBalancer({ kind: "round-robin" }, seededRandom(1), silentLog));
  one.pick(all, exchange);
  assert.equal(two.pick(all, exchange).id, "a");
});

import { strict as assert } from "node:assert";
import { buildBalancer } from "../../../src/upstreams/balancers/build_balancer.ts";
import { makeExchange } from "../../support/exchange.ts";
import { makeEndpoints } from "./fake_endpoints.ts";
import { seededRandom } from "./seeded_random.ts";

Deno.test("buildBalancer() hashes by the plan's keys, under the plan's bound", () => {
  const all = makeEndpoints([1, 1, 1, 1]), exchange = makeExchange();
  const free = buildBalancer({ kind: "hash", by: ["ip"], boundedLoad: null }, seededRandom(1));
  const bounded = buildBalancer({ kind: "hash", by: ["ip"], boundedLoad: 1 }, seededRandom(1));
  const home = all.indexOf(all.find((one) => one === free.pick(all, exchange)) ?? all[0]);
  assert.equal(bounded.pick(all, exchange), all[home]);
  all[home].inFlight = 10;
  assert.equal(free.pick(all, exchange), all[home]);
  assert.notEqual(bounded.pick(all, exchange), all[home]);
});

Deno.test("buildBalancer() takes no key for a key that is none", () => {
  assert.throws(
    () => buildBalancer({ kind: "hash", by: ["heder:x"], boundedLoad: null }, seededRandom(1)),
    /^TypeError: "heder:x" is no key to hash by/,
  );
});

Deno.test("buildBalancer() gives each upstream a balancer of its own", () => {
  const all = makeEndpoints([1, 1, 1]), exchange = makeExchange();
  const [one, two] = [0, 1].map(() => buildBalancer({ kind: "round-robin" }, seededRandom(1)));
  one.pick(all, exchange);
  assert.equal(two.pick(all, exchange).id, "a");
});

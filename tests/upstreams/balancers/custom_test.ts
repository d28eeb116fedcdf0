import { strict as assert } from "node:assert";
import { Custom } from "../../../src/upstreams/balancers/custom.ts";
import { type BalancerRequest, defineBalancer } from "../../../src/upstreams/balancers/define_balancer.ts";
import type { Endpoint } from "../../../src/upstreams/endpoint.ts";
import { makeExchange } from "../../support/exchange.ts";
import { makeEndpoint, makeEndpoints } from "./fake_endpoints.ts";

/** What a user without types may write. */
function custom(pick: (eligible: readonly Endpoint[], request: BalancerRequest) => unknown): Custom {
  return new Custom(defineBalancer({ name: "mine", create: () => pick as () => Endpoint }));
}

Deno.test("a custom balancer reads the request and picks", () => {
  const balancer = custom((eligible, request) => eligible[Number(request.headers.get("x-at"))]),
    all = makeEndpoints([1, 1, 1]);
  for (const at of [2, 0, 1]) assert.equal(balancer.pick(all, makeExchange({ headers: [["x-at", `${at}`]] })), all[at]);
});

Deno.test("create() is called once for each upstream", () => {
  let created = 0;
  const counted = defineBalancer({ name: "counted", create: () => (created++, (eligible) => eligible[0]) });
  const all = makeEndpoints([1]), balancers = [new Custom(counted), new Custom(counted)];
  for (const balancer of balancers) for (let i = 0; i < 3; i++) balancer.pick(all, makeExchange());
  assert.equal(created, 2);
});

Deno.test("the list is the same array while it is the same array, and cannot be changed", () => {
  const seen: (readonly Endpoint[])[] = [], all = makeEndpoints([1, 1]);
  const balancer = custom((eligible) => (seen.push(eligible), eligible[1]));
  balancer.pick(all, makeExchange());
  balancer.pick(all, makeExchange());
  balancer.pick([...all], makeExchange());
  assert.ok(seen[0] === seen[1] && seen[1] !== seen[2]);
  assert.throws(() => custom((eligible) => (eligible as Endpoint[]).reverse()[0]).pick(all, makeExchange()), TypeError);
  assert.deepEqual(all.map(({ id }) => id), ["a", "b"]);
});

for (
  const [what, pick, message] of [
    ["throws", () => {
      throw new RangeError("no luck");
    }, 'balancer "mine": the pick threw: no luck'],
    ["throws no error", () => {
      throw "up";
    }, 'balancer "mine": the pick threw: up'],
    ["returns nothing", () => undefined, 'balancer "mine" returned undefined: '],
    ["returns null", () => null, 'balancer "mine" returned null: '],
    ["returns an index", () => 0, 'balancer "mine" returned a number: '],
    [
      "is async",
      (eligible: readonly Endpoint[]) => Promise.resolve(eligible[0]),
      'balancer "mine" returned a promise: ',
    ],
    [
      "returns another's endpoint",
      () => makeEndpoint("x"),
      'balancer "mine" returned an endpoint that is not in the list (x): ',
    ],
    [
      "returns a copy",
      (eligible: readonly Endpoint[]) => ({ ...eligible[0] }),
      "an endpoint that is not in the list (a): ",
    ],
    [
      "returns something else",
      () => ({}),
      'balancer "mine" returned an object: return one of the endpoints of the list, at once',
    ],
  ] as const
) {
  Deno.test(`a custom balancer that ${what} is a TypeError that says so`, () => {
    assert.throws(
      () => custom(pick).pick(makeEndpoints([1, 1]), makeExchange()),
      (error) => error instanceof TypeError && error.message.includes(message),
    );
  });
}

Deno.test("what a custom balancer threw is the cause", () => {
  const thrown = new RangeError("no luck");
  const balancer = custom(() => {
    throw thrown;
  });
  assert.throws(() => balancer.pick(makeEndpoints([1]), makeExchange()), (error) => (error as Error).cause === thrown);
});

Deno.test("create() that throws, or returns no function, is a TypeError when the upstream is built", () => {
  const create = (made: () => unknown) => () =>
    new Custom(defineBalancer({ name: "mine", create: made as () => () => Endpoint }));
  assert.throws(create(() => undefined), /^TypeError: balancer "mine": create\(\) returned undefined, not a function/);
  assert.throws(
    create(() => {
      throw new Error("no file");
    }),
    /^TypeError: balancer "mine": create\(\) threw: no file/,
  );
});

Deno.test("a defined balancer is frozen", () => {
  assert.ok(Object.isFrozen(defineBalancer({ name: "mine", create: () => (eligible) => eligible[0] })));
});

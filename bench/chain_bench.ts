/**
 * What a chain costs: `deno bench bench/chain_bench.ts`.
 *
 * The terminal answers at once in the groups "sync" and with a promise, as every upstream does, in "async". The exchange
 * is made anew for each run; subtract the line without policies.
 *
 * @module
 */

import { foldChain } from "../src/compile/fold_chain.ts";
import { Exchange } from "../src/core/exchange.ts";
import type { Handler, Middleware } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { definitionOf, type Policy } from "../src/core/policy.ts";
import { Reply } from "../src/core/reply.ts";
import { definePolicy } from "../src/policies/define_policy.ts";
import { headers } from "../src/policies/shape/headers.ts";
import { redirectHandler } from "../src/policies/targets/redirect.ts";
import { respondHandler } from "../src/policies/targets/respond.ts";
import { routeHandler } from "../src/policies/targets/route_handler.ts";
import { makeEnv } from "../tests/support/exchange.ts";

const env = makeEnv();
const client = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false };
const source = {
  get: () => null,
  flat: () => ["host", "a", "accept", "*/*"],
  hasAny: () => false,
  text: () => "host: a\r\naccept: */*\r\n",
};

function open(): Exchange {
  const exchange = new Exchange({
    method: "GET",
    path: "/users/7",
    query: "",
    authority: "a",
    host: "a",
    scheme: "http",
    client,
    headers: new HeaderList(source),
    body: null,
    requestId: "req-1",
    startedAt: 0,
  });
  exchange.readParams = () => ({ id: "7" });
  exchange.captures = ["7"];
  return exchange;
}

const answer = (): Reply => new Reply(200, HeaderList.of("content-type", "text/plain"), null);
const atOnce: Handler = () => answer();
const later: Handler = () => Promise.resolve(answer());

const native: Middleware = (next) => (exchange) => next(exchange);

function build(policy: Policy): Middleware {
  return definitionOf(policy)!.build(policy.options, env, `bench/${policy.kind}`);
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

const through = () => build(definePolicy({ name: "through", handle: (_ctx, next) => next() }));
const awaiting = () => build(definePolicy({ name: "awaiting", handle: async (_ctx, next) => await next() }));

const chains: Record<string, Middleware[]> = {
  "no policy": [],
  "1 native": times(1, () => native),
  "5 native": times(5, () => native),
  "10 native": times(10, () => native),
  "1 definePolicy": times(1, through),
  "5 definePolicy": times(5, through),
  "10 definePolicy": times(10, through),
  "1 definePolicy, async": times(1, awaiting),
  "10 definePolicy, async": times(10, awaiting),
  "headers, request: 1 literal": [build(headers({ request: { set: { "x-a": "1" } } }))],
  "headers, request: 1 template": [build(headers({ request: { set: { "x-a": "{param:id}" } } }))],
  "headers, response: 1 literal": [build(headers({ response: { set: { "x-a": "1" } } }))],
  "headers, response: 1 template": [build(headers({ response: { set: { "x-a": "{param:id}" } } }))],
};

/** Keeps the compiler from leaving the work out. */
export let sink: unknown;

for (const [name, middlewares] of Object.entries(chains)) {
  const sync = foldChain(middlewares, atOnce), async = foldChain(middlewares, later);
  if (!name.endsWith("async")) {
    Deno.bench(name, { group: "sync", baseline: name === "no policy" }, () => {
      sink = sync(open());
    });
  }
  Deno.bench(`${name} `, { group: "async", baseline: name === "no policy" }, async () => {
    sink = await async(open());
  });
}

const look = build(definePolicy({
  name: "look",
  handle(ctx, next) {
    new URL(ctx.request.url);
    return next();
  },
}));
const lookedAt = foldChain([look], later);
const own = foldChain([build(definePolicy({ name: "own", handle: () => new Response("no", { status: 403 }) }))], later);
const handler = routeHandler(() => Response.json({ ok: true }), env, "bench");
const fixed = respondHandler({ status: 200, headers: { "content-type": "text/plain" }, body: "ok" });
const moved = redirectHandler({ to: "/new/{param:id}", status: 302, keepQuery: true }, ["id"]);

Deno.bench("ctx.request touched", { group: "web objects and targets" }, async () => {
  await lookedAt(open());
});
Deno.bench("a Response of its own", { group: "web objects and targets" }, async () => {
  await own(open());
});
Deno.bench("handler: Response.json()", { group: "web objects and targets" }, async () => {
  await handler(open());
});
Deno.bench("respond", { group: "web objects and targets" }, () => {
  sink = fixed(open());
});
Deno.bench("redirect", { group: "web objects and targets" }, () => {
  sink = moved(open());
});

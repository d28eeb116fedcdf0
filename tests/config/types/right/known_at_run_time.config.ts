/** What the compiler cannot know before run time passes: `check` sees it. @module */

import {
  defineBase,
  defineGateway,
  definePolicy,
  headers,
  type Policy,
  type RouteHandler,
  routes,
  secret,
  type Upstream,
  type UpstreamConfig,
} from "gatewright";

const url = Deno.env.get("APP_URL") ?? "http://localhost:3000";
const version: string = Deno.env.get("VERSION") ?? "v1";
const canary = Deno.env.has("CANARY");
const hosts = ["a", "b"];
const users: Upstream = { endpoints: [url] };
const files: UpstreamConfig = { endpoints: ["http://files"], timeouts: { head: "1m" } };
const auth = definePolicy({ name: "auth", gives: ["jwt:sub"], handle: (_ctx, next) => next() });
const guards: Policy[] = [auth];
const hello: RouteHandler<"name"> = (ctx) => new Response(ctx.params.name);
const base = defineBase({ upstreams: { users, docs: ["http://docs"] }, policies: [auth] });
const mine = routes(base, [
  { path: "/me", upstream: "users", policies: [headers({ request: { set: { "x-user": "{jwt:sub}" } } })] },
]);

export default defineGateway({
  ...base,
  listen: canary ? { port: 8081 } : [{ port: 8080 }, { port: 8081 }],
  upstreams: {
    ...base.upstreams,
    files,
    url,
    hosts: hosts.map((host) => `http://${host}`),
    more: [...hosts.map((host) => ({ url: `http://${host}`, weight: 2 })), "http://c"],
    either: canary ? "http://canary" : { endpoints: ["http://stable"] },
    inline: { endpoints: [url, { url, weight: 2 }, `http://${version}.internal`] },
  },
  policies: [...base.policies, headers({ request: { set: { "x-by": "{jwt:sub}", "x-key": secret.env("KEY") } } })],
  include: [mine],
  routes: [
    { path: "/hello/:name", handler: hello },
    { path: "/params/:a/*rest", handler: (ctx) => Response.json([ctx.params.a, ctx.params.rest] satisfies string[]) },
    { path: `/${version}/echo`, handler: async (ctx) => Response.json(await ctx.request.json()) },
    { path: `/${version}`, upstream: canary ? "either" : "more", rewrite: `/${version}/x` },
    { path: "/inner/*/of/:id/*", upstream: `http://${version}.internal`, rewrite: "/:id/*", policies: guards },
    { path: "/guards", upstream: "hosts", policies: [...guards, headers({ request: { set: { "x-v": version } } })] },
    { path: "/two", upstream: "inline", policies: canary ? guards : [auth] },
    { path: "/to", redirect: url },
    { path: "/nothing", upstream: "files", rewrite: undefined, stripPrefix: undefined, timeouts: undefined },
  ],
});

export const many = defineGateway({
  upstreams: { users },
  routes: hosts.map((host) => ({ path: `/${host}`, upstream: "users" }) as const),
});

export const inline = defineGateway({ ...defineBase({ upstreams: { users }, policies: [auth] }), routes: [] });

import { strict as assert } from "node:assert";
import { defineBase, defineGateway, demo, routes } from "gatewright";
import split from "./right/split/gateway.config.ts";

Deno.test("defineGateway() records what it was given, frozen, whatever it is", () => {
  const wrong = { routes: "none", rotues: 1, upstreams: null };
  const config = defineGateway(wrong as unknown as Parameters<typeof defineGateway>[0]);
  assert.deepEqual(config, wrong);
  assert.notEqual(config, wrong);
  assert.ok(Object.isFrozen(config));
});

Deno.test("defineGateway() keeps values by identity: functions and policies are not copied", () => {
  const handler = () => new Response();
  const listed = [{ path: "/", handler }] as const;
  const config = defineGateway({ routes: listed });
  assert.equal(config.routes as unknown, listed);
  assert.equal(config.routes[0].handler, handler);
});

Deno.test("defineBase() records upstreams, stores and policies, empty where there are none", () => {
  const upstreams = { a: "http://a" } as const;
  const base = defineBase({ upstreams });
  assert.equal(base.upstreams, upstreams);
  assert.deepEqual(base, { upstreams, stores: {}, policies: [] });
  assert.deepEqual(defineBase({}), { upstreams: {}, stores: {}, policies: [] });
  assert.ok(Object.isFrozen(base));
});

Deno.test("defineBase() keeps what it does not know, for the validator to see", () => {
  const wrong = { upstream: 1 };
  assert.deepEqual(defineBase(wrong as Record<never, never>), { upstreams: {}, stores: {}, policies: [], upstream: 1 });
});

Deno.test("routes() records its list, which prints like an included YAML file", () => {
  const set = routes(defineBase({ upstreams: { a: "http://a" } }), [{ path: "/a", upstream: "a" }]);
  assert.deepEqual(set, { routes: [{ path: "/a", upstream: "a" }] });
  assert.ok(Object.isFrozen(set));
});

Deno.test("a split config prints plainly", () => {
  const printed = JSON.parse(JSON.stringify(split));
  assert.deepEqual(Object.keys(printed), ["upstreams", "stores", "policies", "listen", "admin", "include", "routes"]);
  assert.deepEqual(printed.admin, { port: 9090, token: { env: "ADMIN_TOKEN" } });
  assert.deepEqual(printed.include[0].routes[0], {
    path: "/api/users/:id",
    methods: ["GET"],
    upstream: "users",
    rewrite: "/users/:id",
    policies: [
      { kind: "member" },
      { kind: "audit" },
      { kind: "headers", options: { request: { set: { "x-user": "{jwt:sub}" } } } },
    ],
  });
});

Deno.test("demo() records its kind and options, in the shape of YAML", () => {
  const endpoint = demo("slow", { port: 9003, delay: "1s" });
  assert.deepEqual(endpoint, { demo: "slow", port: 9003, delay: "1s" });
  assert.ok(Object.isFrozen(endpoint));
});

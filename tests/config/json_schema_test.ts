import { strict as assert } from "node:assert";
import { parse } from "yaml";
import { z } from "zod";
import { jsonSchema } from "../../src/config/json_schema.ts";
import { BUILT_IN_POLICIES } from "../../src/config/policy_names.ts";
import { BUILT_IN_STORES } from "../../src/config/store_names.ts";
import { type PolicyDefinition, recordPolicy } from "../../src/core/policy.ts";
import { draft7Errors } from "./draft7.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);
const GOOD = new URL("golden/good/", import.meta.url);

const errors = (yaml: string) => draft7Errors(jsonSchema(), parse(yaml));

Deno.test("examples/gateway.schema.json is what jsonSchema() gives: `UPDATE_GOLDEN=1` writes it anew", async () => {
  const file = new URL("gateway.schema.json", EXAMPLES), text = JSON.stringify(jsonSchema(), null, 2) + "\n";
  if ((await Deno.permissions.query({ name: "env", variable: "UPDATE_GOLDEN" })).state === "granted") {
    if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(file, text);
  }
  assert.equal(await Deno.readTextFile(file), text);
});

Deno.test("the example names its schema in its first line", async () => {
  const text = await Deno.readTextFile(new URL("gateway.config.yaml", EXAMPLES));
  assert.equal(text.split("\n")[0], "# yaml-language-server: $schema=./gateway.schema.json");
});

Deno.test("jsonSchema() accepts the example and every good YAML and JSON config", async () => {
  const files = [
    new URL("gateway.config.yaml", EXAMPLES),
    ...["full.yaml", "tiny.json", "split.yaml"].map((name) => new URL(name, GOOD)),
  ];
  for (const file of files) assert.deepEqual(errors(await Deno.readTextFile(file)), [], file.pathname);
});

Deno.test("jsonSchema() accepts every good store", async () => {
  const { stores } = parse(await Deno.readTextFile(new URL("stores.yaml", GOOD)));
  assert.deepEqual(draft7Errors(jsonSchema(), { stores, routes: [{ path: "/", respond: {} }] }), []);
});

Deno.test("jsonSchema() describes included files too: a list of routes, or { routes }", () => {
  const { definitions } = jsonSchema();
  const set = { definitions, $ref: "#/definitions/RouteSet" }, list = [{ path: "/a", upstream: "b" }];
  assert.deepEqual(draft7Errors(set, list), []);
  assert.deepEqual(draft7Errors(set, { routes: list }), []);
  assert.deepEqual(draft7Errors(set, { routes: list, listen: { port: 1 } }), [""]);
  assert.deepEqual(draft7Errors(set, [{ path: "/a" }]), [""]);
});

const ROUTES = `routes: [{ path: /a, upstream: "http://127.0.0.1:9001" }]`;
const WRONG: readonly (readonly [what: string, yaml: string, at: string])[] = [
  ["an unknown key", `lisen: {}\n${ROUTES}`, ".lisen"],
  ["no routes", "{}", ""],
  ["an unknown key of a route", "routes: [{ path: /a, upstrem: b, respond: {} }]", ".routes[0].upstrem"],
  ["a route without target", "routes: [{ path: /a }]", ".routes[0]"],
  ["a route with two targets", "routes: [{ path: /a, upstream: b, respond: {} }]", ".routes[0]"],
  ["a handler", "routes: [{ path: /a, handler: b }]", ".routes[0].handler"],
  ["a method in lower case", "routes: [{ path: /a, upstream: b, methods: [get] }]", ".routes[0].methods[0]"],
  ["a path without slash", "routes: [{ path: a, upstream: b }]", ".routes[0].path"],
  ["an unknown policy", "routes: [{ path: /a, upstream: b, policies: [{ headres: {} }] }]", ".routes[0].policies[0]"],
  [
    "an unknown option",
    "routes: [{ path: /a, upstream: b, policies: [{ headers: { reqest: {} } }] }]",
    ".routes[0].policies[0]",
  ],
  ["a number for a duration", `shutdown: { grace: 5 }\n${ROUTES}`, ".shutdown.grace"],
  ["a port as text", `listen: { port: "80" }\n${ROUTES}`, ".listen"],
  ["a literal secret", `admin: { token: hunter2 }\n${ROUTES}`, ".admin"],
  ["an upstream's URL with a path", `upstreams: { a: "http://b/c" }\n${ROUTES}`, ".upstreams.a"],
  ["a relative path of a Unix socket", `upstreams: { a: "unix:b.sock" }\n${ROUTES}`, ".upstreams.a"],
  ["an unknown protocol", `upstreams: { a: { endpoints: ["http://b"], protocol: h3 } }\n${ROUTES}`, ".upstreams.a"],
  ["an unknown balancer", `upstreams: { a: { endpoints: ["http://b"], balance: rr } }\n${ROUTES}`, ".upstreams.a"],
  ["a name server in place of a list", `upstreams: { a: { endpoints: { dns: "b:80" } } }\n${ROUTES}`, ".upstreams.a"],
  [
    "a status that nobody sends",
    `upstreams: { a: { endpoints: ["http://b"], health: { statuses: [99] } } }\n${ROUTES}`,
    ".upstreams.a",
  ],
  [
    "a ratio of 0",
    `upstreams: { a: { endpoints: ["http://b"], circuitBreaker: { failureRatio: 0 } } }\n${ROUTES}`,
    ".upstreams.a",
  ],
  [
    "a range of three",
    `upstreams: { a: { endpoints: ["http://b"], health: { statuses: [[200, 300, 400]] } } }\n${ROUTES}`,
    ".upstreams.a",
  ],
  ["a retry that is true", "routes: [{ path: /a, upstream: b, retry: true }]", ".routes[0].retry"],
  ["an unknown outcome", "routes: [{ path: /a, upstream: b, retry: { on: [rest] } }]", ".routes[0].retry"],
  ["a wrong percentile", "routes: [{ path: /a, upstream: b, hedge: { after: p } }]", ".routes[0].hedge"],
  ["an upstream beside a split", "routes: [{ path: /a, upstream: b, split: { to: [] } }]", ".routes[0]"],
  [
    "a branch that a parameter forces",
    'routes: [{ path: /a, split: { to: [{ upstream: b, weight: 1, when: "query:a" }] } }]',
    ".routes[0].split.to[0].when",
  ],
  [
    "a fallback without a target",
    "routes: [{ path: /a, upstream: b, fallback: { on: [500] } }]",
    ".routes[0].fallback",
  ],
  [
    "a kind of failure for a fallback",
    "routes: [{ path: /a, upstream: b, fallback: { upstream: c, on: [timeout] } }]",
    ".routes[0].fallback.on[0]",
  ],
  ["a listener with a port and a path", `listen: { port: 80, path: /a.sock }\n${ROUTES}`, ".listen"],
  ["a listener without either", `listen: { hostname: "::1" }\n${ROUTES}`, ".listen"],
  ["an unknown engine", `listen: { port: 80, engine: h2 }\n${ROUTES}`, ".listen"],
  ["a size with a unit of another case", `listen: { port: 80, limits: { body: 5mb } }\n${ROUTES}`, ".listen"],
  ["TLS without a key", `listen: { port: 443, tls: { cert: a.pem } }\n${ROUTES}`, ".listen"],
  ["an extra method in lower case", `methods: [purge]\n${ROUTES}`, ".methods[0]"],
  ["an upstream's name with a slash", `upstreams: { a/b: "http://b" }\n${ROUTES}`, ".upstreams.a/b"],
  ["an unknown store", `stores: { a: memroy }\n${ROUTES}`, ".stores.a"],
  ["an unknown option of a store", `stores: { a: { memory: { size: 5 } } }\n${ROUTES}`, ".stores.a"],
  ["a store's name with a slash", `stores: { a/b: memory }\n${ROUTES}`, ".stores.a/b"],
  ["a number to hash by", `upstreams: { a: { endpoints: ["http://b"], hashBy: 5 } }\n${ROUTES}`, ".upstreams.a"],
  ["an unknown demo", `upstreams: { a: [{ demo: slw, port: 1 }] }\n${ROUTES}`, ".upstreams.a"],
  [
    "two conditions in one",
    "routes: [{ path: /a, upstream: b, query: { x: { present: true, regex: a } } }]",
    ".routes[0].query.x",
  ],
];
for (const [what, yaml, at] of WRONG) {
  Deno.test(`jsonSchema() refuses ${what}`, () => assert.ok(errors(yaml).includes(at), JSON.stringify(errors(yaml))));
}

Deno.test("jsonSchema() knows the policies that it is given, and their secrets", () => {
  const kind: PolicyDefinition<never> = {
    kind: "signed",
    schema: z.strictObject({
      with: z.custom<never>((value) => Object.hasOwn(Object(value), "env") && Object.isFrozen(value)),
    }) as never,
    build: () => (next) => next,
  };
  const schema = jsonSchema(
    new Map([...BUILT_IN_POLICIES, ["signed", (options: unknown) => recordPolicy(kind, options)]]),
  );
  const config = (policy: unknown) => ({ routes: [{ path: "/", upstream: "a", policies: [policy] }] });
  assert.deepEqual(draft7Errors(schema, config({ signed: { with: { env: "KEY" } } })), []);
  assert.notDeepEqual(draft7Errors(schema, config({ signed: { with: "KEY" } })), []);
  assert.notDeepEqual(draft7Errors(schema, config({ sgned: { with: { env: "KEY" } } })), []);
  assert.deepEqual(draft7Errors(schema, config("timing")), [], "a policy that takes no options is a name");
});

Deno.test("jsonSchema() describes every setting: what an editor shows", () => {
  const bare: string[] = [];
  const look = (schema: unknown, at: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties = {} } = schema as { properties?: Record<string, Record<string, unknown>> };
    for (const [key, inner] of Object.entries(properties)) {
      if (at.endsWith("properties")) continue;
      if (typeof inner === "object" && !("description" in inner) && !(key in BUILT_INS)) bare.push(`${at}.${key}`);
    }
    for (const [key, inner] of Object.entries(schema)) look(inner, `${at}/${key}`);
  };
  const BUILT_INS = Object.fromEntries([...BUILT_IN_POLICIES, ...BUILT_IN_STORES]);
  look(jsonSchema(), "");
  assert.deepEqual(bare.filter((path) => !path.startsWith("/definitions/RouteSet")), []);
});

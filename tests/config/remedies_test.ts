import { strict as assert } from "node:assert";
import { z } from "zod";
import { validateConfig } from "../../src/config/validate.ts";
import { recordPolicy } from "../../src/core/policy.ts";

const route = (more: object) => ({ routes: [{ path: "/", respond: {}, ...more }] });
const withSettings = (settings: object) => ({ ...route({}), ...settings });
const ROUTES = '[{ path: "/*", upstream: "http://localhost:3000" }]';

const REMEDIES: readonly (readonly [what: string, config: object, path: string, remedy: string | undefined])[] = [
  ["a port for a listener", withSettings({ listen: 8080 }), "listen", "{ port: 8080 }"],
  ["a listener that is out of range", withSettings({ listen: 80800 }), "listen", undefined],
  ["a port for the admin interface", withSettings({ admin: 9901 }), "admin", "{ port: 9901 }"],
  ["a port for an upstream", withSettings({ upstreams: { a: 3000 } }), "upstreams.a", '"http://127.0.0.1:3000"'],
  ["a port for an endpoint", withSettings({ upstreams: { a: [3000] } }), "upstreams.a[0]", '"http://127.0.0.1:3000"'],
  ["what is no port for an upstream", withSettings({ upstreams: { a: 70000 } }), "upstreams.a", undefined],
  [
    "a port for a route's upstream",
    { routes: [{ path: "/", upstream: 3000 }] },
    "routes[0].upstream",
    '"http://127.0.0.1:3000"',
  ],
  [
    "a word that one setting knows and another takes as it takes any",
    withSettings({ telemetry: { accessLog: "combined" } }),
    "telemetry.accessLog",
    '{ format: "combined" }',
  ],
  ["a level of the log", withSettings({ telemetry: { log: "debug" } }), "telemetry.log", '{ level: "debug" }'],
  ["a file", withSettings({ telemetry: { accessLog: "./a.log" } }), "telemetry.accessLog", '{ file: "./a.log" }'],
  ["a number for a name", route({ name: 5 }), "routes[0].name", '"5"'],
  ["a number for a condition", route({ headers: { "x-a": 2 } }), "routes[0].headers.x-a", '"2"'],
  ["nothing for a host", route({ host: null }), "routes[0].host", "nothing: leave it out"],
  [
    "nothing for time-outs",
    { routes: [{ path: "/", upstream: "http://a", timeouts: null }] },
    "routes[0].timeouts",
    "nothing: leave it out",
  ],
  ["nothing for a duration", withSettings({ shutdown: { grace: null } }), "shutdown.grace", "nothing: leave it out"],
  ["no routes", {}, "routes", ROUTES],
  ["nothing for routes", { routes: null }, "routes", ROUTES],
  ["one route for a list", { routes: { path: "/", respond: {} } }, "routes", '[{ path: "/", respond: {} }]'],
  ["a key that begins as another", route({ policy: [] }), "routes[0].policy", "policies"],
  ["an endless duration", withSettings({ shutdown: { grace: 1e400 } }), "shutdown.grace", undefined],
  ["a duration of too many digits", withSettings({ shutdown: { grace: 1e21 } }), "shutdown.grace", undefined],
  ["a number for a duration", withSettings({ shutdown: { grace: 30 } }), "shutdown.grace", '"30ms" or "30s"'],
];
for (const [what, config, path, remedy] of REMEDIES) {
  Deno.test(`validateConfig() knows what to write for ${what}`, () => {
    const issues = validateConfig(config).issues.filter(({ severity }) => severity === "error");
    assert.deepEqual(issues.map(({ path, remedy }) => [path, remedy]), [[path, remedy]]);
  });
}

Deno.test("validateConfig() outlives a schema that fails on what is only tried", () => {
  const schema = z.strictObject({
    a: z.union([
      z.literal(true),
      z.string().transform((text): string => {
        throw new Error(text);
      }),
    ]),
  });
  const policy = recordPolicy({ kind: "odd", schema, build: () => (next) => next }, { a: 5 });
  const { issues } = validateConfig({ ...route({}), policies: [policy] });
  assert.deepEqual(issues.map(({ path, message }) => `${path}: ${message}`), [
    "policies[0].a: expected true or a text",
  ]);
});

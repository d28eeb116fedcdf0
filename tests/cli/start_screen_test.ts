import { strict as assert } from "node:assert";
import { startScreen } from "../../src/cli/start_screen.ts";
import { compilePlan } from "../../src/compile/compile.ts";
import type { ConsumerPlan } from "../../src/compile/plan.ts";
import { validateConfig } from "../../src/config/validate.ts";
import { cache } from "../../src/policies/cache/cache.ts";
import { targetTo } from "../support/upstream_plan.ts";
import { routeTo, startedWith } from "./started_plan.ts";
import { PLAIN_ACCESS_LOG, QUIET } from "../support/telemetry.ts";

Deno.test("startScreen() says what is served where, and how to reload and stop", () => {
  const routes = [
    routeTo("/api/users/:id", {
      methods: ["GET"],
      target: targetTo("fast", { path: { rewrite: "/u/:id" } }),
    }),
    routeTo("/", { target: { kind: "respond", status: 200, headers: {}, body: null } }),
  ];
  assert.equal(
    startScreen(startedWith(routes), false),
    `
  Gatewright 1.2.3  gateway.config.ts

  Serving  http://localhost:8080
  Serving  http://[::1]:8081
  Admin    http://127.0.0.1:9901  /livez /readyz /health /config /routes /upstreams
  Demos    fast :9001 :9002, slow :9003 (800ms), faulty :9004 (fails 30%)
  Log      one line of JSON a request, on standard output

  2 routes, 1 upstream
    GET  /api/users/:id  → fast (2 endpoints) as /u/:id
    *    /               → respond 200

  Reload   restart it, or run \`deno task dev\`, which restarts it at each change
  Stop     Ctrl-C; requests under way get 30s to end, a second Ctrl-C cuts them

`,
  );
});

Deno.test("startScreen() names the admin server's page of caches where there is one", () => {
  const caching = [{ id: "a/cache", policy: cache(), summary: "" }];
  const admin = (routes: Parameters<typeof startedWith>[0], changes: Parameters<typeof startedWith>[1] = {}) =>
    /Admin.*/.exec(startScreen(startedWith(routes, changes), false))![0];
  const all = "Admin    http://127.0.0.1:9901  /livez /readyz /health /config /routes /upstreams /cache";
  const consumer = { name: "a", groups: [], credentials: [], policies: caching } as unknown as ConsumerPlan;
  assert.equal(admin([routeTo("/"), routeTo("/b", { policies: caching })]), all);
  assert.equal(admin([routeTo("/")], { policies: caching }), all);
  assert.equal(admin([routeTo("/")], { consumers: [consumer] }), all);
});

Deno.test("startScreen() says where traces and metrics go, and what listeners answer themselves", () => {
  const { config } = validateConfig({
    listen: [{ port: 8080 }, { port: 8081, expose: ["health", "metrics"] }],
    telemetry: {
      traces: { sample: 0.01, keepErrors: true },
      metrics: { to: { otlp: "http://collector", every: "15s" } },
      accessLog: { format: "common", sample: 0.125 },
    },
    routes: [{ path: "/", respond: {} }],
  });
  const { listeners, telemetry } = compilePlan(config!).plan;
  const screen = startScreen(startedWith([routeTo("/")], { listeners, telemetry }), false);
  assert.deepEqual(screen.split("\n").slice(3, 11).filter((line) => !/Demos/.test(line)).map((line) => line.trim()), [
    "Serving  http://localhost:8080",
    "Serving  http://[::1]:8081  /livez /readyz /health /metrics",
    "Admin    http://127.0.0.1:9901  /livez /readyz /health /metrics /config /routes /upstreams",
    "Log      one line for 12.5% of the requests, on standard output",
    "Traces   1% of the requests, and those that fail, to http://localhost:4318/v1/traces",
    "Metrics  every 15s to http://collector/v1/metrics",
    "",
  ]);
});

Deno.test("startScreen() leaves out what is not there and shows hosts where a route has one", () => {
  const started = startedWith([routeTo("/", { hosts: ["a.example"] })], {
    telemetry: { ...QUIET, accessLog: { ...PLAIN_ACCESS_LOG, to: { file: "./var/a.log" } } },
  });
  const screen = startScreen({ ...started, admin: null, demos: [] }, false);
  assert.equal(/Admin|Demos/.test(screen), false);
  assert.match(screen, /\* {2}a\.example {2}\/ {2}→ fast/);
  assert.match(screen, /Log +one line of JSON a request, in \.\/var\/a\.log/);
});

Deno.test("startScreen() speaks of restarts at each change only for modules, which alone are watched", () => {
  const screen = (source: string) => startScreen({ ...startedWith([routeTo("/")]), source }, false);
  for (
    const [source, watched] of [
      ["conf/gateway.config.ts", true],
      ["gateway.config.yaml", false],
      ["gateway.config.json", false],
      ["--to http://localhost:3000", false],
      ["--to http://origin.ts", false],
    ] as const
  ) assert.equal(/deno task dev/.test(screen(source)), watched, source);
});

Deno.test("startScreen() shows the first routes of a long table", () => {
  const all = Array.from({ length: 40 }, (_, i) => routeTo(`/r${i}`));
  const screen = startScreen(startedWith(all), false);
  assert.match(screen, /40 routes/);
  assert.equal(screen.match(/→/g)?.length, 15);
  assert.match(screen, /… and 25 more/);
  assert.equal(startScreen(startedWith(all.slice(0, 16)), false).match(/→/g)?.length, 16);
});

Deno.test("startScreen() is the same text with colours and without", () => {
  const started = startedWith([routeTo("/")]);
  const colored = startScreen(started, true);
  assert.ok(colored.includes("\x1b[1mGatewright\x1b[0m"));
  // deno-lint-ignore no-control-regex -- the escape sequences are what is taken away
  assert.equal(colored.replace(/\x1b\[\d+m/g, ""), startScreen(started, false));
});

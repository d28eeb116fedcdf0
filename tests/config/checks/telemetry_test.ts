import { strict as assert } from "node:assert";
import { definePolicy } from "gatewright";
import { checkTelemetry } from "../../../src/config/checks/telemetry.ts";
import { draftOf } from "../../../src/config/draft.ts";
import { pathText } from "../../../src/config/finding.ts";

/** Places of what is found, warnings with a `?`. */
function places(telemetry: unknown, more: object = {}): string[] {
  const config = { telemetry, routes: [{ path: "/", respond: {} }], ...more };
  return checkTelemetry(draftOf(config), config).map(({ at, severity }) =>
    pathText(at) + (severity === "warning" ? "?" : "")
  );
}

const routes = (...routes: object[]) => ({ routes: routes.map((route) => ({ respond: {}, ...route })) });
const to = (otlp: string) => ({ to: { otlp } });
const LISTENERS = { listen: [{ port: 1, expose: ["health"] }, { port: 2, engine: "serve", expose: ["metrics"] }] };

const RULES: readonly [what: string, places: readonly string[], telemetry: unknown, more?: object][] = [
  ["nothing", [], undefined],
  [
    "everything",
    [],
    { traces: true, metrics: true, accessLog: true },
    routes({ path: "/", telemetry: { traces: 0.1 } }),
  ],
  ["metrics exposed", [], undefined, LISTENERS],
  ["metrics exposed that are off", ["listen[1].expose[0]"], { metrics: false }, LISTENERS],
  ["metrics exposed that are wrong", [], { metrics: { bucket: [] } }, LISTENERS],
  ["a route behind a page of health", ["routes[0].path?"], undefined, {
    ...LISTENERS,
    ...routes({ path: "/livez" }, { path: "/livez/:id" }, { path: "/:page" }, { path: "/*" }),
  }],
  ["a route behind the page of metrics", ["routes[0].path?"], undefined, {
    listen: { port: 1, expose: ["metrics"] },
    ...routes({ path: "/metrics" }, { path: "/health" }),
  }],
  ["routes where nothing is exposed", [], undefined, routes({ path: "/metrics" }, { path: "/health" })],
  ["a collector at the port of gRPC", ["telemetry.traces.to.otlp?", "telemetry.metrics.to.otlp?"], {
    traces: to("http://a:4317"),
    metrics: to("http://a:4317/v1/metrics"),
  }],
  ["a collector at the address of the other signal", ["telemetry.traces.to.otlp?", "telemetry.metrics.to.otlp?"], {
    traces: to("http://a/v1/metrics"),
    metrics: to("http://a/b/v1/traces"),
  }],
  ["collectors at addresses of their own", [], { traces: to("http://a/x"), metrics: to("http://a/y") }],
  ["traces of trusted proxies, of which there are none", ["telemetry.traces.accept?"], {
    traces: { accept: "trusted" },
  }],
  ["traces of trusted proxies", [], { traces: { accept: "trusted" } }, { trustedProxies: ["10.0.0.0/8"] }],
  ["the field of the request's id for the trace's", ["telemetry.traces.responseHeader"], {
    traces: { responseHeader: "X-Request-Id" },
  }],
  ["that field while the request's id has another", [], { traces: { responseHeader: "x-request-id" } }, {
    requestId: { header: "x-id" },
  }],
  ["one file for two logs, by two spellings", ["telemetry.log.file"], {
    accessLog: { file: "./a/../b.log" },
    log: { file: "b.log" },
  }],
  ["levels of parts, and of the config's own code", [], {
    log: {
      levels: { upstreams: "debug", policies: "warn", "policies.cache": "debug", "policies.mine": "info", shop: "off" },
    },
  }, { policies: [definePolicy({ name: "mine", handle: (_, next) => next() })] }],
  ["levels of parts whose names are wrong", [
    "telemetry.log.levels.upstream?",
    'telemetry.log.levels["policies.cahce"]?',
    'telemetry.log.levels["upstreams.shop"]?',
  ], { log: { levels: { upstream: "debug", "policies.cahce": "debug", "upstreams.shop": "info" } } }],
  ["one file for two logs", ["telemetry.accessLog.file", "telemetry.log.file"], {
    metrics: { summary: "a" },
    accessLog: { file: "a" },
    log: { file: "a" },
  }],
  ["files of their own", [], { metrics: { summary: "a" }, accessLog: { file: "b" }, log: { file: "c" } }],
  ["shares of what is off", ["routes[0].telemetry.traces?", "routes[1].telemetry.accessLog?"], { accessLog: false }, {
    ...routes({ path: "/a", telemetry: { traces: 0.1 } }, { path: "/b", telemetry: { traces: 0, accessLog: true } }),
  }],
  [
    "nothing of what is off",
    [],
    { accessLog: false },
    routes({ path: "/a", telemetry: { traces: false, accessLog: 0 } }),
  ],
];
for (const [what, expected, telemetry, more] of RULES) {
  Deno.test(`checkTelemetry() on ${what}`, () => assert.deepEqual(places(telemetry, more), expected));
}

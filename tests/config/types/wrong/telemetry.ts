/** What the gateway tells about its work. @module */

import { DURATION, gateway, route, ROUTES, unknownKey, upstream, wrong, type WrongConfig } from "./wrong_config.ts";

/** Where spans can go. */
const SINK = 'OtlpConfig | "otlp" | "console" | undefined';

/** A gateway with this in its `telemetry`. */
function telemetry(settings: string): string {
  return gateway(`telemetry: { ${settings} }, ${ROUTES}`);
}

/** What the gateway tells about its work. */
export const TELEMETRY: readonly WrongConfig[] = [
  {
    name: "an unknown key of traces",
    config: telemetry("traces: { sampel: 1 }"),
    errors: [[unknownKey("sampel", "TracesConfig", "sample"), "sampel:"]],
  },
  {
    name: "a typo in where spans go",
    config: telemetry('traces: { to: "consol" }'),
    errors: [[wrong('"consol"', SINK, '"console"'), "to:"]],
  },
  {
    name: "a collector without a URL",
    config: telemetry('traces: { to: { protocol: "http/json" } }'),
    errors: [[wrong('{ protocol: "http/json"; }', SINK), "to:"]],
  },
  {
    name: "an unknown key of a collector",
    config: telemetry('traces: { to: { otlp: "http://a", header: {} } }'),
    errors: [[unknownKey("header", "OtlpConfig", "headers"), "header:"]],
  },
  {
    name: "the time between messages, of traces",
    config: telemetry('traces: { to: { otlp: "http://a", every: "1s" } }'),
    errors: [[unknownKey("every", "OtlpConfig"), "every:"]],
  },
  {
    name: "a typo in a way to hand traces on",
    config: telemetry('traces: { propagate: ["tracecontxt"] }'),
    errors: [[wrong('"tracecontxt"', "Propagator", '"tracecontext"'), '"tracecontxt"']],
  },
  {
    name: "seconds for buckets",
    config: telemetry("metrics: { buckets: [0.005, 1] }"),
    errors: [[wrong("number", DURATION), "0.005"], [wrong("number", DURATION), "1]"]],
  },
  {
    name: "a level that is none",
    config: telemetry('log: { levels: { upstreams: "trace" } }'),
    errors: [[wrong('"trace"', 'LogLevel | "off"'), "upstreams:"]],
  },
  {
    name: "an unknown key of a route's telemetry",
    config: route('path: "/a", upstream: "users", telemetry: { trace: 0.5 }'),
    errors: [[unknownKey("trace", "RouteTelemetry", "traces"), "trace:"]],
  },
  {
    name: "what no listener answers",
    config: gateway(`listen: { port: 80, expose: ["helth"] }, ${ROUTES}`),
    errors: [[wrong('"helth"', "Exposed", '"health"'), '"helth"']],
  },
  {
    name: "a text that says whether an upstream is required",
    config: upstream('{ endpoints: ["http://a"], required: "yes" }'),
    errors: [[wrong("string", "boolean | undefined"), "required:"]],
  },
];

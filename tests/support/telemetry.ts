/** Telemetry plans for tests. @module */

import type { AccessLogPlan, TelemetryPlan } from "../../src/telemetry/telemetry_plan.ts";

/** An access log as a config that says nothing of it has. */
export const PLAIN_ACCESS_LOG: AccessLogPlan = {
  to: "stdout",
  format: "json",
  fields: null,
  headers: { request: [], response: [] },
  query: false,
  redact: [],
  sample: 1,
  slow: null,
  errors: true,
};

/** Nothing is told. */
export const QUIET: TelemetryPlan = {
  resource: { service: "gatewright", attributes: {} },
  traces: null,
  metrics: null,
  accessLog: null,
  log: { to: "stderr", format: "auto", level: "info", levels: {} },
};

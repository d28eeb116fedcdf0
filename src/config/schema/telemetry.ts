/** What the gateway tells about its work. @module */

import { z } from "zod";
import { flag } from "../../settings/flag.ts";
import { numberBetween } from "../../settings/number_between.ts";
import { oneOfShapes, report, settings } from "../../settings/shapes.ts";
import { plainText } from "../../settings/text.ts";
import type { RouteTelemetryPlan, TelemetryPlan } from "../../telemetry/telemetry_plan.ts";
import { accessLogSchema } from "./access_log.ts";
import { logSchema } from "./log.ts";
import { metricsSchema } from "./metrics.ts";
import { tracesSchema } from "./traces.ts";

/** What `service` sets. */
const SERVICE_NAME = "service.name";

const resource = z.record(z.string(), plainText("a text"), {
  error: (issue) => issue.code === "invalid_type" ? "expected attributes by name" : undefined,
}).superRefine((written, context) => {
  const message = "the name of the service has a setting of its own", remedy = "service, beside resource";
  if (SERVICE_NAME in written) report(context, written, [{ path: [SERVICE_NAME], message, remedy, onKey: true }]);
});

const parts = settings("settings of telemetry", {
  service: plainText("a name").prefault("gatewright").describe("The gateway's name among other services."),
  resource: resource.prefault({}).describe("More of it, by the names of OpenTelemetry."),
  traces: tracesSchema.prefault(false)
    .describe("A trace for each request. true: to a collector at http://localhost:4318."),
  metrics: metricsSchema.prefault(true).describe("What is counted and measured; Prometheus reads it at /metrics."),
  accessLog: accessLogSchema.prefault(true).describe("A line a request. true: in JSON, to the standard output."),
  log: logSchema,
});

/** The single settings of {@link telemetrySchema}. */
export const telemetryParts = parts.shape;

/** What the gateway tells about its work. */
export const telemetrySchema = parts.prefault({}).transform(({ service, resource, ...rest }): TelemetryPlan => ({
  resource: { service, attributes: resource },
  ...rest,
})).describe("What the gateway tells about its work: traces, metrics and logs.");

const share = oneOfShapes("a number from 0 to 1, true or false", [numberBetween(0, 1), flag().transform(Number)]);

/** What one route says of its own. */
export const routeTelemetrySchema = settings("settings such as { traces: 0.1 }", {
  traces: share.optional().describe("Share of its traces that are recorded where no caller has decided."),
  accessLog: share.optional().describe("Share of its requests that have a line in the access log."),
}).transform(({ traces, accessLog }): RouteTelemetryPlan => ({ traces: traces ?? null, accessLog: accessLog ?? null }));

/** What the gateway tells about its work. @module */

import { flag } from "../../settings/flag.ts";
import { oneOfShapes, settings } from "../../settings/shapes.ts";
import { plainText } from "../../settings/text.ts";
import type { AccessLogPlan, TelemetryPlan } from "../../telemetry/telemetry_plan.ts";

const accessLog = (to: AccessLogPlan["to"]): AccessLogPlan => ({
  to,
  format: "json",
  fields: null,
  headers: { request: [], response: [] },
  query: false,
  redact: [],
  sample: 1,
  slow: null,
  errors: true,
});

/** What the gateway tells about its work. */
export const telemetrySchema = settings("settings of telemetry", {
  accessLog: oneOfShapes("true, false or { file }", [
    flag().transform((on) => on ? accessLog("stdout") : null),
    settings("{ file }", {
      file: plainText("the path of a file").describe(
        "Appended to. Unlike other paths a relative one starts at the working directory, not at the config's folder.",
      ),
    })
      .transform(({ file }) => accessLog({ file })),
  ]).prefault(true).describe("One JSON line a request, to the standard output or to a file."),
}).prefault({}).transform(({ accessLog }): TelemetryPlan => ({
  resource: { service: "gatewright", attributes: {} },
  traces: null,
  metrics: null,
  accessLog,
  log: { to: "stderr", format: "auto", level: "info", levels: {} },
})).describe("What the gateway tells about its work.");

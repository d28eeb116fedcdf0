/** What a gateway tells of its work, in a few words each. @module */

import { formatDuration } from "../core/units.ts";
import type { AccessLogPlan, MetricsPlan, TracesPlan } from "../telemetry/telemetry_plan.ts";

/** `one line of JSON a request, on standard output`. */
export function accessLogText(plan: AccessLogPlan | null): string {
  if (plan === null) return "off";
  const line = plan.format === "json" ? "one line of JSON" : "one line";
  const requests = plan.sample === 1 ? "a request" : `for ${percent(plan.sample)} of the requests`;
  return `${line} ${requests}, ${plan.to === "stdout" ? "on standard output" : `in ${plan.to.file}`}`;
}

/** `1% of the requests, and those that fail, to http://localhost:4318/v1/traces`. */
export function tracesText({ sample, keepErrors, to }: TracesPlan): string {
  const requests = sample === 1 ? "all requests" : `${percent(sample)} of the requests`;
  const failed = keepErrors && sample < 1 ? ", and those that fail" : "";
  return `${requests}${failed}, ${to.kind === "console" ? "on standard error" : `to ${to.otlp.url}`}`;
}

/** `every 15s to http://localhost:4318/v1/metrics`. */
export function pushText({ url, every }: NonNullable<MetricsPlan["otlp"]>): string {
  return `every ${formatDuration(every)} to ${url}`;
}

/** Of a share. */
function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))}%`;
}

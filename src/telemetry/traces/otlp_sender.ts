/** Sends spans by OTLP over HTTP. @module */

import type { OTLPTraceExporter as Exporter } from "@opentelemetry/exporter-trace-otlp-http";
import type { SecretReader } from "../../core/secret.ts";
import { collectorOf, exported } from "../otlp/collector.ts";
import type { OtlpPlan } from "../telemetry_plan.ts";
import type { SpanSender } from "./span_queue.ts";

/** @returns a sender, its exporter loaded */
export async function otlpSender(plan: OtlpPlan, secrets: SecretReader): Promise<SpanSender> {
  const { OTLPTraceExporter } = plan.protocol === "http/json"
    ? await import("@opentelemetry/exporter-trace-otlp-http")
    : await import("@opentelemetry/exporter-trace-otlp-proto");
  const collector = await collectorOf(plan, secrets);
  // One at a time: the one before may still be on the exporter's list when the next one goes.
  const exporter: Exporter = new OTLPTraceExporter({ ...collector.init, concurrencyLimit: 2 });
  return {
    send: (spans) => exported((done) => exporter.export(spans, done)),
    close: () => collector.close(),
  };
}

/** What collectors give, as the lines that a scraper reads. @module */

import { logTo } from "../../../src/core/log.ts";
import { type Collector, MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";
import { prometheusText } from "../../../src/telemetry/metrics/prometheus_text.ts";

/** Complains where a gateway would only log it. */
export const failingLog = logTo((_level, message, fields) => {
  throw new Error(`${message}: ${fields?.error}`);
});

/** Everything that the collector gives, without help and types. */
export function linesOf(collector: Collector): string[] {
  const registry = new MetricsRegistry(failingLog);
  registry.collect(collector);
  return prometheusText(registry.scrape()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

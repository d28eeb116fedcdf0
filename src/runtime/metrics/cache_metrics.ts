/** Metrics of caches: what they hold, and how their second tiers do. @module */

import type { CacheReport } from "../../core/answer_cache.ts";
import type { ResponseCacheReport } from "../../policies/cache/response_cache.ts";
import { family } from "../../telemetry/metrics/family.ts";
import type { Collector } from "../../telemetry/metrics/metrics_registry.ts";

const ENTRIES = family({
  name: "gatewright_cache_entries",
  type: "gauge",
  help: "Answers that the cache holds in memory.",
  labels: ["cache"],
});

const BYTES = family({
  name: "gatewright_cache_size_bytes",
  type: "gauge",
  unit: "bytes",
  help: "Bytes that these answers take, with all that it costs to keep them.",
  labels: ["cache"],
});

const MOST_BYTES = family({
  name: "gatewright_cache_limit_bytes",
  type: "gauge",
  unit: "bytes",
  help: "Bytes that they may take.",
  labels: ["cache"],
});

const FILLS = family({
  name: "gatewright_cache_fills_in_flight",
  type: "gauge",
  help: "Answers on their way into the cache.",
  labels: ["cache"],
});

const REQUESTS = family({
  name: "gatewright_cache_requests_total",
  type: "counter",
  help: "What the cache made of requests: hit, stale, revalidated, collapsed, miss, bypass.",
  labels: ["cache", "outcome"],
});

const TIER = family({
  name: "gatewright_cache_tier_operations_total",
  type: "counter",
  help: "What came of asking the second tier: reads, those of them that were hits, writes, failures.",
  labels: ["cache", "operation"],
});

/** Caches by the ids of their policies. */
export function cacheMetrics(caches: () => readonly CacheReport[]): Collector {
  return (out) => {
    for (const report of caches()) {
      const { id } = report;
      out.add(ENTRIES, report.entries, id);
      out.add(BYTES, report.bytes, id);
      out.add(MOST_BYTES, report.maxBytes, id);
      if (!tellsMore(report)) continue;
      out.add(FILLS, report.underWay, id);
      for (const [outcome, count] of Object.entries(report.outcomes)) out.add(REQUESTS, count, id, outcome);
      for (const [operation, count] of Object.entries(report.secondTier ?? {})) out.add(TIER, count, id, operation);
    }
  };
}

function tellsMore(report: CacheReport): report is ResponseCacheReport {
  return "outcomes" in report && "underWay" in report && "secondTier" in report;
}

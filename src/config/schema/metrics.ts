/** Metrics. @module */

import type { z } from "zod";
import { formatDuration } from "../../core/units.ts";
import { duration } from "../../settings/duration.ts";
import { flag } from "../../settings/flag.ts";
import { listOf, type Misfit, report, settings } from "../../settings/shapes.ts";
import type { MetricsPlan } from "../../telemetry/telemetry_plan.ts";
import { onOr } from "./on_or.ts";
import { COLLECTOR, collectorOr, otlpPlan, otlpShape } from "./otlp.ts";
import { outputFile } from "./output_file.ts";

const EXPECTED = 'settings such as { to: "otlp" }';
/** From a hit in a cache to a slow upstream, in milliseconds. */
const BUCKETS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
/** Each is a time series for each route and method. */
const MOST_BUCKETS = 50;

/** In seconds, as Prometheus counts. */
const buckets = listOf("a list of durations", duration({ zero: false }), "at least one duration is needed")
  .superRefine((bounds, context) => report(context, bounds, falling(bounds)))
  .transform((bounds) => bounds.map((ms) => ms / 1000));

const every = duration({ zero: false, least: 1_000 }).prefault("60s").describe("Time between two messages.");
const toSchema = collectorOr([], settings(COLLECTOR, { ...otlpShape("metrics"), every }).transform(otlpPlan));

const metricsSettings = settings(EXPECTED, {
  buckets: buckets.prefault(BUCKETS.map(formatDuration)).describe(
    "Bounds of the durations that are told apart, rising.",
  ),
  exemplars: flag().prefault(true).describe("Whether each bucket names a trace, in the OpenMetrics format."),
  to: toSchema.optional().describe("A collector that metrics are pushed to as well."),
  summary: outputFile().optional().describe("A file that gets a line of JSON each second."),
}).meta({ examples: [{ to: "otlp" }] }).transform(({ buckets, exemplars, to, summary }): MetricsPlan => ({
  buckets,
  exemplars,
  otlp: to ?? null,
  summary: summary === undefined ? null : { file: summary },
}));

/** Metrics: `null` where nothing is counted. */
export const metricsSchema: z.ZodType<MetricsPlan | null, unknown> = onOr(EXPECTED, metricsSettings);

function falling(bounds: readonly number[]): Misfit[] {
  const misfits = bounds.flatMap((bound, i): Misfit[] => {
    if (i === 0 || bound > bounds[i - 1]) return [];
    const before = formatDuration(bounds[i - 1]);
    return [{
      path: [i],
      message: `each bound is above the one before, which is ${before}`,
      remedy: `more than ${before}`,
    }];
  });
  if (bounds.length <= MOST_BUCKETS) return misfits;
  const message = `each bound is a time series for each route and method, and there are ${bounds.length}`;
  return [...misfits, { path: [], message, remedy: `${MOST_BUCKETS} or fewer` }];
}

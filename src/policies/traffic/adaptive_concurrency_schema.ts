/** What `adaptiveConcurrency` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { duration } from "../../settings/duration.ts";
import { numberBetween, wholeNumber } from "../../settings/number_between.ts";
import { report, settings } from "../../settings/shapes.ts";
import type { AdaptiveLimitPlan } from "./overload/adaptive_limit.ts";

/** More than one process can have under way. */
const MOST = 1_000_000;

/** Schema of the options of `adaptiveConcurrency`. */
export const adaptiveConcurrencySchema: z.ZodType<AdaptiveLimitPlan, unknown> = settings(
  "settings such as { min: 3, max: 1000 }",
  {
    min: wholeNumber(1, MOST).prefault(3).describe("The limit is never lower."),
    max: wholeNumber(1, MOST).prefault(1_000).describe("The limit is never higher."),
    window: duration({ zero: false, least: 10, most: 60_000 }).prefault("100ms")
      .describe("How long latencies are collected before the limit moves."),
    percentile: numberBetween(0.01, 0.99).prefault(0.5).describe("Which latency stands for a window."),
    buffer: numberBetween(0, 10).prefault(0.25)
      .describe("Share by which latency may exceed the one without load before the limit falls."),
    probe: settings('settings such as { every: "30s" }', {
      every: duration({ zero: false, least: 1_000 }).prefault("30s").describe("Time from one probe to the next."),
      jitter: numberBetween(0, 1).prefault(0.1).describe("Share of every by which a probe may come later, by chance."),
      requests: wholeNumber(10, 10_000).prefault(50).describe("Requests that a probe measures."),
    }).prefault({}).describe("How the latency without load is measured."),
  },
).superRefine(({ min, max }, context) => {
  if (min <= max) return;
  report(context, min, [{ path: ["min"], message: `min is above max, which is ${max}`, remedy: `${max} or less` }]);
});

/** Outlier ejection. @module */

import type { z } from "zod";
import { formatDuration } from "../../core/units.ts";
import type { OutlierPlan, SuccessRatePlan } from "../../upstreams/health/outlier_plan.ts";
import { duration } from "../../settings/duration.ts";
import { numberBetween, wholeNumber } from "../../settings/number_between.ts";
import { type Misfit, orOff, report, settings } from "../../settings/shapes.ts";

const EXPECTED = "settings such as { consecutiveGatewayErrors: 5 }";
const LONGEST = 300_000;
const count = () => wholeNumber(1, Number.MAX_SAFE_INTEGER);
const inARow = () => orOff("a whole number of at least 1", count());

const successRate: z.ZodType<SuccessRatePlan, unknown> = settings("settings such as { deviations: 1.9 }", {
  interval: duration({ zero: false }).prefault("10s").describe("How often endpoints are compared."),
  minRequests: count().prefault(100).describe("Requests that an endpoint must have had since."),
  minEndpoints: wholeNumber(2, Number.MAX_SAFE_INTEGER).prefault(5)
    .describe("Endpoints that must have had as many."),
  deviations: numberBetween(0, 10).prefault(1.9).describe("Standard deviations below the mean that eject."),
});

/** What ejects endpoints, and for how long. */
export const outliersSchema = settings(EXPECTED, {
  consecutiveGatewayErrors: inARow().prefault(5)
    .describe("Failures without an answer and 502, 503, 504 in a row that eject; false: off."),
  consecutive5xx: inARow().prefault(false).describe("The same with every status from 500; false: off."),
  successRate: orOff("settings such as { deviations: 1.9 }", successRate).prefault(false)
    .describe("Ejects what succeeds far less than the others; false: off."),
  ejectFor: duration({ zero: false }).prefault("30s")
    .describe("How long the first ejection lasts; each further one adds as much."),
  maxEjectFor: duration({ zero: false }).optional()
    .describe("How long an ejection lasts at most. Default: 5m, or ejectFor if more."),
  maxEjected: numberBetween(0, 1).prefault(0.5).describe("Largest share of the endpoints that is ejected at once."),
  panicThreshold: numberBetween(0, 1).prefault(0)
    .describe("While the share of endpoints left is below this, ejections are not heeded; 0: off."),
}).transform((written, context): OutlierPlan => {
  const { ejectFor, maxEjectFor = Math.max(LONGEST, ejectFor), ...rest } = written, misfits: Misfit[] = [];
  if (maxEjectFor < ejectFor) {
    const first = formatDuration(ejectFor), message = `the first ejection lasts ${first}, by ejectFor`;
    misfits.push({ path: ["maxEjectFor"], message, remedy: `"${first}" or more` });
  }
  if (rest.consecutiveGatewayErrors === null && rest.consecutive5xx === null && rest.successRate === null) {
    const message = "nothing would ever be ejected";
    const remedy = "consecutiveGatewayErrors, consecutive5xx or successRate, or no outliers";
    misfits.push({ path: [], message, remedy });
  }
  report(context, written, misfits);
  return { ...rest, ejectFor, maxEjectFor };
});

/** Repeating requests, and sending them twice at once. @module */

import { z } from "zod";
import { formatDuration, formatSize } from "../../core/units.ts";
import { DEFAULT_RETRY, type HedgePlan, type RetryPlan } from "../../upstreams/retry/retry_plan.ts";
import { duration, durationReader } from "../../settings/duration.ts";
import { numberBetween, wholeNumber } from "../../settings/number_between.ts";
import { outcomeList } from "./outcome_match.ts";
import { said } from "./said.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { oneOfShapes, orOff, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import { text } from "../../settings/text.ts";

const { attempts, on, backoff, budget, buffer } = DEFAULT_RETRY;
/** Where `max` is not written; so it is with the defaults. */
const GROWTH = 10;
const MOST_BYTES = 16 * 2 ** 20;

const backoffSchema: z.ZodType<RetryPlan["backoff"], unknown> = oneOfShapes(
  'a duration, or settings such as { base: "25ms", max: "250ms" }',
  [
    duration({ zero: true }).transform((base) => ({ base, max: GROWTH * base })),
    settings('settings such as { base: "25ms", max: "250ms" }', {
      base: duration({ zero: true }).optional().describe("Most of the first pause. Default: 25ms, or max if less."),
      max: duration({ zero: true }).optional().describe("Most of any pause. Default: ten times base."),
    }).transform(({ base, max }, context): RetryPlan["backoff"] => {
      if (base === undefined) return { base: Math.min(backoff.base, max ?? backoff.max), max: max ?? backoff.max };
      if (max === undefined || max >= base) return { base, max: max ?? GROWTH * base };
      const message = `the longest pause is shorter than base, which is ${formatDuration(base)}`;
      const remedy = `"${formatDuration(base)}" or more`;
      context.issues.push({ code: "custom", input: max, path: ["max"], message, params: { remedy } });
      return z.NEVER;
    }),
  ],
);

const budgetSchema: z.ZodType<RetryPlan["budget"], unknown> = orOff(
  "settings such as { ratio: 0.2 }",
  settings("settings such as { ratio: 0.2 }", {
    ratio: numberBetween(0, 1).prefault(budget!.ratio).describe("Share of the upstream's requests under way."),
    floor: wholeNumber(0, Number.MAX_SAFE_INTEGER).prefault(budget!.floor)
      .describe("Retries that there may be however few requests there are."),
  }).superRefine(({ ratio, floor }, context) => {
    if (ratio > 0 || floor > 0) return;
    const message = "no request that was sent would ever be repeated";
    const remedy = 'false for no limit, or retry.on: ["connect-error"], which needs no budget';
    context.addIssue({ code: "custom", message, params: { remedy } });
  }),
);

/** In so many words, for a flag would be set without a thought. */
const mayDuplicate = scalar<true>({
  expected: '"may-duplicate"',
  json: { const: "may-duplicate" },
  parse: (value) => value === "may-duplicate" ? true : undefined,
  remedy: (value) => value === true ? '"may-duplicate"' : value === false ? "nothing: leave it out" : undefined,
});

const repeated = settings("settings such as { attempts: 3 }", {
  attempts: wholeNumber(1, 10).optional().describe(`Tries, the first included. Default: ${attempts}.`),
  on: outcomeList("a list of nothing; retry: false repeats nothing").optional()
    .describe(`What is tried again: failures by kind, and statuses. Default: ${on.join(", ")}.`),
  backoff: backoffSchema.optional().describe(
    `Pause before a try, by chance up to base, doubled with each try up to max. Default: ${
      formatDuration(backoff.base)
    } to ${formatDuration(backoff.max)}.`,
  ),
  budget: budgetSchema.optional().describe("Most retries at once; false: no limit. Default: 0.2, and 3 in any case."),
  buffer: size(0, MOST_BYTES).optional()
    .describe(`Most bytes of a body that are kept to be sent again. Default: ${formatSize(buffer)}.`),
  unsafe: mayDuplicate.optional()
    .describe("Repeats requests of every method: a POST may then be done twice."),
}).meta({ examples: [{ attempts: 3 }] }).transform(said).meta({
  id: "Retry",
  description: "When and how often a request is tried again.",
});

/** What is said of retries, the rest left open; `null`: off. */
export const routeRetrySchema: z.ZodType<Partial<RetryPlan> | null, unknown> = orOff(
  "settings such as { attempts: 3 }",
  repeated,
);

/** An upstream's retries, with every default. */
export const upstreamRetrySchema: z.ZodType<RetryPlan | null, unknown> = orOff(
  "settings such as { attempts: 3 }",
  repeated.transform((own): RetryPlan => ({ ...DEFAULT_RETRY, ...own })),
).prefault({});

const readDelay = durationReader({ zero: false });

const hedgeDelay = text<HedgePlan["after"]>({
  expected: 'a duration such as "80ms", or a percentile such as "p95"',
  json: { pattern: "^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d)|p[0-9]+(\\.[0-9]+)?)$" },
  read(value) {
    const percentile = /^p(\d+(?:\.\d+)?)$/.exec(value)?.[1];
    if (percentile === undefined) return readDelay(value);
    if (Number(percentile) < 50 || Number(percentile) > 99.9) {
      return new Refusal('expected a percentile from "p50" to "p99.9"');
    }
    return { percentile: Number(percentile) };
  },
});

/** A second request while the first takes long; `null`: off. */
export const hedgeSchema = orOff(
  'settings such as { after: "p95" }',
  settings('settings such as { after: "p95" }', {
    after: hedgeDelay.describe("How long the first may take: a duration, or a percentile of the route's latencies."),
    max: wholeNumber(1, 3).optional().describe("Most requests beside the first. Default: 1."),
  }).meta({ id: "Hedge", description: "A second request while the first takes long." }),
);

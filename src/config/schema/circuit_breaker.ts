/** Circuit breakers. @module */

import type { z } from "zod";
import { formatDuration } from "../../core/units.ts";
import type { BreakerPlan } from "../../upstreams/breaker/breaker_plan.ts";
import type { OutcomeMatch } from "../../upstreams/outcome_set.ts";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { numberBetween, shareAboveZero, wholeNumber } from "../../settings/number_between.ts";
import { outcomeList } from "./outcome_match.ts";
import { listOf, type Misfit, oneOfShapes, report, settings } from "../../settings/shapes.ts";

const EXPECTED = "settings such as { failureThreshold: 5 }";
const HOUR = 3_600_000;
/** Where no rule is written. */
const THRESHOLD = 5;
/** With `failureRatio`. */
const MIN_REQUESTS = 20;
/** The longest open time, as a multiple of the first. */
const GROWTH = 10;
const FAILURES: readonly OutcomeMatch[] = ["connect-error", "reset", "timeout", "protocol-error", "5xx"];

const count = () => wholeNumber(1, Number.MAX_SAFE_INTEGER);

const one = settings(EXPECTED, {
  per: choice(["endpoint", "upstream"]).prefault("endpoint").describe("What it opens for."),
  failureThreshold: count().optional().describe(
    `Failures within window that trip it. Default: ${THRESHOLD} where no other rule is set.`,
  ),
  failureRatio: shareAboveZero().optional().describe("Share of failures within window that trips it."),
  minRequests: count().optional()
    .describe(`Requests within window from which failureRatio counts. Default: ${MIN_REQUESTS}.`),
  consecutiveFailures: count().optional().describe("Failures in a row that trip it."),
  window: duration({ zero: false, least: 1_000, most: HOUR }).prefault("60s")
    .describe("How far back failures are counted."),
  openFor: duration({ zero: false }).prefault("30s").describe("How long it stays open the first time."),
  maxOpenFor: duration({ zero: false }).optional()
    .describe("How long it stays open at most. Default: ten times openFor, but not more than 1h."),
  jitter: numberBetween(0, 1).prefault(0.1).describe("Share of the open time that chance adds."),
  halfOpenRequests: count().prefault(1).describe("Trial requests let through at once while it is half-open."),
  successThreshold: count().prefault(1).describe("Successful trials that close it."),
  failures: outcomeList("nothing would ever trip it").optional()
    .describe(`What counts as a failure. Default: ${FAILURES.join(", ")}.`),
}).transform((written, context): BreakerPlan => {
  const { failureThreshold, failureRatio, minRequests, consecutiveFailures, openFor, maxOpenFor, failures } = written;
  const misfits: Misfit[] = [];
  if (minRequests !== undefined && failureRatio === undefined) {
    const message = "minRequests is for failureRatio, which is not set";
    misfits.push({ path: ["minRequests"], message, remedy: "failureRatio too, or no minRequests", onKey: true });
  }
  if (maxOpenFor !== undefined && maxOpenFor < openFor) {
    const first = formatDuration(openFor), message = `it is open for ${first} the first time, by openFor`;
    misfits.push({ path: ["maxOpenFor"], message, remedy: `"${first}" or more` });
  }
  report(context, written, misfits);
  const anyRule = failureThreshold ?? failureRatio ?? consecutiveFailures;
  return {
    per: written.per,
    failureThreshold: failureThreshold ?? (anyRule === undefined ? THRESHOLD : null),
    failureRatio: failureRatio ?? null,
    minRequests: minRequests ?? MIN_REQUESTS,
    consecutiveFailures: consecutiveFailures ?? null,
    window: written.window,
    openFor,
    maxOpenFor: maxOpenFor ?? Math.max(openFor, Math.min(GROWTH * openFor, HOUR)),
    jitter: written.jitter,
    halfOpenRequests: written.halfOpenRequests,
    successThreshold: written.successThreshold,
    failures: failures ?? FAILURES,
  };
}).meta({ id: "CircuitBreaker", description: "Stops sending where requests fail." });

/** One circuit breaker, or one for each endpoint and one for the whole upstream. */
export const circuitBreakersSchema: z.ZodType<readonly BreakerPlan[], unknown> = oneOfShapes(
  `${EXPECTED}, or a list of two`,
  [
    one.transform((breaker) => [breaker]),
    listOf("a list of circuit breakers", one, "a list of no circuit breakers").superRefine((breakers, context) => {
      breakers.forEach(({ per }, i) => {
        const first = breakers.findIndex((other) => other.per === per);
        if (first === i) return;
        const message = `the list has a circuit breaker per ${per} already`;
        const remedy = `per: "${per === "endpoint" ? "upstream" : "endpoint"}", or one circuit breaker`;
        context.addIssue({ code: "custom", path: [i], message, params: { remedy } });
      });
    }),
  ],
);

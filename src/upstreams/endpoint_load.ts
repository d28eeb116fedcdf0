/** What an endpoint has to do and how it does it; kept as long as the endpoint is. @module */

import type { Histogram } from "../telemetry/metrics/histogram.ts";
import { OUTCOME_KINDS, type OutcomeCode, PROTOCOL_ERROR } from "./outcome_set.ts";

/** Milliseconds in which an average forgets two thirds of what it knew, as Finagle's peak EWMA does. */
const MEMORY = 10_000;

/** Milliseconds that a failure counts as, at least: an endpoint that fails at once must not look fast, nor faster than it was. */
const FAILURE = 1_000;

/** Kept of what was known, each time an endpoint was not asked for a while: one that was slow gets another chance. */
const FADING = 0.9;

/** What attempts are counted by: the class of the answer's status, or what kept the answer away. */
export const ATTEMPT_RESULTS = [...OUTCOME_KINDS, "1xx", "2xx", "3xx", "4xx", "5xx"] as const;

/** Place of a class in {@link ATTEMPT_RESULTS}: statuses follow behind the kinds of failure. */
const FIRST_CLASS = OUTCOME_KINDS.length - 1;

/** How many attempts came to what. */
export type AttemptCounts = { readonly [result in (typeof ATTEMPT_RESULTS)[number]]: number };

/** Counters and averages of one endpoint. */
export class EndpointLoad {
  inFlight = 0;
  /** The lowest limit on `inFlight` that any plan has had: around it, and above, each change counts. */
  lowestLimit = Infinity;
  /** Milliseconds to the head of an answer, on average. */
  latency = 0;
  /** The same, but a slower answer counts in full. */
  peakLatency = 0;
  errorRate = 0;
  /** Attempts that have ended, and those of them that failed. */
  attempts = 0;
  failures = 0;
  /** Seconds to the head of an answer, or to the failure; `null`: nobody reads them. */
  latencies: Histogram | null = null;
  /** By {@link ATTEMPT_RESULTS}. */
  readonly #results: number[] = ATTEMPT_RESULTS.map(() => 0);
  /** When something was heard last. */
  #heardAt = -Infinity;

  /** Whether it is, or was for some plan, as busy as it may be. */
  get crowded(): boolean {
    return this.inFlight >= this.lowestLimit;
  }

  /** Attempts that have ended, by what they came to. */
  get results(): AttemptCounts {
    return Object.fromEntries(ATTEMPT_RESULTS.map((result, i) => [result, this.#results[i]])) as AttemptCounts;
  }

  /** An attempt was given up after `latency` milliseconds: an answer would have taken longer. @param now the clock's time */
  slow(latency: number, now: number): void {
    this.#sample(latency, false, now);
  }

  /** An attempt was answered, or failed, after `latency` milliseconds. @param now the clock's time */
  heard(latency: number, code: OutcomeCode, now: number): void {
    const failed = code >= 500 || (code > 0 && code <= PROTOCOL_ERROR);
    const sample = failed ? Math.max(latency, this.latency, FAILURE) : latency;
    this.attempts++;
    if (failed) this.failures++;
    this.#results[code < 100 ? code - 1 : FIRST_CLASS + Math.floor(code / 100)]++;
    if (this.latencies !== null) this.latencies.observe(latency / 1_000);
    this.#sample(sample, failed, now);
  }

  /** Forgets a little if nothing was heard since `since`: without this an endpoint that is avoided is avoided for ever. */
  fade(since: number): void {
    if (this.#heardAt > since) return;
    this.latency *= FADING;
    this.peakLatency *= FADING;
    this.errorRate *= FADING;
  }

  #sample(sample: number, failed: boolean, now: number): void {
    // Of nothing, nothing is kept: the first sample counts in full.
    const kept = Math.exp((this.#heardAt - now) / MEMORY), taken = 1 - kept;
    this.latency = this.latency * kept + sample * taken;
    this.peakLatency = sample > this.peakLatency ? sample : this.peakLatency * kept + sample * taken;
    this.errorRate = this.errorRate * kept + (failed ? taken : 0);
    this.#heardAt = now;
  }
}

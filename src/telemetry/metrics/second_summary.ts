/** One second of requests in a few numbers. @module */

import type { RequestCompleted } from "../../core/events.ts";
import { isServerError } from "../failures.ts";
import { DurationSketch } from "./duration_sketch.ts";
import { isTunnel } from "./is_tunnel.ts";

/** Outcomes of a cache that count as its answer. */
const HITS: ReadonlySet<string> = new Set(["hit", "stale", "revalidated", "collapsed"]);

/** A line of the summary file. Durations are milliseconds; `null` where there was no request to tell of. */
export interface SummaryLine {
  readonly ts: string;
  /** Requests that were over in this second. */
  readonly requests: number;
  /** The same a second, by the clock. */
  readonly rps: number;
  /** Answered with 500 or above, or broken off; not those whose client went away. */
  readonly errors: number;
  /** Answered from a cache. */
  readonly hits: number;
  /** Asked of a cache, answered by an upstream. */
  readonly misses: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly inFlight: number;
}

/** Counts requests until somebody reads the numbers, which begins the next second. */
export class SecondSummary {
  readonly #durations = new DurationSketch();
  #requests = 0;
  #errors = 0;
  #hits = 0;
  #misses = 0;

  /** For `request.completed`. */
  count(event: RequestCompleted): void {
    this.#requests++;
    if (isServerError(event.error, event.status)) this.#errors++;
    if (event.cache !== "") {
      if (HITS.has(event.cache)) this.#hits++;
      else if (event.cache === "miss") this.#misses++;
    }
    if (!isTunnel(event)) this.#durations.add(event.duration);
  }

  /** The numbers since the last time. @param seconds how long that was */
  take(ts: string, seconds: number, inFlight: number): SummaryLine {
    const requests = this.#requests, durations = this.#durations;
    const line = {
      ts,
      requests,
      rps: seconds > 0 ? Math.round(requests / seconds * 10) / 10 : 0,
      errors: this.#errors,
      hits: this.#hits,
      misses: this.#misses,
      p50: durations.quantile(0.5),
      p95: durations.quantile(0.95),
      p99: durations.quantile(0.99),
      inFlight,
    };
    this.#requests =
      this.#errors =
      this.#hits =
      this.#misses =
        0;
    durations.clear();
    return line;
  }
}

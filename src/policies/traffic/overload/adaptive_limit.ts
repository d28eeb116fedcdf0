/** The limit that adapts: what is under way, what it takes, and what becomes of the limit. @module */

import type { Abandonable } from "../../../core/exchange.ts";
import type { Random } from "../../../core/random.ts";
import { gradientOf, nextLimit } from "./gradient.ts";
import { LatencyWindow } from "./latency_window.ts";

/** How a limit adapts. Durations in milliseconds. */
export interface AdaptiveLimitPlan {
  readonly min: number;
  readonly max: number;
  readonly window: number;
  readonly percentile: number;
  readonly buffer: number;
  readonly probe: ProbePlan;
}

/** How the latency without load is measured. */
export interface ProbePlan {
  readonly every: number;
  readonly jitter: number;
  readonly requests: number;
}

/** Samples below which a window or a probe says nothing: a slow service's windows are longer. */
const FEWEST = 10;
/** Size of the buffer where a probe does not need more. */
const SAMPLES = 256;
/** A probe leaves this share of the limit: less than what an overloaded service has under way without a queue. */
const PROBE_SHARE = 0.25;
/** So many of its latencies a probe goes on at least: of requests that begin together, the fast ones are seen first. */
const PROBE_LATENCIES = 5;
/** So many of its latencies a window goes on at least: a new limit shows one latency later. */
const WINDOW_LATENCIES = 2;
/** Milliseconds after which a probe goes without the rest of its samples, unless its latencies are longer. */
const LONGEST_PROBE = 1_000;
/** So many times as long as a probe took is none: what it costs has a bound, however slow the service is. */
const PROBE_REST = 20;
/** Milliseconds before a drift is looked into again: a probe refuses requests. */
const SOONEST = 5_000;
/** A limit that has fallen to this share of what it was, with latency still high, has perhaps the wrong measure. */
const FALLEN = 0.7;
/** Windows in a row that must be faster than the measure by more than the buffer. */
const FASTER_WINDOWS = 5;

/** The limit of one policy. Whatever happens here happens at the beginning or the head of a request: there is no timer. */
export class AdaptiveLimit {
  readonly #plan: AdaptiveLimitPlan;
  readonly #random: Random;
  readonly #window: LatencyWindow;
  #limit: number;
  #inFlight = 0;
  /** Of those, without a head. */
  #unanswered = 0;
  /** Most that were under way in this window. */
  #peak = 0;
  /** When this window, or this probe, began. */
  #since: number;
  /** When it may end. */
  #due: number;
  /** The last window's. */
  #latency = 0;
  #minRtt = 0;
  #probing = true;
  /** Whether nobody has been admitted in this probe. */
  #untouched = true;
  /** What the limit goes back to after the probe. */
  #resume: number;
  #nextProbe = Infinity;
  #lastProbe = 0;
  /** The greatest limit since the last probe. */
  #highest = 0;
  #fasterWindows = 0;

  /** It begins with a probe, at the least limit: nothing is known yet. */
  constructor(plan: AdaptiveLimitPlan, random: Random, now: number) {
    this.#plan = plan;
    this.#random = random;
    this.#window = new LatencyWindow(Math.max(SAMPLES, plan.probe.requests));
    this.#limit = this.#resume = plan.min;
    this.#since = this.#due = now;
  }

  /** Most requests under way, at this moment. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Latency without load, in milliseconds, as it was measured last; 0 before that. */
  get minRtt(): number {
    return this.#minRtt;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether the latency without load is being measured. */
  get probing(): boolean {
    return this.#probing;
  }

  /** Whether one more may begin. */
  get hasRoom(): boolean {
    return this.#inFlight < this.limit;
  }

  /** One more begins. Whoever calls it has seen that there is room. */
  admit(now: number): Admission {
    // Before that, the line that the old limit has made was worked off.
    if (this.#probing && this.#untouched) this.#since = this.#due = now;
    this.#untouched = false;
    this.#unanswered++;
    if (++this.#inFlight > this.#peak) this.#peak = this.#inFlight;
    return new Admission(this, now);
  }

  /** For an admission: it is over. */
  left(answered: boolean): void {
    this.#inFlight--;
    if (!answered) this.#unanswered--;
  }

  /** For an admission that began at `started`: its answer's head is there. */
  answered(started: number, now: number, failed: boolean): void {
    this.#unanswered--;
    const latency = now - started;
    if (this.#probing) {
      // Who came before stood in a line that another limit has made.
      if (!failed && started >= this.#since) this.#window.add(latency);
      return this.#tryEndOfProbe(now);
    }
    if (!failed || latency > this.#latency) this.#window.add(latency);
    if (now >= this.#nextProbe) this.#probe(now);
    else if (now >= this.#due && this.#window.count >= FEWEST) this.#tryEndOfWindow(now);
  }

  #tryEndOfWindow(now: number): void {
    const { buffer, min, max, percentile } = this.#plan, latency = this.#window.percentile(percentile);
    if (!this.#wentOnFor(WINDOW_LATENCIES * latency, now)) return;
    this.#latency = latency;
    const seen = { limit: this.#limit, minRtt: this.#minRtt, latency, peak: this.#peak };
    this.#limit = Math.min(Math.max(nextLimit(seen, buffer), min), max);
    this.#highest = Math.max(this.#highest, this.#limit);
    this.#fasterWindows = latency * (1 + buffer) < this.#minRtt ? this.#fasterWindows + 1 : 0;
    this.#begin(now);
    const tooSlow = gradientOf(seen, buffer) < 1 && (this.#limit <= min || this.#limit < this.#highest * FALLEN);
    const drifted = tooSlow || this.#fasterWindows >= FASTER_WINDOWS;
    if (drifted && now - this.#lastProbe >= SOONEST) this.#probe(now);
  }

  #probe(now: number): void {
    this.#probing = true;
    this.#resume = this.#limit;
    this.#limit = Math.max(this.#plan.min, this.#limit * PROBE_SHARE);
    this.#begin(now);
  }

  #tryEndOfProbe(now: number): void {
    const { percentile, probe } = this.#plan, { count } = this.#window, age = now - this.#since;
    const longest = Math.max(LONGEST_PROBE, PROBE_LATENCIES * this.#latency), late = age > longest;
    // Hardly anybody asks: better the old measure than so few places for long.
    if (late && count < FEWEST && this.#minRtt > 0) return this.#endProbe(now);
    if (count < (late ? FEWEST : probe.requests) || now < this.#due) return;
    // Those without an answer are the slow ones, unless they hang.
    const latency = this.#window.percentile(percentile, age > 2 * longest ? 0 : this.#unanswered);
    if (latency === Infinity || !this.#wentOnFor(PROBE_LATENCIES * latency, now)) return;
    this.#minRtt = this.#latency = latency;
    this.#endProbe(now);
  }

  #endProbe(now: number): void {
    const { every, jitter } = this.#plan.probe, rest = PROBE_REST * (now - this.#since);
    this.#probing = false;
    this.#limit = this.#highest = this.#resume;
    this.#fasterWindows = 0;
    this.#lastProbe = now;
    // Only later, never earlier: gateways that were started together drift apart.
    this.#nextProbe = now + Math.max(every * (1 + jitter * this.#random()), rest);
    this.#begin(now);
  }

  /** Whether so much time has passed since the beginning; else it is not looked at before. */
  #wentOnFor(ms: number, now: number): boolean {
    this.#due = this.#since + ms;
    return now >= this.#due;
  }

  #begin(now: number): void {
    this.#window.clear();
    this.#since = now;
    this.#due = this.#probing ? now : now + this.#plan.window;
    this.#peak = this.#inFlight;
    this.#untouched = true;
  }
}

/** One request under an adaptive limit. */
export class Admission implements Abandonable {
  readonly #limit: AdaptiveLimit;
  readonly #started: number;
  #answered = false;
  #over = false;

  constructor(limit: AdaptiveLimit, started: number) {
    this.#limit = limit;
    this.#started = started;
  }

  /**
   * The answer's head is there. It is none of a client that has left: how long that one would have waited is not known.
   *
   * @param failed whether it comes from one who did not do the work. Such a one is often fast, and says nothing of how
   *   fast the work is; a slow one does
   */
  answered(now: number, failed: boolean): void {
    if (this.#over || this.#answered) return;
    this.#answered = true;
    this.#limit.answered(this.#started, now, failed);
  }

  /** The request is over. */
  abandon(): void {
    if (this.#over) return;
    this.#over = true;
    this.#limit.left(this.#answered);
  }
}

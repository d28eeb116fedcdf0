/** A service with a few places and a line before them, on a clock of its own, behind an adaptive limit. @module */

import type { Random } from "../../../../src/core/random.ts";
import type { AdaptiveLimit, Admission } from "../../../../src/policies/traffic/overload/adaptive_limit.ts";

/** What the service is like at a moment, and what is asked of it. Times in milliseconds. */
export interface ServiceNow {
  /** Requests that are worked on at one time. */
  places: number;
  /** Mean time of the work on one. */
  work: number;
  /** Whether each takes exactly that, or a time from an exponential distribution of that mean. */
  even: boolean;
  /** Requests in a second, by a Poisson process. */
  rate: number;
  /** Share of the requests that fail at once, without any work. */
  failing: number;
}

/** What happened in a stretch of time. */
export interface Stretch {
  readonly offered: number;
  readonly refused: number;
  /** Answers that are no failures. */
  readonly done: number;
  /** Of those, ascending. */
  readonly latencies: readonly number[];
  /** The limit over time, probes left out. */
  readonly meanLimit: number;
  readonly leastLimit: number;
  readonly greatestLimit: number;
  readonly probes: number;
  /** Longest time that a probe went on. */
  readonly longestProbe: number;
}

interface Job {
  readonly started: number;
  readonly admission: Admission;
  readonly fails: boolean;
}

/** Where in the service's own random order things are: the same for each run. */
export class SimulatedService {
  readonly now: ServiceNow;
  readonly #limit: AdaptiveLimit;
  readonly #random: Random;
  #time = 0;
  #busy = 0;
  readonly #line: Job[] = [];
  readonly #ends: { readonly at: number; readonly job: Job }[] = [];
  #nextArrival = 0;

  constructor(limit: AdaptiveLimit, random: Random, now: ServiceNow) {
    this.#limit = limit;
    this.#random = random;
    this.now = now;
  }

  get time(): number {
    return this.#time;
  }

  /** Lets time pass. */
  run(ms: number): Stretch {
    const end = this.#time + ms, limit = this.#limit, latencies: number[] = [];
    let offered = 0, refused = 0, probes = 0, longestProbe = 0, probeSince = limit.probing ? this.#time : -1;
    let weight = 0, area = 0, leastLimit = Infinity, greatestLimit = 0;
    const look = (until: number) => {
      if (limit.probing) {
        if (probeSince < 0) [probeSince, probes] = [this.#time, probes + 1];
        longestProbe = Math.max(longestProbe, until - probeSince);
        return;
      }
      probeSince = -1;
      weight += until - this.#time;
      area += limit.limit * (until - this.#time);
      leastLimit = Math.min(leastLimit, limit.limit);
      greatestLimit = Math.max(greatestLimit, limit.limit);
    };
    for (;;) {
      const next = this.#ends.at(0)?.at ?? Infinity, at = Math.min(next, this.#nextArrival);
      look(Math.min(at, end));
      if (at > end) break;
      this.#time = at;
      if (next <= this.#nextArrival) {
        const { job } = this.#ends.shift()!;
        if (!job.fails) {
          this.#busy--;
          latencies.push(at - job.started);
        }
        job.admission.answered(at, job.fails);
        job.admission.abandon();
        this.#work();
      } else {
        this.#nextArrival = at + this.#exponential(1_000 / this.now.rate);
        offered++;
        if (limit.hasRoom) {
          this.#take({ started: at, admission: limit.admit(at), fails: this.#random() < this.now.failing });
        } else refused++;
      }
    }
    this.#time = end;
    latencies.sort((a, b) => a - b);
    const done = latencies.length, meanLimit = area / weight;
    return { offered, refused, done, latencies, meanLimit, leastLimit, greatestLimit, probes, longestProbe };
  }

  /** It has places again. */
  wake(): void {
    this.#work();
  }

  #take(job: Job): void {
    if (job.fails) return this.#end(job.started + 0.1, job);
    this.#line.push(job);
    this.#work();
  }

  #work(): void {
    while (this.#busy < this.now.places && this.#line.length > 0) {
      this.#busy++;
      const { work, even } = this.now;
      this.#end(this.#time + (even ? work : this.#exponential(work)), this.#line.shift()!);
    }
  }

  #end(at: number, job: Job): void {
    let place = this.#ends.length;
    while (place > 0 && this.#ends[place - 1].at > at) place--;
    this.#ends.splice(place, 0, { at, job });
  }

  #exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random());
  }
}

/** The value that this share of ascending values does not exceed. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)];
}

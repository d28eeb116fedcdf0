/** Limits on a rate: what an algorithm is, and what it decides. @module */

/**
 * The grid of time that limits are reckoned on, in parts of a microsecond. Times and the interval of a token are whole
 * parts of it, so that sums of them are exact (for 17 years, in a double) and a bound holds to the letter.
 */
export const GRID = 16;

/** A limit as an algorithm sees it. Times in microseconds on the {@link GRID}. */
export interface Rule {
  /** Units, mostly requests, in each `per`. */
  readonly limit: number;
  readonly per: number;
  /** Units that may come at once. */
  readonly burst: number;
  /** Time that one unit takes: `per / limit`, rounded up to the grid. */
  readonly interval: number;
  /** Longest wait that is asked of a request; 0: none is. */
  readonly maxDelay: number;
}

/** What was decided about one request under one limit. Times in microseconds. */
export interface Verdict {
  readonly admitted: boolean;
  /** Whole units that are left, this request's taken off. */
  readonly remaining: number;
  /** Until the limit is as good as untouched, should nothing more come. */
  readonly resetAfter: number;
  /** Refused: until a request of this cost could pass; `Infinity` for never. Admitted: 0. */
  readonly retryAfter: number;
  /** Admitted: how long it has to wait before it goes on. */
  readonly delay: number;
}

/** How much there is left, and until when a key must be remembered: one way to limit a rate. */
export interface Algorithm {
  /** In configs, store keys and messages. */
  readonly name: string;
  /**
   * How many numbers it keeps for a key. The first is the time up to which the key must be remembered: from then on it is
   * as good as new. The others count what has been used: where places are short, the key is forgotten whose others sum to
   * least. All are 0 for a key that is new, and they may be left over from long ago.
   */
  readonly size: number;
  /**
   * Decides about a request of this `cost` at `now`, both of them whole and not negative. Where it is admitted, `state`
   * becomes what is then so; where it is refused, `state` stays. A cost of 0 is always admitted: it only asks.
   */
  take(state: Float64Array, now: number, cost: number, rule: Rule): Verdict;
  /** Charges without asking, or gives back where `amount` is negative; never to less than nothing used. */
  charge(state: Float64Array, now: number, amount: number, rule: Rule): void;
  /**
   * Microseconds until there is more to be had than {@link Verdict.remaining}.
   *
   * @default `retryAfter` of a refusal, else `resetAfter`
   */
  moreAfter?(verdict: Verdict, rule: Rule): number;
  /**
   * The same for Redis (Lua 5.1): `{ take = function(state, now, cost, rule, self) … end, charge = function(state, now,
   * amount, rule, self) … end }`. `state` counts from 1, `rule` has the members of {@link Rule}, `self` is the table
   * itself, and `take` returns `admitted`, `remaining`, `resetAfter`, `retryAfter` and `delay`. Without it the algorithm
   * is for stores in this process.
   */
  readonly lua?: string;
}

/** Milliseconds to whole parts of the grid, in microseconds: never later than it is. */
export function gridTime(ms: number): number {
  return Math.floor(ms * (1000 * GRID)) / GRID;
}

/**
 * A limit made ready. Durations in milliseconds. As the interval is rounded up, the rate is a little less than is said: by
 * 1/16 µs in each interval, which is 0.06 % at ten thousand a second, and 6 % at a million.
 */
export function ruleOf(
  { limit, per, burst = limit, maxDelay = 0 }: {
    readonly limit: number;
    readonly per: number;
    readonly burst?: number;
    readonly maxDelay?: number;
  },
): Rule {
  const micros = gridTime(per);
  return { limit, per: micros, burst, interval: Math.ceil(micros / limit * GRID) / GRID, maxDelay: gridTime(maxDelay) };
}

/** What each algorithm should decide, in the plainest words: lists of what was admitted, and no arithmetic on clocks. @module */

import assert from "node:assert/strict";
import type { Algorithm, Rule } from "../../src/core/limit.ts";
import { fixedWindow } from "../../src/policies/traffic/algorithms/fixed_window.ts";
import { leakyBucket } from "../../src/policies/traffic/algorithms/leaky_bucket.ts";
import { slidingWindow } from "../../src/policies/traffic/algorithms/sliding_window.ts";
import { tokenBucket } from "../../src/policies/traffic/algorithms/token_bucket.ts";

/** One admitted request; times in microseconds. */
export interface Admitted {
  readonly at: number;
  readonly cost: number;
  /** When it goes on. */
  readonly goesOn: number;
}

/** An algorithm with its model and its bound. */
export interface ModelledAlgorithm {
  readonly algorithm: Algorithm;
  /** Whether a request passes, after those that have passed. */
  admits(past: readonly Admitted[], now: number, cost: number, rule: Rule): boolean;
  /**
   * Most units that may go on in any window of `length` microseconds that ends with a request of cost `last`; `null` where
   * it says nothing of such windows.
   */
  bound(rule: Rule, length: number, last: number): number | null;
}

/** Holds what passed against the bound, in any window from one request to another: others hold no more. */
export function holdBound({ bound, algorithm }: ModelledAlgorithm, rule: Rule, history: readonly Admitted[]): void {
  for (let first = 0; first < history.length; first++) {
    let sum = 0;
    for (let last = first; last < history.length; last++) {
      sum += history[last].cost;
      const most = bound(rule, history[last].goesOn - history[first].goesOn, history[last].cost);
      assert.ok(most === null || sum <= most, `${algorithm.name}: ${sum} in a window that may have ${most}`);
    }
  }
}

/** Every built-in algorithm: a new one joins here. */
export const MODELLED: readonly ModelledAlgorithm[] = [
  {
    algorithm: tokenBucket,
    admits(past, now, cost, { burst, interval }) {
      let level = 0, last = 0;
      for (const request of [...past, { at: now, cost, goesOn: now }]) {
        level = Math.max(0, level - (request.at - last)) + request.cost * interval;
        last = request.at;
      }
      return level <= burst * interval;
    },
    bound: ({ burst, limit, per }, length) => burst + limit * length / per,
  },
  {
    algorithm: fixedWindow,
    admits(past, now, cost, { limit, per }) {
      const window = lastWindow(past, per);
      const used = window.filter(() => now < window[0].at + per).reduce((sum, { cost }) => sum + cost, 0);
      return used + cost <= limit;
    },
    bound: ({ limit, per }, length) => length > per ? null : 2 * limit,
  },
  {
    algorithm: slidingWindow,
    admits(past, now, cost, { limit, per }) {
      let start = -Infinity, before = 0, current = 0;
      const roll = (at: number) => {
        if (at >= start + 2 * per) [start, before, current] = [at, 0, 0];
        else if (at >= start + per) [start, before, current] = [start + per, current, 0];
      };
      for (const { at, cost } of past) {
        roll(at);
        current += cost;
      }
      roll(now);
      return before * (per - (now - start)) + (current + cost) * per <= limit * per;
    },
    bound: ({ limit, per }, length) => length > per ? null : limit * (1 + length / per),
  },
  {
    algorithm: leakyBucket,
    admits(past, now, cost, { interval, maxDelay }) {
      let free = 0;
      for (const { at, cost } of past) free = Math.max(free, at) + cost * interval;
      return Math.max(0, free - now) + (cost - 1) * interval <= maxDelay;
    },
    bound: ({ limit, per }, length, last) => last + limit * length / per,
  },
];

/** The requests of the window that was begun last. */
function lastWindow(past: readonly Admitted[], per: number): readonly Admitted[] {
  let window: Admitted[] = [];
  for (const request of past) {
    if (window.length === 0 || request.at >= window[0].at + per) window = [];
    window.push(request);
  }
  return window;
}

/** Limits counted in Redis, of which most decisions are made here. @module */

import { type Algorithm, gridTime, type Rule, ruleOf, type Verdict } from "../../core/limit.ts";
import type { Clock } from "../../core/clock.ts";
import type { MaybePromise } from "../../core/handler.ts";
import type { Limiter } from "../../core/store.ts";
import { Lease } from "./lease.ts";
import type { LimitCalls, Place } from "./limit_calls.ts";
import type { LimitKeys } from "./limit_keys.ts";
import { placesOf } from "./redis_limiter.ts";
import type { LeasePlan } from "./redis_plan.ts";

/** Leases that a limiter keeps. What finds no place is decided in Redis, so that nobody can push out others' leases. */
const MOST = 10_000;

/** Leases that one request gives back: more than a request makes, and so few that it does not hold up others. */
const MOST_GIVEN_BACK = 16;

/** What leases stand on. */
export interface LeaseLimiterParts {
  readonly exact: Limiter;
  readonly calls: LimitCalls;
  readonly keys: LimitKeys;
  readonly clock: Clock;
  readonly plan: LeasePlan;
}

/** A lease in its place. */
interface Held extends Place {
  /** By which it was filled last. */
  rule: Rule;
  readonly lease: Lease;
  /** From then on it is given back. */
  until: number;
}

/**
 * Each limit has a lease for each of its keys, and they are filled apart: a key that is refused takes nothing from the
 * others. A request passes when all its leases have enough.
 *
 * Bound: with n gateways and leases of N, a limit admits at most n · N more than its own bound in any window, since all
 * that is spent in it was charged in it, or held when it began. At most n · N wait unused, since what grows old is given
 * back.
 */
export class LeaseLimiter implements Limiter {
  readonly #parts: LeaseLimiterParts;
  /** By key, and in the order in which they grow old. */
  readonly #held = new Map<string, Held>();

  constructor(parts: LeaseLimiterParts) {
    this.#parts = parts;
  }

  take(keys: readonly string[], rules: readonly Rule[], cost: number): MaybePromise<readonly Verdict[]> {
    const { exact, plan, keys: names } = this.#parts;
    this.#giveBackOld();
    if (cost === 0 || cost > plan.tokens) return exact.take(keys, rules, cost);
    const places = placesOf(names.of(keys), rules);
    if (this.#held.size + places.length > MOST && !places.every(({ key }) => this.#held.has(key))) {
      return exact.take(keys, rules, cost);
    }
    const leases = places.map((place) => this.#leaseOf(place));
    const verdicts = leases.map((lease, i) => lease.take(cost, rules[i]));
    return verdicts.some((verdict) => verdict instanceof Promise)
      ? wait(leases, verdicts, cost)
      : together(leases, verdicts as Verdict[], cost);
  }

  charge(keys: readonly string[], rules: readonly Rule[], amount: number): MaybePromise<void> {
    return this.#parts.exact.charge(keys, rules, amount);
  }

  #leaseOf(place: Place): Lease {
    const present = this.#held.get(place.key);
    if (present !== undefined) return present.lease;
    const { calls, clock, plan } = this.#parts, { key, index } = place;
    const lease = new Lease({
      tokens: plan.tokens,
      now: () => gridTime(clock.now()),
      fetch(amounts, rule) {
        held.rule = rule;
        return calls.take([{ key, index, rule }], amounts);
      },
      giveBack: (tokens) => this.#giveBack(held, tokens),
      onFilled: () => {
        // Behind all others, since it grows old after them.
        this.#held.delete(key);
        this.#held.set(key, held);
        held.until = clock.now() + plan.for;
      },
    });
    const held: Held = { ...place, lease, until: clock.now() + plan.for };
    this.#held.set(key, held);
    return lease;
  }

  /** A request pays for the leases that grew old before it; there is no timer. */
  #giveBackOld(): void {
    const now = this.#parts.clock.now();
    let left = MOST_GIVEN_BACK;
    for (const [key, held] of this.#held) {
      if (held.until > now || held.lease.busy || left-- === 0) return;
      this.#held.delete(key);
      const tokens = held.lease.drain();
      if (tokens > 0) this.#giveBack(held, tokens);
    }
  }

  /** What cannot be given back is lost: that refuses too much, and never too little. */
  #giveBack(place: Place, tokens: number): void {
    this.#parts.calls.charge([place], -tokens).catch(() => {});
  }
}

/**
 * Whether units of an algorithm can be had in advance: it refuses more at once than there is room for. One that makes
 * requests wait instead would let them pass all together.
 */
export function canLease(algorithm: Algorithm): boolean {
  const rule = ruleOf({ limit: 1, per: 1000, maxDelay: 1e6 });
  return !algorithm.take(new Float64Array(algorithm.size), 0, 2, rule).admitted;
}

async function wait(
  leases: readonly Lease[],
  pending: readonly MaybePromise<Verdict>[],
  cost: number,
): Promise<readonly Verdict[]> {
  const settled = await Promise.allSettled(pending), failed = settled.find(({ status }) => status === "rejected");
  if (failed === undefined) return together(leases, await Promise.all(pending), cost);
  settled.forEach((one, i) => {
    if (one.status === "fulfilled" && one.value.admitted) leases[i].takeBack(cost);
  });
  throw (failed as PromiseRejectedResult).reason;
}

/** All or nothing. */
function together(leases: readonly Lease[], verdicts: readonly Verdict[], cost: number): readonly Verdict[] {
  if (verdicts.every(({ admitted }) => admitted)) return verdicts;
  return verdicts.map((verdict, i) => verdict.admitted ? leases[i].takeBack(cost) : verdict);
}

/**
 * The `rateLimit` policy: how many requests may pass in a while, for everybody together or for each client, counted in
 * this process, its threads or across machines.
 *
 * @module
 */

import type { FactsOf } from "../../core/facts.ts";
import { isFact, type Key } from "../../core/key.ts";
import type { Algorithm } from "../../core/limit.ts";
import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import type { Duration } from "../../core/units.ts";
import type { Context } from "../context.ts";
import { factsOfKey, type KeyFunction, type KeySpec } from "../keys/key_spec.ts";
import { limitWarnings } from "./rate_limit/limit_warnings.ts";
import { rateLimitInWords } from "./rate_limit/limit_words.ts";
import type { RateLimitPlan } from "./rate_limit/rate_limit_plan.ts";
import { rateLimiter } from "./rate_limit/rate_limiter.ts";
import { rateLimitSchema } from "./rate_limit_schema.ts";

/** A limit that depends on the value of a key: on a plan that clients have paid for, say. */
export interface TieredLimit<T extends Key = Key> {
  readonly by: T;
  /** The limit for each value: `{ free: 10, pro: 1000 }`. */
  readonly is: { readonly [value: string]: number };
  /**
   * For other values, and for none.
   *
   * @default the least of `is`
   */
  readonly otherwise?: number;
}

/** What all algorithms have in common. */
interface AnyLimit<K extends Key | KeyFunction, T extends Key> {
  /**
   * Names the limit in `RateLimit` fields and logs.
   *
   * @default made of the limit: `"100-per-1m"`
   */
  readonly name?: string;
  /** Requests, or units of `cost`, in each `per`: at most a million a second. Read through a knob, so that it can be turned. */
  readonly limit: number | TieredLimit<T>;
  /** The time in which `limit` comes back, up to a year. */
  readonly per: Duration;
  /**
   * What is counted by: a key, the first of several that is present, or a function. `"ip"` counts an IPv6 client by its
   * /64, the least that a client has; `"ip/32/56"` by what homes mostly have, `"ip/32/128"` each address. Requests that
   * have none of the keys are counted together; of a query parameter or cookie that stands twice the first counts. What
   * clients can write, such as a header, is no key by itself: who writes another each time is never limited. `form:` waits
   * for the form, or for the first 64 KiB of an upload, 10 s for each piece; a field that stands twice, or in the query too,
   * or in a form that servers may read differently, counts as absent.
   *
   * @default "ip"
   */
  readonly key?: KeySpec<K>;
}

/** In any window of length w at most `burst + limit · w / per` pass. The cheapest, and the only one without edges. */
export interface TokenBucketLimit<K extends Key | KeyFunction = Key, T extends Key = Key> extends AnyLimit<K, T> {
  /** @default "token-bucket" */
  readonly algorithm?: "token-bucket";
  /**
   * How many may come at once.
   *
   * @default limit
   */
  readonly burst?: number;
  readonly maxDelay?: undefined;
}

/**
 * `"sliding-window"`: in any window of length w ≤ `per` at most `limit · (1 + w / per)` pass, and `limit` in `per` where
 * they come evenly. `"fixed-window"`: at most `2 · limit` in any `per`; the window begins with a key's first request.
 */
export interface WindowLimit<K extends Key | KeyFunction = Key, T extends Key = Key> extends AnyLimit<K, T> {
  readonly algorithm: "sliding-window" | "fixed-window";
  readonly burst?: undefined;
  readonly maxDelay?: undefined;
}

/** Shapes: holds requests so that one goes on each `per / limit`. In any window of length w at most `1 + limit · w / per`. */
export interface LeakyBucketLimit<K extends Key | KeyFunction = Key, T extends Key = Key> extends AnyLimit<K, T> {
  readonly algorithm: "leaky-bucket";
  /**
   * Longest time that a request is held, up to an hour; who would wait longer is refused. It bounds the line. Of several
   * limits one can hold requests; the others count them when they arrive.
   */
  readonly maxDelay: Duration;
  readonly burst?: undefined;
}

/** With an algorithm that `defineAlgorithm()` made. */
export interface CustomLimit<K extends Key | KeyFunction = Key, T extends Key = Key> extends AnyLimit<K, T> {
  readonly algorithm: Algorithm;
  /** @default limit */
  readonly burst?: number;
  /** @default none */
  readonly maxDelay?: Duration;
}

/** One limit. */
export type Limit<K extends Key | KeyFunction = Key, T extends Key = Key> =
  | CustomLimit<K, T>
  | LeakyBucketLimit<K, T>
  | WindowLimit<K, T>
  | TokenBucketLimit<K, T>;

/** What is of the policy, however many limits it has. */
interface LimitSettings<K extends Key | KeyFunction, S extends string, E extends Key> {
  /**
   * Names the counts: policies of one id in one store count together, whatever routes they stand on. All of them must be
   * the same.
   *
   * @default made of the route's id: the policy counts for itself
   */
  readonly id?: string;
  /**
   * What a request costs: a whole number of at least 1, or a function, whose result is rounded up; 0 is free.
   *
   * @default 1
   */
  readonly cost?: number | ((ctx: Context) => number);
  /**
   * A response header that says what the request did cost, such as the tokens that a language model used. The difference
   * to `cost` is charged or given back when the response is there. What costs more than was thought goes over the limit by
   * as much, and later requests pay for it. What is given back lets others pass, also where time has given it back before:
   * each request under way can so let one more pass. More than 1000000000 is not believed.
   */
  readonly costHeader?: string;
  /** Requests that are not counted, by the values of keys; of `ip` these are addresses and blocks. */
  readonly exempt?: { readonly [P in E]?: readonly string[] };
  /**
   * Which response fields tell clients of their limits, on every response: `"ietf"`, `RateLimit` and `RateLimit-Policy`
   * (draft-ietf-httpapi-ratelimit-headers); `"legacy"`, `X-RateLimit-Limit`, `-Remaining` and `-Reset` (in seconds), of
   * the limit that has least left.
   *
   * @default "ietf"
   */
  readonly headers?: "ietf" | "legacy" | "both" | "none";
  /**
   * Counts, and logs what it would have refused, at most a line a second; refuses and holds nothing, writes no fields.
   *
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * Name of the store, out of `stores`, that it is counted in.
   *
   * @default the store `default`; where there is none, this process's memory
   */
  readonly store?: S;
  /**
   * While the store is away: `"local"` counts in this process, so that n processes admit up to n times the limit;
   * `"allow"` lets everything pass; `"deny"` answers 503.
   *
   * @default "local"
   */
  readonly onStoreError?: "local" | "allow" | "deny";
  /**
   * Keys that each limit remembers at least, in this process's memory, which is taken as they come: 16 to 32 bytes a place,
   * and two to four places a key, so that a million keys take 33 to 67 MB. When it is full, those are forgotten that have
   * used least.
   *
   * @default 1000000
   */
  readonly maxKeys?: number;
  /** What entries of `limits` count by that have no key of their own. */
  readonly key?: KeySpec<K>;
}

/** Several limits, decided together: a request is charged to all of them, or, where one refuses, to none. */
interface SeveralLimits<K extends Key | KeyFunction, T extends Key> {
  readonly limits: readonly Limit<K, T>[];
}

/** Options of {@link rateLimit}. */
export type RateLimitOptions<
  K extends Key | KeyFunction = Key,
  T extends Key = Key,
  S extends string = string,
  E extends Key = Key,
> = LimitSettings<K, S, E> & (SeveralLimits<K, T> | Limit<K, T>);

/** The fact that a store of this name is there. */
type StoreFact<S extends string> = [S] extends [never] ? never : string extends S ? never : `store:${NoInfer<S>}`;

/**
 * Limits a rate. Who is over a limit gets 429 with `Retry-After`.
 *
 * @example
 * ```ts
 * import { rateLimit } from "gatewright";
 *
 * const perClient = rateLimit({ limit: 100, per: "1m", burst: 20 });
 * const plans = rateLimit({ limit: { by: "header:x-plan", is: { free: 10, pro: 1000 } }, per: "1m", key: "header:x-key" });
 * const both = rateLimit({
 *   limits: [{ limit: 10, per: "1s" }, { limit: 1000, per: "1h", algorithm: "sliding-window" }, { limit: 5000, per: "1s", key: "global" }],
 *   exempt: { ip: ["10.0.0.0/8"] },
 * });
 * const shaped = rateLimit({ algorithm: "leaky-bucket", limit: 5, per: "1s", maxDelay: "2s", key: "route" });
 * console.log([perClient, plans, both, shaped].map(({ kind }) => kind).join()); // rateLimit,rateLimit,rateLimit,rateLimit
 * ```
 */
export function rateLimit<
  const K extends Key | KeyFunction = "ip",
  const T extends Key = never,
  const S extends string = never,
  const E extends Key = never,
>(options: RateLimitOptions<K, T, S, E>): Policy<"rateLimit", FactsOf<K | T | E> | StoreFact<S>, never> {
  return recordPolicy(rateLimitDefinition, options);
}

/** The `rateLimit` policy's options, its facts and what it is built into. */
export const rateLimitDefinition: PolicyDefinition<RateLimitPlan> = {
  kind: "rateLimit",
  schema: rateLimitSchema,
  facts: ({ limits, exempt, store }) => ({
    needs: [
      ...new Set([
        ...limits.flatMap(({ key, limit }) => [...factsOfKey(key), ...typeof limit === "number" ? [] : [limit.by]]),
        ...exempt.map(({ key }) => key),
      ].filter(isFact)),
      ...(store === undefined ? [] : [`store:${store}`]),
    ],
  }),
  uses: ({ limits, store }) => ({
    store,
    withoutLua: limits.flatMap(({ algorithm }) => algorithm.lua === undefined ? [algorithm.name] : []),
  }),
  id: ({ id }) => id,
  warnings: ({ limits }) => limitWarnings(limits),
  describe: rateLimitInWords,
  build: rateLimiter,
};

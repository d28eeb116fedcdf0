/** Routes that send requests to more than one upstream, as they are written. @module */

import type { FactsOf } from "../../core/facts.ts";
import type { Key } from "../../core/key.ts";
import type { Size } from "../../core/units.ts";
import type { Complaint, GivesAll } from "./chain.ts";
import type { At } from "./infer.ts";
import type { ServerUrl } from "./literals.ts";
import type { Respond } from "./targets.ts";

/** A key by which a split sends the same client the same way. */
export type SplitKey = Exclude<Key, "global" | "route" | `form:${string}`>;

/** A target that shares requests out among upstreams. `By` are the keys that it may have. */
export interface Split<U extends string, By = SplitKey | readonly SplitKey[]> {
  /** The upstreams with their shares; at least one has a weight above 0. */
  readonly to: readonly SplitBranch<U>[];
  /**
   * Key, or the first of several that is present, whose value decides: the same value goes the same way while the weights
   * stay. Requests without it are shared out by chance.
   *
   * @default every request by chance
   */
  readonly stickyBy?: By;
}

/** One way of a split. */
export interface SplitBranch<U extends string> {
  /** An upstream's name, or the URL of one that stands nowhere else. */
  readonly upstream: U | ServerUrl;
  /**
   * Share of the requests, against the other branches' weights: a whole number from 0 to 1000. With 0 there are only those
   * that `when` sends.
   */
  readonly weight: number;
  /**
   * Sends every request with this header here, whatever the weights: `"header:x-canary"`, or with this value only:
   * `"header:x-canary=1"`. Of several branches the first counts, so that the narrower condition comes first. Clients can
   * send it too.
   */
  readonly when?: `header:${string}`;
}

/** Copies of requests to another upstream, whose answers are dropped. They never delay or change the real answer. */
export interface Mirror<U extends string> {
  /** An upstream's name, or the URL of one that stands nowhere else. Whatever a request does, it does there too. */
  readonly upstream: U | ServerUrl;
  /**
   * Share of the requests that is copied, above 0 and up to 1.
   *
   * @default 1
   */
  readonly share?: number;
  /**
   * Most copies under way; beyond it none are made.
   *
   * @default 64
   */
  readonly maxInFlight?: number;
  /**
   * Longest body of a request that is copied, up to `"16MiB"`; one with a longer body is not.
   *
   * @default "64KiB"
   */
  readonly buffer?: Size;
}

/** When a fallback answers. */
interface FallbackConditions {
  /**
   * Statuses that count as out too: single ones from 400 to 599, or `"5xx"`. Failures without an answer always do.
   *
   * @default none
   */
  readonly on?: readonly (number | "5xx")[];
}

/** A fixed answer for when the target is out. */
export interface RespondFallback extends FallbackConditions {
  /** The answer. */
  readonly respond: Respond;
}

/** A second upstream for when the target is out. */
export interface UpstreamFallback<U extends string> extends FallbackConditions {
  /**
   * An upstream's name, or the URL of one that stands nowhere else. It gets what may be sent a second time, as retries do:
   * the route's `retry.unsafe` holds. Its own `timeouts`, `retry` and `hedge` hold as well, and the route's
   * `timeouts.total` covers both.
   */
  readonly upstream: U | ServerUrl;
}

/** One form instead of the union of both, as soon as it is known which, so that messages name the wrong key. */
export type CheckedFallback<R, U extends string> = At<R, "fallback"> extends infer F
  ? F extends { readonly respond: unknown } ? RespondFallback
  : F extends { readonly upstream: unknown } ? UpstreamFallback<U>
  : RespondFallback | UpstreamFallback<U>
  : never;

/** The split, with a sentence in place of keys that nothing before it provides. */
export type CheckedSplit<R, U extends string, Have extends string> = Split<
  U,
  At<At<R, "split">, "stickyBy"> extends infer By
    ? [Exclude<FactsIn<By>, Have | GivesAll<At<R, "policies">>>] extends [never] ? SplitKey | readonly SplitKey[]
    : Complaint<"split", Exclude<FactsIn<By>, Have | GivesAll<At<R, "policies">>>>
    : never
>;

type FactsIn<By> = FactsOf<By extends readonly (infer K)[] ? K : By>;

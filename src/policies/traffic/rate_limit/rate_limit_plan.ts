/** A rate limit as its schema makes it. @module */

import type { Algorithm } from "../../../core/limit.ts";
import type { Context } from "../../context.ts";
import type { KeyOption } from "../../keys/key_spec.ts";

/** Durations in milliseconds. */
export interface RateLimitPlan {
  /** `undefined`: the node's own. */
  readonly id: string | undefined;
  /** At least one. */
  readonly limits: readonly LimitPlan[];
  readonly cost: number | ((ctx: Context) => number);
  /** In lower case; `null`: what a request costs is known beforehand. */
  readonly costHeader: string | null;
  /** Requests that are not counted: those with one of the values of a key. */
  readonly exempt: readonly ExemptPlan[];
  readonly headers: LimitHeaders;
  readonly dryRun: boolean;
  /** `undefined`: the default store. */
  readonly store: string | undefined;
  readonly onStoreError: OnStoreError;
  readonly maxKeys: number;
}

/** One limit. */
export interface LimitPlan {
  /** In `RateLimit` fields and messages. */
  readonly name: string;
  readonly algorithm: Algorithm;
  readonly limit: number | TiersPlan;
  readonly per: number;
  /** `undefined`: the limit. */
  readonly burst: number | undefined;
  readonly maxDelay: number;
  readonly key: KeyOption;
}

/** Limits by the value of a key. */
export interface TiersPlan {
  readonly by: string;
  readonly is: Readonly<Record<string, number>>;
  /** For all other values, and for none. */
  readonly otherwise: number;
}

/** Values of a key; of `ip`, addresses and blocks. */
export interface ExemptPlan {
  readonly key: string;
  readonly values: readonly string[];
}

/** Which fields tell of the limits. */
export type LimitHeaders = "ietf" | "legacy" | "both" | "none";

/** What becomes of a request when the store cannot be asked. */
export type OnStoreError = "local" | "allow" | "deny";

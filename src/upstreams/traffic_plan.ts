/** Where the requests of a route go beside, or in place of, its one upstream. @module */

import type { OutcomeMatch } from "./outcome_set.ts";
import type { HopPlan } from "./upstream_plan.ts";

/** Requests shared out among upstreams. */
export interface SplitPlan {
  /** At least one, and one with a weight above 0. */
  readonly branches: readonly BranchPlan[];
  /** Keys of the key grammar: requests with the same value of the first that is present take the same branch; empty: by chance. */
  readonly stickyBy: readonly string[];
}

/** One way of a split; timeouts, retry and hedge are the route's over its upstream's own. */
export interface BranchPlan extends HopPlan {
  readonly upstream: string;
  /** Share of the requests, against the other branches' weights; 0: only those that `when` sends. */
  readonly weight: number;
  /** Requests that take this branch whatever the weights; of several branches the first. Name in lower case; `null`: present. */
  readonly when: { readonly header: string; readonly value: string | null } | null;
}

/** Copies of requests, whose answers are dropped. */
export interface MirrorPlan {
  readonly upstream: string;
  /** Share of the requests that is copied, above 0. */
  readonly share: number;
  /** Most copies under way; beyond it none are made. */
  readonly maxInFlight: number;
  /** Longest body, in bytes, of a request that is copied. */
  readonly buffer: number;
}

/** What answers when the target is out. */
export interface FallbackPlan {
  /** What counts as out beside failures without an answer, which always do. */
  readonly on: readonly OutcomeMatch[];
  readonly target:
    | {
      readonly kind: "respond";
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | null;
    }
    | { readonly kind: "upstream"; readonly upstream: string };
}

/** The `cache` policy's options when they have been read. @module */

import type { Reply } from "../../core/reply.ts";
import type { Context } from "../context.ts";
import type { KeyOption } from "../keys/key_spec.ts";

/** Which of a URL's parts and of the request tell one answer from another. */
export interface CacheKeyPlan {
  /** Whether other methods than GET and HEAD have answers of their own: those listed here, which then count as safe to repeat. */
  readonly methods: readonly string[];
  readonly host: boolean;
  readonly path: boolean;
  /** `null`: as it was sent. */
  readonly query: CacheQueryPlan | null;
  /** Names in lower case. */
  readonly headers: readonly string[];
  readonly cookies: readonly string[];
}

/** What of the query counts. */
export interface CacheQueryPlan {
  /** Only these; `null`: all but those of `deny`. */
  readonly allow: readonly string[] | null;
  readonly deny: readonly string[];
  /** Whether their order does not matter. */
  readonly sort: boolean;
}

/** How requests for the same are made one. */
export interface CoalescePlan {
  /** Longest wait for the head of somebody else's answer. */
  readonly wait: number;
}

/** The options, complete. Durations in milliseconds, sizes in bytes. */
export interface CachePlan {
  readonly id: string | undefined;
  /** Lifetime where the upstream says nothing; `null`: the heuristic's. */
  readonly defaultTtl: number | null;
  /** Lifetime whatever the upstream says; `null`: it has the word. */
  readonly forceTtl: number | null;
  /** Statuses that `forceTtl` is for, and `defaultTtl` where it is written; `null`: 200 for the first, those of RFC 9110 §15.1 for the second. */
  readonly statuses: readonly number[] | null;
  /** Lifetimes by status where the upstream says nothing: negative caching. */
  readonly negativeTtl: ReadonlyMap<number, number>;
  /** Share of the time since `Last-Modified`, and the most; `null`: no heuristic. */
  readonly heuristic: { readonly share: number; readonly max: number } | null;
  readonly key: CacheKeyPlan;
  /** Further keys, all of which count. */
  readonly vary: readonly KeyOption[];
  /** Whether one of them, or of the key's parts, tells those apart who are asking. */
  readonly byIdentity: boolean;
  /** Whether the answer to a credentialed request is the same for everybody. */
  readonly shared: boolean;
  /** Where the upstream does not say. */
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  /** How long past its lifetime an answer stands in while the upstream cannot be reached. */
  readonly grace: number;
  /** Chance taken with answers about to become stale: the `beta` of XFetch; 0: none is refreshed early. */
  readonly refreshEarly: number;
  /** Whether `Cache-Control` and `Pragma` of requests count. */
  readonly requestDirectives: boolean;
  /** Names of targeted fields (RFC 9213), in lower case, the first that is there counts. */
  readonly targeted: readonly string[];
  /** Names of the fields that carry tags, in lower case. */
  readonly tagFields: readonly string[];
  /** Our name in `Cache-Status`; `null`: no such field. */
  readonly cacheStatus: string | null;
  readonly coalesce: CoalescePlan | null;
  readonly maxBytes: number;
  readonly maxEntries: number;
  readonly maxBody: number;
  /** Name of the store of the second tier; `undefined`: there is none. */
  readonly store: string | undefined;
  /** Whether a request goes past the cache. */
  readonly bypass: ((ctx: Context) => boolean) | null;
  /** Whether an answer is not kept. */
  readonly noStore: ((ctx: Context, reply: Pick<Reply, "status" | "header">) => boolean) | null;
}

/** Asking where the endpoints of a name are: what a lookup is given and what it gives. @module */

import type { DnsPlan } from "./dns_plan.ts";

/**
 * Looks up where the endpoints are, once.
 * @throws when nothing was found, the reason as the message, and soon after `signal` is aborted
 */
export type Resolve = (plan: DnsPlan, signal: AbortSignal) => Promise<Resolved>;

/** What a lookup found: at least one place. */
export interface Resolved {
  readonly found: readonly Found[];
  /** How long it holds, in milliseconds; `null`: not told. */
  readonly ttl: number | null;
  /** Questions to which no server had an answer: what an earlier lookup found by one of them still holds. */
  readonly unanswered: readonly string[];
}

/** One place where an endpoint is. */
export interface Found {
  /** An IP address in its one spelling, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** SRV: lower numbers come first (RFC 2782); 0 elsewhere. */
  readonly priority: number;
  /** SRV: the share among those of its priority, 0 to 65535; 1 elsewhere. */
  readonly weight: number;
  /** What was asked when it was found: `A api.internal`. */
  readonly question: string;
}

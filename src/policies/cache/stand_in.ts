/** Kept answers in the place of failures. @module */

import type { CacheParts } from "./cache_parts.ts";
import type { StandsIn } from "./fill_result.ts";
import type { Known } from "./keep_in_tiers.ts";
import type { RequestDirectives } from "./rules/request_directives.ts";
import { mayStandIn } from "./rules/use_of.ts";

/** Statuses that another answer may stand in for (RFC 5861 §4). */
const ERRORS: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** How a request has been answered, which may be a failure. */
export interface Outcome {
  /** Of a chain that threw: 500. */
  readonly status: number;
  /** The exchange's: `""` for the upstream's own answer. */
  readonly error: string;
}

/**
 * What stands in for this answer: the one that was there when the request was sent on, if this one is a failure and the
 * other may be used still. What was taken out meanwhile may not.
 *
 * @param asked what the request asks of caches
 */
export function standsIn(
  { clock, plan }: Pick<CacheParts, "clock" | "plan">,
  known: Known | null,
  asked: RequestDirectives | null,
  { status, error }: Outcome,
): StandsIn | null {
  if (known === null || !known.entry.held || !ERRORS.has(status)) return null;
  const { stored } = known;
  if (stored.part !== null) return null;
  // What the gateway itself answers is an upstream that cannot be reached.
  const extra = error === "" ? 0 : plan.grace;
  return mayStandIn(stored, asked, clock.now(), extra) ? { kind: "stands-in", stored, status, extra } : null;
}

/** When the next try is due. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { TransportOutcome } from "../../transport/transport.ts";
import { CONNECT_ERROR, type OutcomeCode } from "../outcome_set.ts";
import { backoffDelay } from "./backoff.ts";
import { retryAfter } from "./retry_after.ts";
import type { RetryPlan } from "./retry_plan.ts";

/** What there is to go by. */
export interface TriedSoFar {
  readonly outcome: TransportOutcome;
  readonly code: OutcomeCode;
  readonly tries: number;
  /** Whether there is an endpoint that was not tried. */
  readonly other: boolean;
  /** Milliseconds until the whole must be over; `Infinity`: whenever. */
  readonly left: number;
}

/**
 * Milliseconds to wait before the next try; `null` when it would come too late. `Retry-After` is heeded where the same
 * endpoint would be asked again: what one endpoint asks for does not keep others waiting.
 */
export function retryDelay(
  { backoff }: Pick<RetryPlan, "backoff">,
  { outcome, code, tries, other, left }: TriedSoFar,
  { clock, random }: Pick<BuildEnv, "clock" | "random">,
): number | null {
  // An endpoint that takes no connections is not helped by our waiting before we ask another.
  const pause = code === CONNECT_ERROR && other ? 0 : backoffDelay(backoff, tries, random);
  if (pause >= left) return null;
  const asked = outcome.ok && !other ? retryAfter(outcome.reply.header("retry-after"), clock.wall()) : 0;
  if (asked <= pause) return pause;
  // Without a deadline nobody has said that the client waits for longer than a backoff.
  return asked < left && asked <= (left === Infinity ? backoff.max : left) ? asked : null;
}

/** Whether a request may be sent again. @module */

import { type Body, isBodySource } from "../../core/body.ts";
import type { Exchange } from "../../core/exchange.ts";
import { isIdempotent } from "../../http/idempotent.ts";
import type { TransportOutcome } from "../../transport/transport.ts";
import type { OutcomeCode, OutcomeSet } from "../outcome_set.ts";
import type { ReplayableBody } from "./replayable_body.ts";

/** What it depends on. */
export interface RepeatRules {
  readonly on: OutcomeSet;
  readonly unsafe: boolean;
}

/** Names a request, so that the server takes a second one for the same (draft-ietf-httpapi-idempotency-key-header). */
const IDEMPOTENCY_KEY = "idempotency-key";

/** Whether two of them have the effect of one. */
export function isRepeatable({ method, headers }: Exchange): boolean {
  // A key without text names nothing.
  return isIdempotent(method) || Boolean(headers.get(IDEMPOTENCY_KEY));
}

/** Whether what came of an attempt is to be tried again, and the request allows it: all do, if no byte of it was sent. */
export function mayRepeat(
  exchange: Exchange,
  rules: RepeatRules,
  outcome: TransportOutcome,
  code: OutcomeCode,
): boolean {
  if (!outcome.ok && outcome.fault === "client") return false;
  if (!outcome.ok && !outcome.sent) return rules.on.has(code) || outcome.code === "pool_exhausted";
  return rules.on.has(code) && (rules.unsafe || isRepeatable(exchange));
}

/**
 * Whether the request's body can be sent once more.
 *
 * @param replay the body, where that arrives piece by piece
 * @param limit most bytes that are sent twice; none count while nothing was sent
 */
export function isAtHand(body: Body, replay: ReplayableBody | null, limit: number): boolean {
  if (replay !== null) return replay.replayable && replay.kept <= limit;
  return !isBodySource(body) && (body === null || body.length <= limit);
}

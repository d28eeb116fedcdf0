/** What answers in place of an upstream that is out. @module */

import { isBodySource } from "../core/body.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Handler } from "../core/handler.ts";
import type { CallOutcome } from "./call_start.ts";
import type { Hop } from "./hop.ts";
import type { OutcomeSet } from "./outcome_set.ts";
import { isRepeatable } from "./retry/may_repeat.ts";
import type { ReplayableBody } from "./retry/replayable_body.ts";

/** A fixed answer, or another upstream. */
export interface Fallback {
  /** Statuses that count as out; failures without an answer always do. */
  readonly on: OutcomeSet;
  readonly target:
    | { readonly kind: "respond"; readonly handler: Handler }
    | { readonly kind: "upstream"; readonly hop: Hop };
}

/**
 * Whether the fallback is to answer. Another upstream gets a request that the first may have seen only if it may be
 * repeated, and only with its whole body.
 */
export function fallbackFor(
  { fallback, retry }: Hop,
  exchange: Exchange,
  replay: ReplayableBody | null,
  outcome: CallOutcome,
): Fallback["target"] | null {
  if (fallback === null) return null;
  const out = outcome.ok ? fallback.on.has(outcome.reply.status) : outcome.fault !== "client";
  if (!out) return null;
  const { target, target: { kind } } = fallback;
  if (kind === "respond") return target;
  const seen = outcome.ok || outcome.sent;
  if (seen && !isRepeatable(exchange) && retry?.unsafe !== true) return null;
  return (replay === null ? !isBodySource(exchange.body) : replay.replayable) ? target : null;
}

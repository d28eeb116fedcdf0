/** Policies, seen at work. @module */

import type { Clock } from "../../core/clock.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise, Middleware } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import { PolicyHold, type PolicyNode } from "./policy_hold.ts";
import { RecordedTrace } from "./recorded_trace.ts";

/** Kinds that tell of their work themselves. */
const TOLD_BY_THEMSELVES: ReadonlySet<string> = new Set(["cache"]);

/**
 * The policy with a span in each recorded trace, from when it gets the exchange until it lets it go on or answers.
 * @param which those that waited, answered or threw, or all
 */
export function watchPolicy(
  middleware: Middleware,
  node: PolicyNode,
  which: "acting" | "all",
  clock: Clock,
): Middleware {
  if (TOLD_BY_THEMSELVES.has(node.kind)) return middleware;
  const all = which === "all";
  return (next) => {
    const policy = middleware((exchange) => {
      const trace = recordedTrace(exchange);
      if (trace !== null && trace.hold !== null && trace.hold.node === node) trace.hold.pass(all || trace.hold.waits);
      return next(exchange);
    });
    return (exchange) => {
      const trace = recordedTrace(exchange);
      if (trace === null) return policy(exchange);
      return watched(policy, exchange, trace.hold = new PolicyHold(trace, node, clock.now()));
    };
  };
}

/** The trace of an exchange, if it is recorded. */
export function recordedTrace({ trace }: Exchange): RecordedTrace | null {
  return trace === null || trace.span === null || !(trace instanceof RecordedTrace) ? null : trace;
}

function watched(policy: Handler, exchange: Exchange, hold: PolicyHold): MaybePromise<Reply> {
  const answered = ({ status }: Reply) => hold.answer(status, exchange.error, exchange.reason);
  const threw = (cause: unknown) => hold.throw(cause);
  let reply: MaybePromise<Reply>;
  try {
    reply = policy(exchange);
  } catch (cause) {
    hold.throw(cause);
    throw cause;
  }
  if (hold.over) return reply;
  if (reply instanceof Promise) {
    hold.waits = true;
    // Looked at only: who waits for the reply gets the very promise.
    reply.then(answered, threw);
  } else answered(reply);
  return reply;
}

/** The terminal that sends an exchange to an upstream. @module */

import { type BodySource, isBodySource } from "../core/body.ts";
import type { BuildEnv } from "../core/build_env.ts";
import { dropReply } from "../core/drop_reply.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Handler, MaybePromise } from "../core/handler.ts";
import type { Failed } from "../core/outcome.ts";
import type { Reply } from "../core/reply.ts";
import { viaValue } from "../http/forwarded.ts";
import { problem } from "../http/problem.ts";
import { Call } from "./call.ts";
import type { CallOutcome } from "./call_start.ts";
import { failureReply } from "./failure_reply.ts";
import { fallbackFor } from "./fallback.ts";
import { FinishedBody } from "./finished_body.ts";
import { buildHop, type Hop, type HopOptions } from "./hop.ts";
import { clientDeadline } from "./retry/client_deadline.ts";
import { isRepeatable } from "./retry/may_repeat.ts";
import { ReplayableBody } from "./retry/replayable_body.ts";
import type { Upstream } from "./upstream.ts";

/** Makes the terminal of a route. */
export function forwardTo(upstream: Upstream, options: HopOptions, env: BuildEnv): Handler {
  const hop = buildHop(upstream, options, env);
  return (exchange) => forwardOver(hop, exchange);
}

function forwardOver(hop: Hop, exchange: Exchange): MaybePromise<Reply> {
  const replay = isBodySource(exchange.body) ? replayOf(hop, exchange, exchange.body) : null;
  const patience = patienceOf(hop, exchange, FOREVER);
  if (patience === null) return unreadableDeadline(hop.timeouts.deadlineHeader!, exchange);
  hop.mirror?.copy(exchange, replay);
  return send(hop, exchange, replay, patience);
}

/** When the whole must be over, and whether the client says so. */
interface Patience {
  readonly deadline: number;
  readonly clientsDeadline: boolean;
}

const FOREVER: Patience = Object.freeze({ deadline: Infinity, clientsDeadline: false });

/** What the hop's settings and the client leave of the time that there is; `null` where the client's own is unreadable. */
function patienceOf(
  { timeouts: { total, deadlineHeader }, env }: Hop,
  exchange: Exchange,
  given: Patience,
): Patience | null {
  if (total === null && deadlineHeader === null) return given;
  const asked = deadlineHeader === null ? Infinity : askedFor(deadlineHeader, exchange);
  if (asked === undefined) return null;
  const deadline = env.clock.now() + Math.min(total ?? Infinity, asked);
  return deadline < given.deadline ? { deadline, clientsDeadline: asked < (total ?? Infinity) } : given;
}

function send(hop: Hop, exchange: Exchange, replay: ReplayableBody | null, patience: Patience): Promise<Reply> {
  const { deadline, clientsDeadline } = patience;
  return new Promise((resolve) => {
    const settle = (outcome: CallOutcome) => {
      const fallback = fallbackFor(hop, exchange, replay, outcome);
      if (fallback === null) return resolve(conclude(hop, exchange, replay, outcome));
      exchange.trace?.span?.event("fallback", { "gatewright.upstream": hop.upstream.name });
      if (outcome.ok) dropReply(outcome.reply);
      else noteFailure(hop, exchange, outcome);
      // The time of the first covers both; what the second has of its own holds as well.
      if (fallback.kind === "upstream") {
        return resolve(send(fallback.hop, exchange, replay, patienceOf(fallback.hop, exchange, patience) ?? patience));
      }
      replay?.cancel();
      resolve(fallback.handler(exchange));
    };
    new Call({ exchange, hop, replay, deadline, clientsDeadline, settle }).run();
  });
}

/** What the client gets. */
function conclude(hop: Hop, exchange: Exchange, replay: ReplayableBody | null, outcome: CallOutcome): Reply {
  if (!outcome.ok) {
    replay?.cancel();
    noteFailure(hop, exchange, outcome);
    return failureReply(outcome, exchange, outcome.retryAfter);
  }
  replay?.commit();
  exchange.error = "";
  const { reply, version } = outcome, { env, unattended, timeouts } = hop;
  reply.headers.add("via", viaValue(null, version));
  if (unattended !== null && isBodySource(reply.body)) {
    reply.body = new FinishedBody(reply.body, unattended, env.deadlines, timeouts.idle);
  }
  return reply;
}

function noteFailure({ env }: Hop, exchange: Exchange, failure: Failed): void {
  exchange.error = failure.code;
  if (failure.fault === "client") return;
  env.log.warn("upstream attempt failed", {
    code: failure.code,
    stage: failure.stage,
    endpoint: exchange.endpoint,
    attempts: exchange.attempts,
    route: exchange.route,
    requestId: exchange.requestId,
    cause: failure.cause instanceof Error ? failure.cause.message : undefined,
  });
}

/** What is needed to send a body again, where anybody might. */
function replayOf({ retry, fallback, mirror }: Hop, exchange: Exchange, body: BodySource): ReplayableBody | null {
  const again = retry !== null && (retry.unsafe || isRepeatable(exchange)) ? retry.buffer : 0;
  if (retry === null && fallback === null && mirror === null) return null;
  return new ReplayableBody(body, Math.max(again, mirror?.buffer ?? 0));
}

/** Milliseconds that the client waits; `Infinity`: it does not say. */
function askedFor(field: string, { headers }: Exchange): number | undefined {
  const value = headers.get(field);
  return value === null ? Infinity : clientDeadline(field, value);
}

function unreadableDeadline(field: string, exchange: Exchange): Reply {
  exchange.error = "bad_deadline";
  const detail = `The field ${field} is no time such as ${field === "grpc-timeout" ? '"500m"' : '"1.5" or "500ms"'}.`;
  return problem(exchange, { status: 400, code: "bad_deadline", detail });
}

/** A cache, seen in traces. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";
import { thrownMessage, thrownName } from "../../core/thrown.ts";
import type { ExchangeTrace, Span, SpanInit } from "../../core/trace.ts";

/**
 * The way through a cache with a span in each trace that somebody will read, until there is a head to answer with. What is
 * asked for behind the cache stands under it.
 *
 * @param id the policy's node
 */
export function withSpan(handle: Handler, id: string): Handler {
  const init: SpanInit = {
    name: "cache",
    attributes: { "gatewright.policy.id": id, "gatewright.policy.kind": "cache" },
  };
  return (exchange) => {
    const { trace } = exchange;
    if (trace === null || trace.span === null) return handle(exchange);
    const span = trace.begin(init);
    return span === null ? handle(exchange) : under(span, trace, exchange, handle);
  };
}

function under(span: Span, trace: ExchangeTrace, exchange: Exchange, handle: Handler): MaybePromise<Reply> {
  const end = () => {
    exchange.trace = trace;
    span.end();
  };
  const answer = (reply: Reply) => {
    span.set({ "gatewright.cache.outcome": exchange.cache, "http.response.status_code": reply.status });
    end();
    return reply;
  };
  const fail = (cause: unknown): never => {
    span.fail(thrownName(cause), thrownMessage(cause));
    end();
    throw cause;
  };
  exchange.trace = trace.under(span);
  try {
    const reply = handle(exchange);
    return reply instanceof Promise ? reply.then(answer, fail) : answer(reply);
  } catch (cause) {
    return fail(cause);
  }
}

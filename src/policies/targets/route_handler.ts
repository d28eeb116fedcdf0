/** The terminal of a route whose target is a function. @module */

import type { Handler } from "../../core/handler.ts";
import type { BuildEnv } from "../../core/build_env.ts";
import type { Reply } from "../../core/reply.ts";
import type { RouteHandler } from "../context.ts";
import { describeResult } from "../describe_result.ts";
import { contextOf } from "../exchange_context.ts";
import { inTrace } from "../in_trace.ts";
import { responseReply } from "../web/response_reply.ts";

/**
 * Prepares a route's `handler`. What it throws passes up the chain.
 *
 * @param route the route's id, for messages
 */
export function routeHandler(handler: RouteHandler, { log }: Pick<BuildEnv, "log">, route: string): Handler {
  const who = `the handler of route "${route}"`;
  const finish = (result: Response): Reply | Promise<Reply> => {
    if (result instanceof Response) return responseReply(result, who);
    throw new TypeError(`${who} returned ${describeResult(result)}: return a Response`);
  };
  return (exchange) => {
    const context = contextOf(exchange, log);
    context.passed = false;
    const result = inTrace(exchange, () => handler(context));
    return result instanceof Promise ? result.then(finish) : finish(result);
  };
}

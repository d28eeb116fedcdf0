/** Work on every answer that comes up a chain, whoever made it. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise } from "../../core/handler.ts";
import type { Reply } from "../../core/reply.ts";

/**
 * Runs the rest of the chain and hands its answer to `edit`; where it threw, the answer to that. So the fields that
 * `edit` writes are there when a browser has to show why something failed.
 */
export function onEveryReply(
  { failed }: Pick<BuildEnv, "failed">,
  next: Handler,
  exchange: Exchange,
  edit: (reply: Reply) => Reply,
): MaybePromise<Reply> {
  let reply: MaybePromise<Reply>;
  try {
    reply = next(exchange);
  } catch (cause) {
    return edit(failed(exchange, cause));
  }
  return reply instanceof Promise ? reply.then(edit, (cause) => edit(failed(exchange, cause))) : edit(reply);
}

/** Runs a policy's `handle` as a link of the compiled chain. @module */

import { dropReply } from "../core/drop_reply.ts";
import type { Exchange } from "../core/exchange.ts";
import type { Handler, MaybePromise, Middleware } from "../core/handler.ts";
import type { Log } from "../core/log.ts";
import { Reply } from "../core/reply.ts";
import type { Context, ContextReply } from "./context.ts";
import { describeResult } from "./describe_result.ts";
import { contextOf, type ExchangeContext } from "./exchange_context.ts";
import { responseReply } from "./web/response_reply.ts";
import { WebReply } from "./web/web_reply.ts";

/** The function at the heart of a policy. */
export type Handle = (
  ctx: Context,
  next: () => MaybePromise<ContextReply>,
) => MaybePromise<ContextReply | Reply | Response>;

/**
 * The middleware of a `handle`. Where it returns what `next()` gave, the answer from below goes on as it is.
 *
 * @param id the policy's node, for messages
 */
export function customMiddleware(id: string, log: Log, handle: Handle): Middleware {
  const who = `policy "${id}"`;
  return (next) => (exchange) => {
    const context = contextOf(exchange, log);
    context.passed = false;
    const call = new Call(who, context, exchange, next), { trace } = exchange, down = () => call.next();
    let result: ReturnType<Handle>;
    try {
      result = trace === null ? handle(context, down) : trace.run(() => handle(context, down));
    } catch (error) {
      call.giveUp();
      throw error;
    }
    return call.finish(result);
  };
}

/** One run of a `handle`. */
class Call {
  readonly #who: string;
  readonly #context: ExchangeContext;
  readonly #exchange: Exchange;
  readonly #next: Handler;
  /** What came from below, and what of it the policy saw. */
  #below: MaybePromise<Reply> | null = null;
  #shown: MaybePromise<WebReply> | null = null;
  #called = false;

  constructor(who: string, context: ExchangeContext, exchange: Exchange, next: Handler) {
    this.#who = who;
    this.#context = context;
    this.#exchange = exchange;
    this.#next = next;
  }

  next(): MaybePromise<WebReply> {
    if (this.#called) throw new TypeError(`${this.#who} called next() twice: a request goes on once`);
    this.#called = this.#context.passed = true;
    const exchange = this.#exchange, { trace } = exchange;
    this.#below = trace === null ? this.#next(exchange) : trace.leave(() => this.#next(exchange));
    return this.#shown = this.#context.show(this.#below);
  }

  finish(result: ReturnType<Handle>): MaybePromise<Reply> {
    if (result === this.#shown && this.#below !== null) return this.#below;
    if (result instanceof Promise) return result.then((result) => this.#settle(result), (error) => this.#fail(error));
    return this.#settle(result);
  }

  /** What came from below, or still comes, has nobody to read it. */
  giveUp(): void {
    const below = this.#below;
    if (below instanceof Promise) below.then(dropReply, () => {});
    else if (below !== null) dropReply(below);
  }

  #settle(result: ContextReply | Reply | Response): MaybePromise<Reply> {
    if (result instanceof WebReply) {
      return this.#context.shows(result) ? result.reply : this.#keep(result.reply);
    }
    if (result instanceof Reply) return this.#keep(result);
    if (!(result instanceof Response)) {
      return this.#fail(
        new TypeError(`${this.#who} returned ${describeResult(result)}: return a Response, or what next() gave`),
      );
    }
    let reply: MaybePromise<Reply>;
    try {
      reply = responseReply(result, this.#who);
    } catch (error) {
      return this.#fail(error);
    }
    // A body that the response took along is the response's by now.
    this.giveUp();
    return reply;
  }

  #keep(reply: Reply): Reply {
    if (reply !== this.#below) this.giveUp();
    return reply;
  }

  #fail(error: unknown): never {
    this.giveUp();
    throw error;
  }
}

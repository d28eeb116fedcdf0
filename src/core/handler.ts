/** The two function types that a compiled chain is made of. @module */

import type { Exchange } from "./exchange.ts";
import type { Reply } from "./reply.ts";

/** A value, or a promise of it. Where nothing waits, nothing becomes a promise. */
export type MaybePromise<T> = T | Promise<T>;

/** Answers one exchange. */
export type Handler = (exchange: Exchange) => MaybePromise<Reply>;

/** Wraps a handler. Called once for each route when the config is compiled: `next` is bound then, not per request. */
export type Middleware = (next: Handler) => Handler;

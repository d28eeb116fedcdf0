/** Chains are folded when the config is compiled. @module */

import type { Handler, Middleware } from "../core/handler.ts";

/**
 * Binds each middleware to what follows it: the first is outermost, the terminal innermost. At run time a middleware
 * that passes on costs one call.
 */
export function foldChain(middlewares: readonly Middleware[], terminal: Handler): Handler {
  return middlewares.reduceRight((next, middleware) => middleware(next), terminal);
}

/** The path that goes upstream. @module */

import type { Exchange } from "../core/exchange.ts";
import { isPatternError } from "../routing/pattern_error.ts";
import type { Pattern } from "../routing/pattern.ts";
import { compileRewrite } from "../routing/rewrite.ts";

/** What a route does to the path: a template of raw segments, a literal prefix to cut, or nothing. */
export type PathChange = { readonly rewrite: string } | { readonly stripPrefix: string } | null;

/** Prepares the change. @throws TypeError for a rewrite that `check` complains of */
export function upstreamPath(
  change: PathChange,
  pattern: Pattern,
): (exchange: Pick<Exchange, "path" | "captures">) => string {
  if (change === null) return (exchange) => exchange.path;
  if ("stripPrefix" in change) {
    const { length } = change.stripPrefix;
    return (exchange) => exchange.path.length === length ? "/" : exchange.path.slice(length);
  }
  const rewrite = compileRewrite(change.rewrite, pattern);
  if (isPatternError(rewrite)) throw new TypeError(`rewrite "${change.rewrite}": ${rewrite.message}`);
  return (exchange) => rewrite(exchange.captures);
}

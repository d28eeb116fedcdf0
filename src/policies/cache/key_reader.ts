/** The texts that answers are kept and found under. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Log } from "../../core/log.ts";
import type { Purge } from "../../core/purge.ts";
import { canonicalPath, isPathError } from "../../http/canonical_path.ts";
import type { CachePlan } from "./cache_plan.ts";
import { originOfUrl, originReader, originText } from "./key/origin.ts";
import { type QueryText, queryText } from "./key/query_text.ts";
import { type VariantText, variantText } from "./key/variant_text.ts";

/** Reads keys. */
export interface CacheKeys {
  /** The URL, `https://example.com/a?b=1`, as far as it counts: its answers are invalidated and purged together. */
  keyOf(exchange: Exchange): string;
  /**
   * What else counts of a GET, a HEAD or a request of one of the plan's methods, beside the upstream's `Vary`; `""` for
   * nothing. `null`: the cache is not asked, and keeps nothing. With a method, what that of such a request would be.
   */
  variantOf: VariantText;
  /**
   * What {@link keyOf} gives for a request for this URL; of a path alone, what of such a text begins with the path.
   *
   * @returns `null` for what is no URL of http or https, nor a path
   */
  keyOfUrl(url: string): string | null;
  /** An order as keys say it; `null` where none is meant. An order of keys stays as it is. */
  orderOf(order: Purge): Purge | null;
}

/** The path of every URL where paths do not count. */
const ANY_PATH = "/";
const URL_PARTS = /^(https?):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?/i;
const PATH_PARTS = /^([^?#]*)(\?[^#]*)?/;
const ORIGIN_AND_PATH = /^(https?):\/\/([^/?#]*)(\/.*)$/is;

const asSent: QueryText = (query) => query;

/**
 * Prepares the reading.
 *
 * @param log what functions among the keys log to
 * @param byRoute whether each route has answers of its own: not needed where the cache serves one route only
 */
export function compileKey(plan: CachePlan, log: Log, byRoute = true): CacheKeys {
  const { host, path, query } = plan.key, queryOf = query === null ? asSent : queryText(query);
  const readOrigin = originReader();
  const originOf = host
    ? (exchange: Exchange) => readOrigin(exchange).text
    : ({ scheme }: Exchange) => originText(scheme, null);
  const plain = path && query === null;

  const targetOf = (rawPath: string, rawQuery: string): string | null => {
    const canonical = canonicalPath(rawPath === "" ? "/" : rawPath, { encodedSlash: "keep", mergeSlashes: false });
    return isPathError(canonical) ? null : (path ? canonical : ANY_PATH) + queryOf(rawQuery);
  };
  const keyOfUrl = (url: string): string | null => {
    const text = escaped(url);
    if (text === null) return null;
    if (text.startsWith("/")) {
      const [, rawPath, rawQuery = ""] = PATH_PARTS.exec(text)!;
      return targetOf(rawPath, rawQuery);
    }
    const [, scheme, authority, rawPath, rawQuery = ""] = URL_PARTS.exec(text) ?? [];
    const origin = scheme === undefined ? null : originOfUrl(scheme, authority, host);
    const target = origin === null ? null : targetOf(rawPath, rawQuery);
    return target === null ? null : origin + target;
  };
  const prefixOf = (prefix: string): string | null => {
    const [, scheme, authority, rest] = ORIGIN_AND_PATH.exec(prefix) ?? [];
    // A beginning of a host, or a path.
    if (scheme === undefined) return prefix;
    const origin = originOfUrl(scheme, authority, host);
    return origin === null ? null : origin + rest;
  };

  return {
    keyOf: plain
      ? (exchange) => originOf(exchange) + exchange.path + exchange.query
      : (exchange) => originOf(exchange) + (path ? exchange.path : ANY_PATH) + queryOf(exchange.query),
    variantOf: variantText(plan, log, byRoute, readOrigin),
    keyOfUrl,
    orderOf({ target, soft }) {
      if ("url" in target) {
        const url = keyOfUrl(target.url);
        return url === null ? null : { target: { url }, soft };
      }
      if (!("prefix" in target)) return { target, soft };
      const prefix = prefixOf(target.prefix);
      return prefix === null ? null : { target: { prefix }, soft };
    },
  };
}

/** With escapes for what no URL has as it is; `null` where that is no text. */
function escaped(url: string): string | null {
  // deno-lint-ignore no-control-regex -- ASCII begins there
  return url.isWellFormed() ? url.replace(/[^\x00-\x7f]+/g, encodeURIComponent) : null;
}

/** What a request asks for: authority, path and query. @module */

import type { AuthorityCache } from "../../http/authority_cache.ts";
import { canonicalPath, type PathOptions } from "../../http/canonical_path.ts";
import type { Refusal } from "./refusal.ts";

/** A request's target, taken apart. */
export interface Target {
  /** Host and port as sent. */
  readonly authority: string;
  /** In lower case, without port. */
  readonly host: string;
  readonly path: string;
  /** With its `?`; `""` without one. */
  readonly query: string;
}

/** How paths and authorities are read. */
export interface TargetOptions {
  readonly paths: PathOptions;
  readonly authorities: AuthorityCache;
  /** Longest target in bytes. */
  readonly maxTarget: number;
}

/** The target of a request that has none that can be used. */
export const NO_TARGET: Target = { authority: "", host: "", path: "", query: "" };

export const MISSING_HOST: Refusal = { status: 400, code: "bad_host", detail: "The request has no Host." };
export const BAD_HOST: Refusal = { status: 400, code: "bad_host", detail: "The Host of the request is not valid." };
export const BAD_TARGET: Refusal = {
  status: 400,
  code: "bad_target",
  detail: "The request target is not understood here.",
};
export const TARGET_TOO_LONG: Refusal = {
  status: 414,
  code: "target_too_long",
  detail: "The request target is too long.",
};
const BAD_QUERY: Refusal = {
  status: 400,
  code: "bad_target",
  detail: "The request target has a character that must be percent-encoded.",
};

/** RFC 3986 §3.4: visible ASCII without `#`. What else stands in a query is forwarded as it is. */
const QUERY = /^[\x21\x22\x24-\x7e]*$/;

/**
 * The target in origin form (RFC 9112 §3.2.1) on a valid authority.
 *
 * @param origin path and query as received
 * @param authority host and port as received; `""` where HTTP/1.0 sent none
 */
export function originTarget(origin: string, authority: string, options: TargetOptions): Target | Refusal {
  if (origin.length > options.maxTarget) return TARGET_TOO_LONG;
  let host = "";
  if (authority !== "") {
    const parsed = options.authorities.parse(authority);
    if (parsed === null) return BAD_HOST;
    host = parsed.host;
  }
  const mark = origin.indexOf("?"), query = mark < 0 ? "" : origin.slice(mark);
  if (query !== "" && !QUERY.test(query)) return BAD_QUERY;
  const path = canonicalPath(mark < 0 ? origin : origin.slice(0, mark), options.paths);
  if (typeof path !== "string") return { status: 400, code: "bad_path", detail: sentence(path.error) };
  return { authority, host, path, query };
}

/** What the log shows of a target that was refused: the path as it came, without the query. */
export function rejectedTarget(raw: string): Target {
  return { ...NO_TARGET, path: raw.split("?", 1)[0] };
}

/** Tells the two results of reading a target apart. */
export function isTarget(result: Target | Refusal): result is Target {
  return "path" in result;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + ".";
}

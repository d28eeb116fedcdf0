/** The target of a request, out of the URL that the runtime made. @module */

import type { AuthorityCache } from "../../http/authority_cache.ts";
import { canonicalPath, type PathOptions } from "../../http/canonical_path.ts";
import type { Refusal } from "./refusal.ts";

/** What a request asks for. */
export interface Target {
  readonly authority: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
}

/** Where the listener listens, and how its paths and authorities are read. */
export interface TargetOptions {
  readonly hostname: string;
  readonly port: number;
  readonly paths: PathOptions;
  readonly authorities: AuthorityCache;
}

const MISSING_HOST: Refusal = { status: 400, code: "bad_host", detail: "The request has no Host." };
const BAD_HOST: Refusal = { status: 400, code: "bad_host", detail: "The Host of the request is not valid." };
const BAD_TARGET: Refusal = { status: 400, code: "bad_target", detail: "The request target is not understood here." };
const BAD_QUERY: Refusal = {
  status: 400,
  code: "bad_target",
  detail: "The request target has a character that must be percent-encoded.",
};
const NO_TUNNEL: Refusal = { status: 501, code: "method_not_implemented", detail: "CONNECT is not offered." };
const NO_TRACE: Refusal = { status: 405, code: "method_not_allowed", detail: "TRACE is not offered." };

/** RFC 3986 §3.4: visible ASCII without `#`. What else stands in a query is forwarded as it is. */
const QUERY = /^[\x21\x22\x24-\x7e]*$/;

/**
 * Takes the URL apart that the runtime made of scheme, Host and raw target without looking at them: with
 * `Host: a/x?` and the target `/y` it is `http://a/x?/y`. So the Host is checked first, and found again in the URL.
 *
 * @param hostField the Host field, `null` where there is none
 */
export function readTarget(
  method: string,
  url: string,
  hostField: string | null,
  options: TargetOptions,
): Target | Refusal {
  if (method === "CONNECT") return NO_TUNNEL;
  if (method === "TRACE") return NO_TRACE;
  const authorityStart = url.indexOf("//") + 2, pathStart = url.indexOf("/", authorityStart);
  if (pathStart < 0 || !(url.startsWith("http://") || url.startsWith("https://"))) return BAD_TARGET;
  const authority = url.slice(authorityStart, pathStart), { authorities, paths } = options;
  if (hostField === null) {
    // HTTP/2 has no Host field: the URL has its `:authority`. HTTP/1 without Host is given one of these by the runtime.
    if (authority === `localhost:${options.port}` || authority === `${options.hostname}:${options.port}`) {
      return MISSING_HOST;
    }
  } else if (hostField !== authority && authorities.parse(hostField) === null) {
    return BAD_HOST;
  }
  // A valid Host that the URL does not have: the target was in absolute form, whose authority wins (RFC 9112 §3.2.2).
  const parsed = authorities.parse(authority);
  if (parsed === null) return BAD_HOST;
  const queryStart = url.indexOf("?", pathStart);
  const query = queryStart < 0 ? "" : url.slice(queryStart);
  if (query !== "" && !QUERY.test(query)) return BAD_QUERY;
  const path = canonicalPath(queryStart < 0 ? url.slice(pathStart) : url.slice(pathStart, queryStart), paths);
  if (typeof path !== "string") return { status: 400, code: "bad_path", detail: sentence(path.error) };
  return { authority, host: parsed.host, path, query };
}

/** What the log shows of a target that was refused: the path as it came, without the query. */
export function rawPath(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  return (start < 0 ? url : url.slice(start)).split("?", 1)[0];
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + ".";
}

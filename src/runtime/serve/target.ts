/** The target of a request, out of the URL that the runtime made. @module */

import { WHOLE_SERVER } from "../intake/local_options.ts";
import type { Refusal } from "../intake/refusal.ts";
import { BAD_HOST, BAD_TARGET, MISSING_HOST, originTarget, type Target, type TargetOptions } from "../intake/target.ts";
import type { UrlForm } from "./url_form.ts";

/** Authority, then path and query. Only a target in absolute form can have a scheme in upper case or no path. */
const PARTS = /^https?:\/\/([^/?#]*)(.*)$/is;
const UNIX_PARTS = /^http(?:s|\+unix)?:\/\/([^/?#]*)(.*)$/is;

/**
 * Takes the URL apart that the runtime made of scheme, Host and raw target without looking at them: with
 * `Host: a/x?` and the target `/y` it is `http://a/x?/y`. So the Host is checked first, and found again in the URL.
 *
 * @param hostField the Host field, `null` where there is none
 */
export function readTarget(
  url: string,
  method: string,
  hostField: string | null,
  options: TargetOptions,
  form: UrlForm,
): Target | Refusal {
  const parts = (form.unix ? UNIX_PARTS : PARTS).exec(url);
  if (parts === null) return BAD_TARGET;
  const [, authority, origin] = parts, { authorities } = options;
  // The target was in absolute form and had none.
  if (authority === "") return hostField === null ? BAD_HOST : BAD_TARGET;
  if (hostField === null) {
    // HTTP/2 has no Host field: the URL has its `:authority`. HTTP/1 without Host is given one of these by the runtime.
    if (form.hostless.includes(authority)) return MISSING_HOST;
  } else if (hostField !== authority && authorities.parse(hostField) === null) {
    return BAD_HOST;
  }
  if (method === "OPTIONS" && origin === "/*") {
    return { authority, host: authorities.parse(authority)?.host ?? "", path: WHOLE_SERVER, query: "" };
  }
  // A valid Host that the URL does not have: the target was in absolute form, whose authority wins (RFC 9112 §3.2.2).
  return originTarget(origin.startsWith("/") ? origin : "/" + origin, authority, options);
}

/** What the log shows of a target that was refused: the path as it came, without the query. */
export function rawPath(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  return (start < 0 ? url : url.slice(start)).split("?", 1)[0];
}

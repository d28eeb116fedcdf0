/** Which request methods pass. @module */

import { isToken } from "./token.ts";

/**
 * What becomes of a request by its method alone: `"ok"` passes; `"malformed"` is no token (answer 400); `"refused"` is
 * CONNECT or TRACE, which no gateway should carry (405: a tunnel to anywhere, and an echo of credentials); `"unknown"`
 * is neither registered nor named in the config (501, RFC 9110 §9.1).
 */
export type MethodVerdict = "ok" | "malformed" | "refused" | "unknown";

/** The IANA registry of HTTP methods, without `CONNECT`, `TRACE` and `PRI`. */
export const KNOWN_METHODS: readonly string[] = Object.freeze([
  ...["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"],
  ...["ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY"],
  ...["MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "REBIND"],
  ...["REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL"],
]);

/** The methods that pass. Methods are compared with regard to case (RFC 9110 §9.1): `get` is an unknown method. */
export class MethodSet {
  readonly #passing: ReadonlySet<string>;

  /** @param extra methods that pass beside the known ones; `CONNECT` and `TRACE` stay refused. */
  constructor(extra: readonly string[] = []) {
    this.#passing = new Set([...KNOWN_METHODS, ...extra].filter((method) => !isRefused(method)));
  }

  judge(method: string): MethodVerdict {
    if (this.#passing.has(method)) return "ok";
    if (isRefused(method)) return "refused";
    return isToken(method) ? "unknown" : "malformed";
  }
}

function isRefused(method: string): boolean {
  return method === "CONNECT" || method === "TRACE";
}

/** What a cache says of how it handled a request: `Cache-Status` (RFC 9211). @module */

/** Why a request was sent on (RFC 9211 §2.2). */
export type Forwarded = "bypass" | "method" | "uri-miss" | "vary-miss" | "request" | "stale" | "partial";

/** What is said of a request that was sent on. */
export interface ForwardedStatus {
  readonly fwd: Forwarded;
  /** The upstream's status, where the answer has another one. */
  readonly fwdStatus?: number;
  /** Whether the answer is kept. */
  readonly stored?: boolean;
  /** Whether it is the answer to another request. */
  readonly collapsed?: boolean;
  readonly detail?: string;
}

/** A token that needs no quotes (RFC 8941 §3.3.4). */
const TOKEN = /^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*$/;

/** The field's member of one cache. */
export class CacheStatus {
  readonly #name: string;

  /** @param name a token, or any text, which is quoted */
  constructor(name: string) {
    this.#name = TOKEN.test(name) ? name : quoted(name);
  }

  /** Answered from the cache. @param ttl seconds of freshness that are left; less than 0 for a stale answer */
  hit(ttl: number, detail = ""): string {
    return this.#name + "; hit; ttl=" + ttl + detailText(detail);
  }

  /** Sent on. */
  forwarded({ fwd, fwdStatus, stored = false, collapsed = false, detail = "" }: ForwardedStatus): string {
    return this.#name + "; fwd=" + fwd + (fwdStatus === undefined ? "" : "; fwd-status=" + fwdStatus) +
      (stored ? "; stored" : "") + (collapsed ? "; collapsed" : "") + detailText(detail);
  }
}

function detailText(detail: string): string {
  return detail === "" ? "" : "; detail=" + (TOKEN.test(detail) ? detail : quoted(detail));
}

/** A string of structured fields: printable ASCII (RFC 8941 §3.3.3). */
function quoted(text: string): string {
  return `"${text.replaceAll(/[^\x20-\x7e]/g, "?").replaceAll(/["\\]/g, "\\$&")}"`;
}

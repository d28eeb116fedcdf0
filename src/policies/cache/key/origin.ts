/** Scheme, host and port in a cache's keys. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { type Authority, parseAuthority } from "../../../http/authority.ts";

const DEFAULT_PORT: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** An exchange's origin. */
export interface Origin {
  /** As keys have it: the host in lower case, without a final dot, and no port that the scheme implies. */
  readonly text: string;
  /**
   * Host and port as they were sent, which is how the upstream gets them, where that is not as keys have it; else `""`. To
   * many a server `example.com.` is another host.
   */
  readonly spelling: string;
}

/** Reads it. */
export type OriginReader = (exchange: Exchange) => Origin;

/** It remembers the last, as most requests in a row name the same host. */
export function originReader(): OriginReader {
  let lastAuthority = "", lastScheme = "", last: Origin = { text: originText("", null), spelling: "" };
  return ({ scheme, authority, host }) => {
    if (authority === lastAuthority && scheme === lastScheme) return last;
    const colon = authority.lastIndexOf(":"), hasPort = colon > authority.lastIndexOf("]");
    const digits = hasPort ? authority.slice(colon + 1) : "";
    const text = originText(scheme, { host, port: digits === "" ? null : Number(digits) });
    last = { text, spelling: text === `${scheme}://${authority}` ? "" : authority };
    lastAuthority = authority;
    lastScheme = scheme;
    return last;
  };
}

/**
 * The origin of a URL as keys have it; `null` where it is none.
 *
 * @param written its scheme
 * @param text its authority
 */
export function originOfUrl(written: string, text: string, hostCounts: boolean): string | null {
  const scheme = written.toLowerCase(), authority = parseAuthority(text);
  if (!hostCounts) return authority === null && text !== "" ? null : originText(scheme, null);
  return authority === null ? null : originText(scheme, authority);
}

/** @param authority `null` where it does not count */
export function originText(scheme: string, authority: Authority | null): string {
  if (authority === null) return `${scheme}://`;
  const { host, port } = authority;
  return port === null || port === DEFAULT_PORT[scheme] ? `${scheme}://${host}` : `${scheme}://${host}:${port}`;
}

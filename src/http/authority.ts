/** The value of `Host`, `:authority` and an absolute-form target's authority. @module */

import { formatIPv6, parseIPv4, parseIPv6 } from "../core/ip_address.ts";

/** A host and the port that was named with it. */
export interface Authority {
  /** In lower case, without a final dot; an IPv6 address as in RFC 5952, in brackets. */
  readonly host: string;
  /** 0–65535; `null` where none was written. */
  readonly port: number | null;
}

/** A name of non-empty labels with perhaps a final dot, or bracketed hex groups; then perhaps a port of up to five digits. */
const AUTHORITY = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*)\.?)(?::([0-9]{0,5}))?$/;
/** What URL parsers take for an IPv4 address, in whatever notation: the last label is a number. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:[0-9]+|0[xX][0-9A-Fa-f]*)$/;
/** RFC 1035 §2.3.4; RFC 3986 §3.2.2 asks for no more. */
const MAX_HOST = 255;

/**
 * Reads an authority by RFC 3986 §3.2, narrowed to what can be routed on: no user information, no escapes, no
 * sub-delimiters, no empty labels, no zone; an IPv4 address only as four decimal numbers, since `127.1` and `0x7f000001`
 * are the same host to some readers and names to others. `host:` without digits is valid there, and here: no port.
 *
 * @returns `null` where the grammar is broken: answer 400
 */
export function parseAuthority(text: string): Authority | null {
  const match = AUTHORITY.exec(text);
  if (match === null) return null;
  const [, address, name, digits] = match;
  const port = digits === undefined || digits === "" ? null : Number(digits);
  if (port !== null && port > 65535) return null;
  if (address !== undefined) {
    const groups = parseIPv6(address);
    return groups === null ? null : { host: `[${formatIPv6(groups)}]`, port };
  }
  if (name.length > MAX_HOST || (ENDS_IN_NUMBER.test(name) && parseIPv4(name) < 0)) return null;
  return { host: name.toLowerCase(), port };
}

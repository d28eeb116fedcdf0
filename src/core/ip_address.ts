/** Addresses as text and as numbers. Strict: no octal, no short forms, since two readers would disagree. @module */

import { hexDigit } from "./hex_digit.ts";

const DOT = 0x2e, COLON = 0x3a;
/** Eight groups of four digits, the last two as a dotted quad. */
const MAX_IPV6 = 45;
const ZEROS: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0];
const MAPPED = "::ffff:";

/** The 32 bits of a dotted quad without leading zeros (RFC 3986 §3.2.2), or -1 when the text is none. */
export function parseIPv4(text: string): number {
  if (text.length < 7 || text.length > 15) return -1;
  let address = 0, octet = -1, octets = 1;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0x30 && c <= 0x39) {
      if (octet === 0) return -1;
      octet = octet < 0 ? c - 0x30 : octet * 10 + c - 0x30;
      if (octet > 255) return -1;
    } else {
      if (c !== DOT || octet < 0 || octets === 4) return -1;
      address = address * 256 + octet;
      octet = -1;
      octets++;
    }
  }
  return octets === 4 && octet >= 0 ? address * 256 + octet : -1;
}

/** The eight 16-bit groups of an IPv6 address (RFC 4291 §2.2, also `::ffff:1.2.3.4`), or `null`. No brackets, no zone. */
export function parseIPv6(text: string): readonly number[] | null {
  if (text.length > MAX_IPV6) return null;
  const groups: number[] = [];
  let gap = -1, i = 0;
  if (text.startsWith("::")) gap = 0, i = 2;
  while (i < text.length) {
    const start = i;
    let group = 0;
    for (let digit = hexDigit(text.charCodeAt(i)); digit >= 0; digit = hexDigit(text.charCodeAt(++i))) {
      group = group * 16 + digit;
    }
    if (i === start || i > start + 4) return null;
    if (text.charCodeAt(i) === DOT) {
      const quad = parseIPv4(text.slice(start));
      if (quad < 0) return null;
      groups.push(quad >>> 16, quad & 0xffff);
      break;
    }
    groups.push(group);
    if (i === text.length) break;
    if (text.charCodeAt(i++) !== COLON || i === text.length) return null;
    if (text.charCodeAt(i) === COLON) {
      if (gap >= 0) return null;
      gap = groups.length;
      i++;
    }
  }
  if (gap < 0) return groups.length === 8 ? groups : null;
  if (groups.length > 7) return null;
  groups.splice(gap, 0, ...ZEROS.slice(groups.length));
  return groups;
}

/** The 32 bits inside an IPv4-mapped address (`::ffff:0:0/96`, RFC 4291 §2.5.5.2), or -1. */
export function mappedIPv4(groups: readonly number[]): number {
  for (let i = 0; i < 5; i++) if (groups[i] !== 0) return -1;
  return groups[5] === 0xffff ? groups[6] * 0x10000 + groups[7] : -1;
}

/** 32 bits as a dotted quad. */
export function formatIPv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** Eight groups as RFC 5952 §4 writes them: lower case, the first longest run of zeros as `::`. */
export function formatIPv6(groups: readonly number[]): string {
  let start = 0, length = 0;
  for (let i = 0; i < 8; i++) {
    let end = i;
    while (end < 8 && groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return hex.slice(0, start).join(":") + "::" + hex.slice(start + length).join(":");
}

/**
 * The one spelling of an address: IPv4-mapped IPv6 as IPv4, IPv6 as in RFC 5952, without brackets and zone.
 * `null` when the text is no address.
 */
export function normaliseAddress(text: string): string | null {
  if (parseIPv4(text) >= 0) return text;
  // The form that a dual-stack socket reports for every IPv4 client.
  if (text.startsWith(MAPPED) && parseIPv4(text.slice(MAPPED.length)) >= 0) return text.slice(MAPPED.length);
  let inner = text;
  if (inner.startsWith("[")) {
    if (!inner.endsWith("]")) return null;
    inner = inner.slice(1, -1);
  }
  const zone = inner.indexOf("%");
  const groups = parseIPv6(zone < 0 ? inner : inner.slice(0, zone));
  if (groups === null) return null;
  const mapped = mappedIPv4(groups);
  return mapped >= 0 ? formatIPv4(mapped) : formatIPv6(groups);
}

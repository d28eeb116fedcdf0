/** The `Forwarded` field (RFC 7239): reading it from its trustworthy end, and writing nodes. @module */

import { normaliseAddress } from "../core/ip_address.ts";

/** The parameters of one element that this gateway reads, unquoted; `null` where they are absent. */
export interface ForwardedElement {
  /** As sent, without the space around it. */
  readonly text: string;
  readonly for: string | null;
  readonly host: string | null;
  readonly proto: string | null;
}

const QUOTE = 0x22, COMMA = 0x2c, BACKSLASH = 0x5c;
/** One `token=value` or nothing, up to `;` or the end (RFC 7239 §4, quoted-string of RFC 9110 §5.6.4). */
const PAIR =
  /[ \t]*(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"((?:[^"\\]|\\.)*)")[ \t]*)?(;|$)/gy;
const PORT = /^:(?:[0-9]{1,5}|_[A-Za-z0-9._-]+)$/;

/**
 * The elements from the last to the first, up to the first that breaks the grammar. It is read from the right because
 * the left end is what the client sent: a quote left open there must not swallow what the proxies added behind it.
 */
export function elementsFromRight(value: string): ForwardedElement[] {
  const elements: ForwardedElement[] = [];
  let end = value.length, quoted = false;
  for (let i = end - 1; i >= -1; i--) {
    const c = i < 0 ? COMMA : value.charCodeAt(i);
    if (c === QUOTE && !isEscaped(value, i)) quoted = !quoted;
    if (c !== COMMA || (quoted && i >= 0)) continue;
    const text = value.slice(i + 1, end).trim();
    end = i;
    if (text === "") continue;
    const element = parseElement(text);
    if (element === null) break;
    elements.push(element);
  }
  return elements;
}

/** The address in a node of `Forwarded` or an entry of `X-Forwarded-For`, without its port; `null` when it is hidden or garbage. */
export function nodeAddress(node: string): string | null {
  const close = node.startsWith("[") ? node.indexOf("]") + 1 : node.indexOf(":");
  // A lone colon parts an IPv4 address from its port; more than one make an IPv6 address.
  const bare = close <= 0 || close === node.length || (node[0] !== "[" && node.includes(":", close + 1));
  if (bare) return normaliseAddress(node);
  return PORT.test(node.slice(close)) ? normaliseAddress(node.slice(0, close)) : null;
}

/** An address as the value of `for=`: IPv6 in brackets and quotes (RFC 7239 §6); `unknown` for what is no address. */
export function nodeText(address: string | null): string {
  if (address === null) return "unknown";
  return address.includes(":") ? `"[${address}]"` : address;
}

function parseElement(text: string): ForwardedElement | null {
  const pairs = new Map<string, string>();
  for (const [, name, token, quoted, end] of text.matchAll(PAIR)) {
    if (name !== undefined) {
      const key = name.toLowerCase();
      if (pairs.has(key)) return null;
      pairs.set(key, token ?? quoted.replace(/\\(.)/g, "$1"));
    }
    if (end === "") {
      const read = (key: string) => pairs.get(key) ?? null;
      return { text, for: read("for"), host: read("host"), proto: read("proto") };
    }
  }
  return null;
}

function isEscaped(value: string, at: number): boolean {
  let before = at;
  while (before > 0 && value.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}

/** The address of the one that an element is about; `null` where it says none. */
export function addressOf(element: ForwardedElement): string | null {
  return element.for === null ? null : nodeAddress(element.for);
}

/** The element that a trusted proxy wrote about the client: no further left than the walk that found the client went. */
export function elementAbout(ip: string, fromRight: Iterable<ForwardedElement>): ForwardedElement | null {
  for (const element of fromRight) {
    const address = addressOf(element);
    if (address === null || address === ip) return address === null ? null : element;
  }
  return null;
}

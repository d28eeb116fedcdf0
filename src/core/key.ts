/** The key grammar: what limits, hashing, cache variants, tenants and templates can be keyed by. @module */

import { contextKey } from "./context_key.ts";
import type { Exchange } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from "./ip_address.ts";

/**
 * A part of an exchange, by name. `identity`, `consumer`, `basic:user`, `jwt:` and `param:` are facts that something earlier
 * must provide. `identity` is who is asking by whatever credential: the consumer, else the subject. `ip/24/64` is the first 24 bits of an IPv4 address, and the first 64 of an IPv6 address; `form:` a field of a
 * form in the request's body, which only those can know who wait for the body.
 */
export type Key =
  | "ip"
  | `ip/${number}/${number}`
  | "global"
  | "route"
  | "identity"
  | "consumer"
  | "basic:user"
  | "request:id"
  | `header:${string}`
  | `query:${string}`
  | `cookie:${string}`
  | `form:${string}`
  | `jwt:${string}`
  | `param:${string}`;

/** Reads a key's value from an exchange; `undefined` where it is absent. */
export type KeyReader = (exchange: Exchange) => string | undefined;

/** Fields of the form in a request's body that stand there once and can be read in one way, once somebody has read them. */
export const FORM_FIELDS = contextKey<ReadonlyMap<string, string>>("form");

/** A key that needs an earlier provider: the path for `param:`, a policy for the rest. */
export type Fact = "identity" | "consumer" | "basic:user" | `jwt:${string}` | `param:${string}`;

const WITHOUT_NAME: Record<string, KeyReader> = {
  ip: (x) => x.client.ip,
  global: () => "global",
  route: (x) => x.route,
  identity: (x) => identityText(x.identity),
  consumer: (x) => x.identity?.consumer,
  "basic:user": (x) => x.identity?.user,
  "request:id": (x) => x.requestId,
};

const WITH_NAME: Record<string, { name: RegExp; reader(name: string): KeyReader }> = {
  header: {
    name: /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/,
    reader(name) {
      const key = name.toLowerCase();
      return (x) => x.headers.get(key) ?? undefined;
    },
  },
  query: { name: /^.+$/, reader: (name) => (x) => queryValue(x.query, name) },
  cookie: {
    name: /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/,
    reader: (name) => (x) => cookieValue(x.headers.get("cookie"), name),
  },
  form: { name: /^.+$/, reader: (name) => (x) => x.get(FORM_FIELDS)?.get(name) },
  jwt: { name: /^.+$/, reader: (name) => (x) => claimText(x.identity?.claims, name) },
  param: { name: /^(?:[A-Za-z_]\w*|\*)$/, reader: (name) => (x) => x.params[name] },
};

/** The forms that a key can take which is known with a request's head, for messages. */
export const KEY_FORMS: readonly string[] = [
  ...Object.keys(WITHOUT_NAME),
  ...Object.keys(WITH_NAME).map((kind) => `${kind}:…`).filter((form) => !isInBody(form)),
];

const IP_PREFIX = /^ip\/(\d{1,2})\/(\d{1,3})$/;

/** The reader of a key, or `undefined` when the text is no key. */
export function parseKey(text: string): KeyReader | undefined {
  if (Object.hasOwn(WITHOUT_NAME, text)) return WITHOUT_NAME[text];
  const prefix = IP_PREFIX.exec(text);
  if (prefix !== null) return ipPrefix(Number(prefix[1]), Number(prefix[2]));
  const colon = text.indexOf(":");
  const kind = text.slice(0, colon), name = text.slice(colon + 1);
  if (colon < 0 || !Object.hasOwn(WITH_NAME, kind) || !WITH_NAME[kind].name.test(name)) return undefined;
  return WITH_NAME[kind].reader(name);
}

/** Whether the key is in the request's body. */
export function isInBody(key: string): boolean {
  return key.startsWith("form:");
}

/** Whether the key must be provided by the path or by an earlier policy. */
export function isFact(key: string): key is Fact {
  return key === "identity" || key === "consumer" || key === "basic:user" || key.startsWith("jwt:") ||
    key.startsWith("param:");
}

/**
 * The first value of a query parameter, decoded as in forms (https://url.spec.whatwg.org/#urlencoded-parsing);
 * `undefined` when it is absent. `query` is raw, with its `?`. Names without escapes are only compared.
 */
export function queryValue(query: string, name: string): string | undefined {
  for (let start = 1; start < query.length;) {
    const and = query.indexOf("&", start), end = and < 0 ? query.length : and;
    const equals = query.indexOf("=", start), middle = equals < 0 || equals > end ? end : equals;
    if (isNamed(query, start, middle, name)) return decodedPart(query.slice(middle + 1, end));
    start = end + 1;
  }
  return undefined;
}

function isNamed(query: string, start: number, end: number, name: string): boolean {
  for (let i = start; i < end; i++) {
    const unit = query.charCodeAt(i);
    // What has escapes, or no plain letters, is compared when it is decoded.
    if (unit === PERCENT || unit === PLUS || unit > 0x7f) return decodedPart(query.slice(start, end)) === name;
  }
  return end - start === name.length && query.startsWith(name, start);
}

const PERCENT = 0x25, PLUS = 0x2b;

/** A name or a value, as forms escape them. */
function decodedPart(part: string): string {
  return /[%+\u0080-\uffff]/.test(part) ? new URLSearchParams(`=${part}`).get("") ?? "" : part;
}

/** The first cookie of this name (RFC 6265 §5.4 order), as sent, without surrounding quotes. */
export function cookieValue(header: string | null, name: string): string | undefined {
  if (header === null) return undefined;
  for (const pair of header.split(";")) {
    const eq = pair.indexOf("=");
    if (eq < 0 || pair.slice(0, eq).trim() !== name) continue;
    const value = pair.slice(eq + 1).trim();
    return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  }
  return undefined;
}

/** The client's address without the bits that many clients, or one, have to themselves; `undefined` for too many bits. */
function ipPrefix(bits4: number, bits6: number): KeyReader | undefined {
  if (bits4 > 32 || bits6 > 128) return undefined;
  const mask4 = bits4 === 0 ? 0 : -1 << (32 - bits4), whole4 = bits4 === 32;
  const masks6 = Array.from({ length: 8 }, (_, i) => {
    const bits = Math.min(16, Math.max(0, bits6 - 16 * i));
    return 0xffff << (16 - bits) & 0xffff;
  });
  return ({ client: { ip } }) => {
    const quad = parseIPv4(ip);
    if (quad >= 0) return whole4 ? ip : formatIPv4((quad & mask4) >>> 0);
    const groups = parseIPv6(ip);
    return groups === null ? ip : formatIPv6(groups.map((group, i) => group & masks6[i]));
  };
}

/** With what vouches for a subject, so that a user of one method or issuer is never taken for the user of another. */
function identityText(identity: Identity | undefined): string | undefined {
  if (identity === undefined) return undefined;
  const { consumer, subject, method = "" } = identity;
  if (consumer !== undefined) return `consumer=${consumer}`;
  if (subject === undefined) return undefined;
  const { iss } = identity.claims ?? {};
  return typeof iss === "string" ? `${method}=${iss} ${subject}` : `${method}=${subject}`;
}

/** Of a claim's own: all objects have a `constructor`. */
function claimText(claims: Identity["claims"], name: string): string | undefined {
  const claim = claims !== undefined && Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (claim === undefined || claim === null) return undefined;
  return typeof claim === "object" ? JSON.stringify(claim) : String(claim);
}

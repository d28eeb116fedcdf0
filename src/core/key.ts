/** The key grammar: what limits, hashing, cache variants, tenants and templates can be keyed by. @module */

import type { Exchange } from "./exchange.ts";

/** A part of an exchange, by name. `consumer`, `basic:user`, `jwt:` and `param:` are facts that something earlier must provide. */
export type Key =
  | "ip"
  | "global"
  | "route"
  | "consumer"
  | "basic:user"
  | "request:id"
  | `header:${string}`
  | `query:${string}`
  | `cookie:${string}`
  | `jwt:${string}`
  | `param:${string}`;

/** Reads a key's value from an exchange; `undefined` where it is absent. */
export type KeyReader = (exchange: Exchange) => string | undefined;

/** A key that needs an earlier provider: the path for `param:`, a policy for the rest. */
export type Fact = "consumer" | "basic:user" | `jwt:${string}` | `param:${string}`;

const WITHOUT_NAME: Record<string, KeyReader> = {
  ip: (x) => x.client.ip,
  global: () => "global",
  route: (x) => x.route,
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
  jwt: { name: /^.+$/, reader: (name) => (x) => claimText(x.identity?.claims?.[name]) },
  param: { name: /^(?:[A-Za-z_]\w*|\*)$/, reader: (name) => (x) => x.params[name] },
};

/** The forms a key can take, for messages. */
export const KEY_FORMS: readonly string[] = [
  ...Object.keys(WITHOUT_NAME),
  ...Object.keys(WITH_NAME).map((kind) => `${kind}:…`),
];

/** The reader of a key, or `undefined` when the text is no key. */
export function parseKey(text: string): KeyReader | undefined {
  if (Object.hasOwn(WITHOUT_NAME, text)) return WITHOUT_NAME[text];
  const colon = text.indexOf(":");
  const kind = text.slice(0, colon), name = text.slice(colon + 1);
  if (colon < 0 || !Object.hasOwn(WITH_NAME, kind) || !WITH_NAME[kind].name.test(name)) return undefined;
  return WITH_NAME[kind].reader(name);
}

/** Whether the key must be provided by the path or by an earlier policy. */
export function isFact(key: string): key is Fact {
  return key === "consumer" || key === "basic:user" || key.startsWith("jwt:") || key.startsWith("param:");
}

/** The first value of a query parameter, decoded; `undefined` when it is absent. `query` is raw, with its `?`. */
export function queryValue(query: string, name: string): string | undefined {
  return query === "" ? undefined : new URLSearchParams(query).get(name) ?? undefined;
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

function claimText(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return undefined;
  return typeof claim === "object" ? JSON.stringify(claim) : String(claim);
}

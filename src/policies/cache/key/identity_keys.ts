/** Keys that tell apart those who are asking. @module */

import type { Exchange } from "../../../core/exchange.ts";
import { type KeyReader, parseKey } from "../../../core/key.ts";

/** The field that RFC 9111 §3.5 is about. */
export const CREDENTIALS = "authorization";

/** The credential that a policy has accepted, and the one in {@link CREDENTIALS}: mostly it is one, but it need not be. */
export const ACCEPTED = 1, SENT = 2;

/** The credentials by which a key with a value tells apart; 0: by none. */
const TOLD_BY: ReadonlyMap<string, number> = new Map([
  ["identity", ACCEPTED],
  ["consumer", ACCEPTED],
  ["basic:user", ACCEPTED | SENT],
  ["jwt:sub", ACCEPTED | SENT],
  [`header:${CREDENTIALS}`, SENT],
]);
/** Methods of identities whose credential is elsewhere: what {@link CREDENTIALS} has beside it is another's, such as the user of an app that has a key. */
const ELSEWHERE: ReadonlySet<string> = new Set(["apiKey", "hmac", "mtls"]);

/** Of which credentials everybody has another value of this key, so that an answer kept under it is served to nobody else. */
export function credentialsTold(key: string): number {
  return TOLD_BY.get(key.startsWith("header:") ? key.toLowerCase() : key) ?? 0;
}

/** Whether a key tells apart those who are asking. */
export function tellsIdentity(key: string): boolean {
  return credentialsTold(key) !== 0;
}

/**
 * Whether everybody who asks as this one does has other values of the keys.
 *
 * @param told the credentials by which those keys tell apart that have a value
 */
export function isToldApart({ credentialed, headers, identity }: Exchange, told: number): boolean {
  const isOne = !ELSEWHERE.has(identity?.method ?? ""), known = told !== 0 && isOne ? ACCEPTED | SENT : told;
  const needed = (credentialed ? ACCEPTED : 0) | (headers.has(CREDENTIALS) ? SENT : 0);
  return (needed & ~known) === 0;
}

/** As {@link parseKey}; users and subjects come with what vouches for them, as others may vouch for another of that name. */
export function identityReader(key: string): KeyReader | undefined {
  const reader = parseKey(key);
  if (reader === undefined || (key !== "basic:user" && key !== "jwt:sub")) return reader;
  return (exchange) => {
    const name = reader(exchange);
    return name === undefined || name === "" ? name : JSON.stringify([...vouchersOf(exchange), name]);
  };
}

function vouchersOf({ identity }: Exchange): string[] {
  const issuer = identity?.claims?.iss;
  return [identity?.method ?? "", typeof issuer === "string" ? issuer : ""];
}

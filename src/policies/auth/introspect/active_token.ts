/** Whether an active token is good here. @module */

import type { Claims } from "../claims/claims.ts";
import { areSendable, type SentClaim } from "../claims/sent_claims.ts";

/** What can be wrong with a token, in words for the log. */
export const ACTIVE_FAULTS = {
  several: "there is more than one token",
  malformed: "the token has characters that no token has, or is too long",
  inactive: "the token is not active",
  claims: "the provider's answer has a claim that is not what RFC 7662 says",
  expired: "the token has expired",
  early: "the token is not valid yet",
  issuer: "the token is of another issuer",
  audience: "the token is for another audience",
  bound: "the token is bound to a key of its holder, which a bearer token is not",
  refresh: "the token is no access token",
  unsendable: "a claim that is sent on as a header has a character that no header may have",
} as const;

/** One of them. */
export type ActiveFault = keyof typeof ACTIVE_FAULTS;

/** What active tokens must be. */
export interface ActiveTerms {
  /** Empty: any, and none. */
  readonly issuer: readonly string[];
  /** Empty: any, and none. */
  readonly audience: readonly string[];
  readonly sent: readonly SentClaim[];
}

/** Milliseconds that the provider's clock may be ahead: it has called the token active, by its own. */
const SKEW = 30_000;

/** What is wrong with an active token; `null`: nothing. @param wall milliseconds since 1970 */
export function activeFault(claims: Claims, { issuer, audience, sent }: ActiveTerms, wall: number): ActiveFault | null {
  const { sub, iss, aud, exp, nbf } = claims;
  const areTexts = [sub, iss].every((text) => text === undefined || typeof text === "string");
  const areDates = [exp, nbf].every((date) => date === undefined || typeof date === "number");
  if (!areTexts || !areDates) return "claims";
  if (isBound(claims)) return "bound";
  if (isRefreshToken(claims)) return "refresh";
  if (exp !== undefined && (exp as number) * 1_000 <= wall) return "expired";
  if (nbf !== undefined && (nbf as number) * 1_000 > wall + SKEW) return "early";
  if (issuer.length > 0 && !issuer.includes(iss as string)) return "issuer";
  if (audience.length > 0 && !audiencesOf(aud).some((one) => audience.includes(one as string))) return "audience";
  return areSendable(sent, claims) ? null : "unsendable";
}

/** Milliseconds for which a good token is good; `Infinity` where the answer does not say. */
export function timeLeft({ exp }: Claims, wall: number): number {
  return typeof exp === "number" ? exp * 1_000 - wall : Infinity;
}

/** RFC 9449 §6.2, RFC 8705 §3.2: to take it without the proof would make it a bearer token. */
function isBound({ cnf, token_type: type }: Claims): boolean {
  return cnf !== undefined && cnf !== null || typeof type === "string" && type.toLowerCase() === "dpop";
}

/** Providers that answer about refresh tokens too say so in one of these. */
function isRefreshToken({ token_type: type, token_use: use }: Claims): boolean {
  return [type, use].some((text) => typeof text === "string" && text.toLowerCase() === "refresh_token");
}

function audiencesOf(aud: unknown): readonly unknown[] {
  return Array.isArray(aud) ? aud : [aud];
}

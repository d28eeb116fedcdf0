/** What the claims of a token must be, whoever has signed it (RFC 7519 §4.1). @module */

import type { Claims } from "../claims/claims.ts";
import type { CompactToken } from "./compact_token.ts";
import type { TokenFault } from "./token_fault.ts";

/** A claim's type: `"strings"` is a list of strings, `"any"` anything but `null`. */
export type ClaimType = "string" | "number" | "boolean" | "strings" | "list" | "object" | "any";

/** What a claim must be: of a type, or one of these values. */
export type ClaimRule = ClaimType | readonly (string | number | boolean)[];

/** The rules of a config: times in milliseconds. */
export interface ClaimTerms {
  /** One of them must be `iss`; empty: any. */
  readonly issuer: readonly string[];
  /** One of them must be among `aud`. */
  readonly audience: readonly string[] | "any";
  readonly leeway: number;
  readonly maxAge?: number;
  readonly allowUnexpiring: boolean;
  readonly type?: string;
  readonly require: readonly { readonly claim: string; readonly is: ClaimRule }[];
}

const TESTS: Readonly<Record<ClaimType, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  strings: (value) => Array.isArray(value) && value.every((item) => typeof item === "string"),
  list: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  any: (value) => value !== undefined && value !== null,
};

/** Types of a claim, by name. */
export const CLAIM_TYPES = Object.keys(TESTS) as readonly ClaimType[];

/**
 * What is wrong with a token's claims; `null`: nothing.
 *
 * @param wall milliseconds since 1970
 */
export function claimFault({ claims, type }: CompactToken, terms: ClaimTerms, wall: number): TokenFault | null {
  if (terms.type !== undefined && mediaType(type) !== mediaType(terms.type)) return "type";
  if (!isRegistered(claims)) return "malformed";
  const { exp, nbf, iat, iss, aud } = claims as RegisteredClaims, { leeway, maxAge, issuer, audience } = terms;
  if (exp === undefined && !terms.allowUnexpiring) return "endless";
  if (exp !== undefined && exp * 1_000 + leeway <= wall) return "expired";
  if (nbf !== undefined && nbf * 1_000 - leeway > wall) return "early";
  if (maxAge !== undefined) {
    if (iat === undefined) return "claims";
    if (iat * 1_000 - leeway > wall) return "early";
    if (iat * 1_000 + maxAge + leeway <= wall) return "old";
  }
  if (issuer.length > 0 && (iss === undefined || !issuer.includes(iss))) return "issuer";
  if (audience !== "any" && !audiences(aud).some((one) => audience.includes(one))) return "audience";
  return terms.require.every(({ claim, is }) => fits(claims, claim, is)) ? null : "claims";
}

/** When a token that is right ceases to be so: milliseconds since 1970. */
export function lastMoment(claims: Claims, { leeway, maxAge = Infinity }: ClaimTerms): number {
  const { exp = Infinity, iat = Infinity } = claims as RegisteredClaims;
  return Math.min(exp * 1_000, iat * 1_000 + maxAge) + leeway;
}

/** Claims whose meaning RFC 7519 §4.1 knows. */
interface RegisteredClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
}

/** Whether those that are there are what they must be. Numbers too large for anybody are none. */
function isRegistered({ iss, sub, aud, exp, nbf, iat }: Claims): boolean {
  return [iss, sub].every((text) => text === undefined || TESTS.string(text)) &&
    [exp, nbf, iat].every((date) => date === undefined || Number.isFinite(date)) &&
    (aud === undefined || TESTS.string(aud) || TESTS.strings(aud));
}

function audiences(aud: RegisteredClaims["aud"]): readonly string[] {
  return typeof aud === "string" ? [aud] : aud ?? [];
}

function fits(claims: Claims, claim: string, is: ClaimRule): boolean {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  return typeof is === "string" ? TESTS[is](value) : is.includes(value as string);
}

/** RFC 7515 §4.1.9: without regard to case, and `application/` may be left out. */
function mediaType(type: string | undefined): string | undefined {
  const lower = type?.toLowerCase();
  return lower?.startsWith("application/") && !lower.slice(12).includes("/") ? lower.slice(12) : lower;
}

/** What can be wrong with a token, in words for the log. @module */

import { AuthRefusal } from "../auth_refusal.ts";

/** All faults. What stands here holds nothing of the token itself. */
export const TOKEN_FAULTS = {
  several: "there is more than one token",
  foreign: "this has not the three parts of a signed token",
  long: "the token is too long",
  malformed: "this is no signed token in compact form",
  algorithm: "the token's alg is not among those of the config",
  critical: "the token has a header parameter that must be understood, and is not",
  type: "the token's typ is another one",
  expired: "the token has expired",
  endless: "the token does not expire",
  early: "the token is not valid yet",
  old: "the token was issued too long ago",
  issuer: "the token is of another issuer",
  audience: "the token is for another audience",
  claims: "a claim that is required is missing, or has another value",
  unsendable: "a claim that is sent on as a header has a character that no header may have",
  key: "there is no key of the token's kid and alg",
  signature: "the token's signature is not right",
} as const;

/** What is wrong with a token. */
export type TokenFault = keyof typeof TOKEN_FAULTS;

/**
 * Honest clients show such tokens too: late ones, and in `anyOf` those of the other policies. Who is refused for them has
 * cost next to nothing: they do not count as failures.
 */
export const HONEST_FAULTS: ReadonlySet<TokenFault> = new Set<TokenFault>(["foreign", "expired", "early", "old"]);

/** The answers of one policy, made once. */
export interface TokenRefusals {
  readonly absent: AuthRefusal;
  readonly unavailable: AuthRefusal;
  readonly faults: Readonly<Record<TokenFault, AuthRefusal>>;
}

/** Prepares the answers. @param realm in quotes as it is: without `"`, `\` and controls */
export function tokenRefusals(realm: string): TokenRefusals {
  const challenge = `Bearer realm="${realm}"`;
  // RFC 6750 §3.1; why it is invalid is nobody's business but the log's.
  const challenges = [`${challenge}, error="invalid_token"`];
  const faults = Object.entries(TOKEN_FAULTS).map(([fault, reason]) => [
    fault,
    new AuthRefusal("invalid", { reason, challenges }),
  ]);
  return {
    absent: new AuthRefusal("absent", { reason: "there is no token", challenges: [challenge] }),
    unavailable: new AuthRefusal("unavailable", { reason: "there are no keys to check the token with" }),
    faults: Object.fromEntries(faults),
  };
}

/** What a provider says of a token (RFC 7662 §2.2). @module */

import type { Claims } from "../claims/claims.ts";
import type { ServiceAnswer } from "../../service/service.ts";

/** An answer that can be used: what it tells of the token, or `null` where the token is not active. */
export interface TokenAnswer {
  readonly claims: Claims | null;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Reads an answer. @returns why it is none, as the end of a sentence */
export function readTokenAnswer({ status, body }: ServiceAnswer): TokenAnswer | string {
  if (status !== 200) return `it answered with status ${status}`;
  const claims = objectIn(body);
  if (claims === null) return "its answer is no JSON object";
  // §2.2: it must be there, and a boolean; nothing else is taken for a yes.
  if (!Object.hasOwn(claims, "active") || typeof claims.active !== "boolean") return "its answer does not say active";
  return { claims: claims.active ? Object.freeze(claims) : null };
}

function objectIn(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : null;
  } catch {
    return null;
  }
}

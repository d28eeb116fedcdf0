/** What an attempt came to, in the words of `retry.on` and `circuitBreaker.failures`. @module */

import type { BodyError } from "../core/body.ts";
import type { Failed, FailureCode } from "../core/outcome.ts";

/** Attempts without an answer, by what kept it away. */
export const OUTCOME_KINDS = ["connect-error", "reset", "timeout", "protocol-error"] as const;

/** A kind of failure, a status, or all statuses from 500. */
export type OutcomeMatch = (typeof OUTCOME_KINDS)[number] | "5xx" | number;

/** What an attempt came to, as one number: the status of an answer, or below 100 a kind of failure. */
export type OutcomeCode = number;

export const CONNECT_ERROR: OutcomeCode = 1;
export const RESET: OutcomeCode = 2;
export const TIMEOUT: OutcomeCode = 3;
export const PROTOCOL_ERROR: OutcomeCode = 4;
/** Not the endpoint's doing: nothing counts against it, or for it. */
export const NOBODYS: OutcomeCode = 0;

const CODES = 600;

/** Whether an outcome is one of those listed: one look into a table. */
export class OutcomeSet {
  readonly #listed = new Uint8Array(CODES);

  constructor(matches: readonly OutcomeMatch[]) {
    for (const match of matches) {
      if (match === "5xx") this.#listed.fill(1, 500, CODES);
      else this.#listed[typeof match === "number" ? match : OUTCOME_KINDS.indexOf(match) + 1] = 1;
    }
  }

  has(code: OutcomeCode): boolean {
    return this.#listed[code] === 1;
  }
}

const OF_FAILURE: { readonly [code in FailureCode]?: OutcomeCode } = {
  connect_refused: CONNECT_ERROR,
  connect_failed: CONNECT_ERROR,
  connect_timeout: CONNECT_ERROR,
  tls_failed: CONNECT_ERROR,
  upstream_reset: RESET,
  upstream_timeout: TIMEOUT,
  upstream_protocol_error: PROTOCOL_ERROR,
  upstream_head_too_large: PROTOCOL_ERROR,
};

/** The code of a failed attempt; {@link NOBODYS} where the client or the gateway itself was in the way. */
export function failureOutcome({ code, fault }: Failed): OutcomeCode {
  return fault === "endpoint" ? OF_FAILURE[code] ?? NOBODYS : NOBODYS;
}

/** The code of an answer whose body broke off. */
export function bodyOutcome({ fault }: BodyError): OutcomeCode {
  return fault === "endpoint" ? RESET : fault === "endpoint-timeout" ? TIMEOUT : NOBODYS;
}

/** Whether an endpoint in good order would not have answered so: what passive health calls a gateway error. */
export function isGatewayError(code: OutcomeCode): boolean {
  return (code >= CONNECT_ERROR && code <= PROTOCOL_ERROR) || (code >= 502 && code <= 504);
}

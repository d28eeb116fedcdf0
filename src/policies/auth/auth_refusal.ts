/** Why a credential does not let its request pass. @module */

import type { AuthOutcome, Exchange } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import { problem } from "../../http/problem.ts";

/** What is wrong. */
export type RefusalKind = Extract<AuthOutcome, "absent" | "invalid" | "limited" | "unavailable" | "forbidden">;

/** How one kind of refusal is answered. What is wrong with a credential is nobody's business but the log's. */
const ANSWERS: Readonly<
  Record<RefusalKind, { readonly status: number; readonly code: string; readonly detail: string }>
> = {
  absent: { status: 401, code: "credential_missing", detail: "This needs a credential." },
  invalid: { status: 401, code: "credential_invalid", detail: "The credential is not valid." },
  limited: { status: 429, code: "credential_attempts", detail: "Too many credentials that were not valid." },
  unavailable: { status: 503, code: "auth_unavailable", detail: "Credentials cannot be checked at the moment." },
  forbidden: { status: 403, code: "forbidden", detail: "This credential does not allow that." },
};

/** What a refusal has beside its kind. */
export interface AuthRefusalInit {
  /**
   * For the log: `the token expired 5 s ago`. It never holds the credential, or text of it that was not checked to be
   * harmless.
   */
  readonly reason: string;
  /** Values of `WWW-Authenticate`, one a scheme (RFC 9110 §11.6.1). They come with a 401; others carry none. @default none */
  readonly challenges?: readonly string[];
  /** Seconds for `Retry-After`. @default none */
  readonly retryAfter?: number;
  /** Further fields of a 401 that say what is asked for, `[name, value, …]`, names in lower case. @default none */
  readonly fields?: readonly string[];
  /** Makes another answer in place of the problem document, each time anew: that of a service which was asked. @default none */
  readonly answer?: () => Reply;
}

/** A refusal. One that does not depend on the request can be made once and used for all. */
export class AuthRefusal {
  readonly reason: string;
  readonly challenges: readonly string[];
  readonly retryAfter: number | undefined;
  readonly fields: readonly string[];
  readonly answer: (() => Reply) | undefined;

  constructor(
    readonly kind: RefusalKind,
    { reason, challenges = [], retryAfter, fields = [], answer }: AuthRefusalInit,
  ) {
    this.reason = reason;
    this.challenges = challenges;
    this.retryAfter = retryAfter;
    this.fields = fields;
    this.answer = answer;
  }

  /** The answer, and what the exchange tells of it. */
  reply(exchange: Exchange): Reply {
    const { status, code, detail } = ANSWERS[this.kind];
    // Of a client that has left nothing was found out: that it left may be why nobody could be asked.
    if (!exchange.aborted) exchange.auth = this.kind;
    exchange.reason = this.reason;
    exchange.error = code;
    const reply = this.answer?.() ?? problem(exchange, { status, code, detail });
    const { headers } = reply;
    if (reply.status === 401) {
      for (const challenge of this.challenges) headers.append("www-authenticate", challenge);
      for (let i = 0; i < this.fields.length; i += 2) headers.append(this.fields[i], this.fields[i + 1]);
    }
    if (this.retryAfter !== undefined && !headers.has("retry-after")) {
      headers.add("retry-after", String(this.retryAfter));
    }
    return reply;
  }
}

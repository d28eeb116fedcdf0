/** Requests that are answered before anything else looks at them. @module */

import type { Reply } from "../../core/reply.ts";
import { problem, type ProblemOrigin } from "../../http/problem.ts";
import { ALLOW } from "./allow.ts";

/** Why a request is refused: the status, a stable code, and a sentence for the client. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

/** The answer to a refused request. */
export function refusalReply(refusal: Refusal, origin: ProblemOrigin): Reply {
  const reply = problem(origin, refusal);
  // RFC 9110 §15.5.6: what the gateway takes. The path, which may take less, has not been looked up.
  if (refusal.status === 405) reply.setHeader("allow", ALLOW);
  return reply;
}

/** Tells a refusal from what would have been there without it. */
export function isRefusal(value: object | null): value is Refusal {
  return value !== null && "status" in value;
}

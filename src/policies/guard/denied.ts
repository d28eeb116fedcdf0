/** The refusals of guards. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import { problem } from "../../http/problem.ts";

/** Why a request does not pass. */
export interface Denial {
  /** @default 403 */
  readonly status?: number;
  /** The problem's code, and the exchange's. */
  readonly code: string;
  /** For the client, who learns no more than that. */
  readonly detail: string;
  /** For the log. */
  readonly reason: string;
}

/** Refuses with a problem document, and notes why. */
export function denied(exchange: Exchange, { status = 403, code, detail, reason }: Denial): Reply {
  exchange.error = code;
  exchange.reason = reason;
  return problem(exchange, { status, code, detail });
}

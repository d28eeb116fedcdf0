/** What an attempt loop begins with, and what it ends with. @module */

import type { Exchange } from "../core/exchange.ts";
import type { TransportOutcome } from "../transport/transport.ts";
import type { Hop } from "./hop.ts";
import type { ReplayableBody } from "./retry/replayable_body.ts";

/** What came of an exchange. */
export type CallOutcome = TransportOutcome & {
  /** Milliseconds after which another try makes sense; 0: not known. */
  readonly retryAfter?: number;
};

/** What is known before the loop begins. */
export interface CallStart {
  readonly exchange: Exchange;
  readonly hop: Hop;
  /** The request's body, if it arrives piece by piece and may have to be sent again. */
  readonly replay: ReplayableBody | null;
  /** The clock's time at which the whole must be over; `Infinity`: whenever. */
  readonly deadline: number;
  /** Whether the deadline is the client's own: the endpoint is not to blame then. */
  readonly clientsDeadline: boolean;
  /** Told once. */
  settle(outcome: CallOutcome): void;
}

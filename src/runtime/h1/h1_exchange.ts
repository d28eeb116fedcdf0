/** An exchange that came through our own listener. @module */

import type { ExchangeInit } from "../../core/exchange.ts";
import type { RequestFraming } from "../intake/framing.ts";
import { ReceivedExchange } from "../intake/received_exchange.ts";
import type { Refusal } from "../intake/refusal.ts";

/** Refusals after which nothing more is taken from a client. */
const CLOSING: ReadonlySet<number> = new Set([400, 413, 414]);

/** What the connection must remember of a request's head. */
export interface WireFacts {
  readonly framing: RequestFraming;
  /** Whether the client would send another request on this connection. */
  readonly persistent: boolean;
  /** Whether the client knows chunks and interim answers. */
  readonly http11: boolean;
}

/** An exchange with what its connection must remember of it. */
export class H1Exchange extends ReceivedExchange {
  readonly framing: RequestFraming;
  /** Whether the connection may go on after this exchange. */
  persistent: boolean;
  readonly http11: boolean;
  /** Bytes of the body that were read from the client. */
  bytesIn = 0;

  constructor(init: ExchangeInit, facts: WireFacts) {
    super(init);
    this.framing = facts.framing;
    this.persistent = facts.persistent;
    this.http11 = facts.http11;
  }

  override refuse(refusal: Refusal): this {
    // Whoever sends what cannot be read may not mean what comes next either.
    // What follows CONNECT is for somebody else, if anybody (RFC 9110 §9.3.6).
    if (CLOSING.has(refusal.status) || this.method === "CONNECT") this.persistent = false;
    return super.refuse(refusal);
  }
}

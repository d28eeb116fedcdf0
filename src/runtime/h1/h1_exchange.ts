/** An exchange that came through our own listener. @module */

import { Exchange, type ExchangeInit } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";

/** How the end of a request's body is found (RFC 9112 §6.3). */
export interface RequestFraming {
  readonly chunked: boolean;
  /** Bytes of the body; 0 for none and for chunked. */
  readonly length: number;
}

/** What only the connection knows how to do. */
export interface Informer {
  inform(status: number, fields: readonly string[]): void;
}

/** What the connection must remember of a request's head. */
export interface WireFacts {
  readonly framing: RequestFraming;
  /** Whether the client would send another request on this connection. */
  readonly persistent: boolean;
  /** Whether the client knows chunks and interim answers. */
  readonly http11: boolean;
}

/** An exchange with what its connection must remember of it. */
export class H1Exchange extends Exchange {
  readonly framing: RequestFraming;
  /** Whether the connection may go on after this exchange. */
  persistent: boolean;
  readonly http11: boolean;
  /** The answer, where the request is not acceptable or is answered by the engine itself. */
  local: Reply | null = null;
  /** Bytes of the body that were read from the client. */
  bytesIn = 0;
  /** Who carries interim answers. */
  informer: Informer | null = null;

  constructor(init: ExchangeInit, facts: WireFacts) {
    super(init);
    this.framing = facts.framing;
    this.persistent = facts.persistent;
    this.http11 = facts.http11;
  }

  override inform(status: number, fields: readonly string[]): void {
    if (this.http11) this.informer?.inform(status, fields);
  }
}

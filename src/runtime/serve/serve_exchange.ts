/** An exchange that came through `Deno.serve`. @module */

import { Exchange, type ExchangeInit } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";
import type { StreamSource } from "../../http/stream_source.ts";
import type { Handshake } from "./websocket/handshake.ts";

/** An exchange with what the engine must remember of the runtime's request. */
export class ServeExchange extends Exchange {
  /** The answer, where the request is not acceptable or is answered by the engine itself. */
  local: Reply | null = null;
  /** What the endpoint is asked, where the client asks for a WebSocket. */
  handshake: Handshake | null = null;

  constructor(
    init: ExchangeInit,
    readonly request: Request,
    /** The body as the client sends it, whatever policies put in its place. */
    readonly source: StreamSource | null,
  ) {
    super(init);
  }

  /** Whether the body broke off because the client left: the runtime's error then says so, and not that it is malformed. */
  get bodyCutByLeaving(): boolean {
    return this.source?.failure?.cause instanceof Deno.errors.BadResource;
  }

  /** Bytes of the body that were read from the client. */
  get bytesIn(): number {
    return this.source === null ? 0 : this.source.received;
  }
}

/** An exchange that came through `Deno.serve`. @module */

import type { ExchangeInit } from "../../core/exchange.ts";
import type { StreamSource } from "../../http/stream_source.ts";
import { ReceivedExchange } from "../intake/received_exchange.ts";
import type { Handshake } from "./websocket/handshake.ts";

/** An exchange with what the engine must remember of the runtime's request. */
export class ServeExchange extends ReceivedExchange {
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

/** The WebSockets that are open on one listener. @module */

import type { ByteStream } from "../../../core/byte_stream.ts";
import { MessageRelay, type RelayEnd, type RelayOptions } from "./message_relay.ts";

/**
 * Opens them and knows them all. When its listener closes, the runtime tells clients 1001 and drops them; endpoints, and
 * the exchanges themselves, are this gateway's to end.
 */
export class OpenSockets {
  readonly #options: RelayOptions;
  readonly #relays = new Set<MessageRelay>();
  #stopping = false;

  constructor(options: RelayOptions) {
    this.#options = options;
  }

  /** Those that are open. */
  get size(): number {
    return this.#relays.size;
  }

  /**
   * Switches protocols with the client of `request`.
   *
   * @param onEnd called once, when both sides have ended
   * @returns the response to give to the runtime
   * @throws TypeError where the request asks for no WebSocket; `Deno.errors.Http` where its client has gone
   */
  open(request: Request, endpoint: ByteStream, onEnd: (end: RelayEnd) => void): Response {
    // No pings of the runtime's own: whether the client is there is for the endpoint to ask, and `idle` ends what is silent.
    const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
    const relay = new MessageRelay(socket, endpoint, this.#options);
    this.#relays.add(relay);
    relay.run().then((end) => {
      this.#relays.delete(relay);
      onEnd(end);
    });
    if (this.#stopping) relay.stop();
    return response;
  }

  /** Tells both sides of each that the gateway stops; of those to come, too. */
  stop(): void {
    this.#stopping = true;
    for (const relay of [...this.#relays]) relay.stop();
  }

  /** Ends them all at once. */
  close(): void {
    for (const relay of [...this.#relays]) relay.close();
  }
}

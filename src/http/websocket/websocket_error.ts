/** What a peer did wrong on a WebSocket. @module */

/** Thrown where a connection must be failed (RFC 6455 §7.1.7). */
export class WebSocketError extends Error {
  override readonly name = "WebSocketError";

  /** @param closeCode the code of the Close frame that tells the peer: 1002, 1007 or 1009 */
  constructor(readonly closeCode: number, message: string) {
    super(message);
  }
}

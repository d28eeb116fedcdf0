/** Why a connection did not become a secure one. @module */

/**
 * `left`: the peer went away, or the listener gave it up; `plain_http`: it spoke HTTP without TLS and was told so;
 * `refused`: it offered what this listener does not take, or no TLS at all; `certificate`: it has no acceptable
 * certificate.
 */
export type HandshakeFault = "left" | "plain_http" | "refused" | "certificate";

/** A handshake that failed. The connection is closed. */
export class HandshakeError extends Error {
  override readonly name = "HandshakeError";
  constructor(readonly fault: HandshakeFault, message: string) {
    super(message);
  }
}

/** What ends a whole connection. @module */

/** An error after which the connection cannot go on (RFC 9113 §5.4.1): the peer gets a GOAWAY with the code. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** @param message for the peer's operator: GOAWAY carries it */
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

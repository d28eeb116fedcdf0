/** How much one WebSocket may hold. @module */

/** Bytes, and milliseconds. */
export interface RelayLimits {
  /** Without a message either way, or a ping of the endpoint; pings of the client are the runtime's, which tells nobody. */
  readonly idle: number;
  /** Largest message. The runtime itself ends the connection at 64 MiB, without a word to the client. */
  readonly message: number;
  /** Most that waits for an endpoint that does not read: the runtime cannot be told to stop reading from the client. */
  readonly waiting: number;
  /** What may wait for a client that does not read; above it the endpoint is not read. */
  readonly buffered: number;
}

/** What a relay has unless it is told otherwise. */
export const DEFAULT_RELAY_LIMITS: RelayLimits = Object.freeze({
  idle: 600_000,
  message: 16 * 1024 * 1024,
  waiting: 16 * 1024 * 1024,
  buffered: 1024 * 1024,
});

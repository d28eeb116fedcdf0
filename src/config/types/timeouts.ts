/** Limits on the waiting for an upstream, as they are written. @module */

import type { Duration } from "../../core/units.ts";

/** Limits on the waiting for an upstream. When one passes, the attempt is cancelled and the client gets a 504 or 502. */
export interface Timeouts {
  /**
   * For a TCP connection to be made, the wait for a place in a full pool included; no part of a request that finds an
   * unused one.
   *
   * @default "2s"
   */
  readonly connect?: Duration;
  /**
   * For the TLS handshake, after `connect`.
   *
   * @default "3s"
   */
  readonly tls?: Duration;
  /**
   * From the last byte of the request to the end of the response head. A slow report needs more here, not in `idle`.
   *
   * @default "30s"
   */
  readonly head?: Duration;
  /**
   * Between two pieces of a body, in either direction. It does not bound the whole: a stream that keeps flowing lives on.
   *
   * @default "60s"
   */
  readonly idle?: Duration;
  /**
   * One try, from its start to the head of its answer; then it is cancelled, and repeated if `retry` lets it. All tries
   * together have to fit into `total`.
   *
   * @default none but the other limits
   */
  readonly attempt?: Duration;
  /**
   * Everything: all tries, the pauses between them, and the answer to its last byte. It cuts long downloads and streams
   * off too. An upgraded connection, such as a WebSocket, has the listener's `timeouts.tunnel` in its place.
   *
   * @default none
   */
  readonly total?: Duration;
  /**
   * Field of the request in which a client says how long it waits: `"x-request-timeout"`, in seconds or as `250ms`, or
   * `"grpc-timeout"`. It may shorten `total`, never lengthen it. Whoever sets the field can have work given up early; a value that
   * cannot be read is a 400.
   *
   * @default none is read
   */
  readonly deadlineHeader?: string;
}

/** A route's limits, field by field in place of the upstream's; `false` switches one of the upstream's off. */
export interface RouteTimeouts {
  /**
   * For a TCP connection to be made, the wait for a place in a full pool included.
   *
   * @default the upstream's
   */
  readonly connect?: Duration;
  /**
   * For the TLS handshake, after `connect`.
   *
   * @default the upstream's
   */
  readonly tls?: Duration;
  /**
   * From the last byte of the request to the end of the response head.
   *
   * @default the upstream's
   */
  readonly head?: Duration;
  /**
   * Between two pieces of a body, in either direction.
   *
   * @default the upstream's
   */
  readonly idle?: Duration;
  /**
   * One try, from its start to the head of its answer; `false`: no limit but the others.
   *
   * @default the upstream's
   */
  readonly attempt?: Duration | false;
  /**
   * Everything, to the last byte of the answer, a fallback's included; `false`: no limit.
   *
   * @default the upstream's
   */
  readonly total?: Duration | false;
  /**
   * Field in which a client says how long it waits; `false`: none is read.
   *
   * @default the upstream's
   */
  readonly deadlineHeader?: string | false;
}

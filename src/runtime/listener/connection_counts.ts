/** What has become of a listener's connections. @module */

import type { HandshakeFailure } from "../listener_report.ts";

/** Plain counters, from the listener's start. */
export class ConnectionCounts {
  accepted = 0;
  readonly refused = { connections: 0, perClient: 0 };
  preamblesFailed = 0;
  readonly handshakesFailed: Record<HandshakeFailure, number> = {
    left: 0,
    plain_http: 0,
    refused: 0,
    certificate: 0,
    timeout: 0,
  };
}

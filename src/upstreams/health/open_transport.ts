/** Transports for probes. @module */

import type { TimerWheel } from "../../core/timer_wheel.ts";
import type { Address, Connect } from "../../transport/socket.ts";
import type { Transport } from "../../transport/transport.ts";
import { probeClient } from "./probe_client.ts";

/**
 * Opens a transport for one probe, which closes it: a connection of traffic's would not prove that the endpoint still
 * accepts any. What it throws is the probe's failure. Aborting `giveUp` ends what is under way.
 */
export type OpenTransport = (giveUp: AbortSignal) => Transport;

/** The transports in HTTP/1.1. For HTTP/2 a new `FetchTransport` is one. */
export function openHttp1(connect: Connect, address: Address, deadlines: TimerWheel): OpenTransport {
  // One connection is opened and none is kept: the probe closes the transport.
  return (giveUp) => probeClient(connect, deadlines, giveUp).transport(address, { max: 1, idle: 0 });
}

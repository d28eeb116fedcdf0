/** The HTTP/1.1 client of one probe. @module */

import type { TimerWheel } from "../../core/timer_wheel.ts";
import { BufferPool } from "../../transport/buffer_pool.ts";
import { Http1Client } from "../../transport/http1_client.ts";
import type { Connect } from "../../transport/socket.ts";

/** Holds a probe's head; a longer one gets a buffer of its own. */
const OUT_BUFFER = 4 * 1024;

/**
 * Makes a client that shares nothing with traffic. Aborting `giveUp` also ends a connect or a handshake that is under
 * way, which a client's own transports leave to their time limit.
 */
export function probeClient(connect: Connect, deadlines: TimerWheel, giveUp: AbortSignal): Http1Client {
  return new Http1Client(
    (address, signal) => connect(address, AbortSignal.any([signal, giveUp])),
    deadlines,
    (_size, keep) => new BufferPool(OUT_BUFFER, keep),
  );
}

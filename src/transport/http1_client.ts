/** The HTTP/1.1 client: a pool for each endpoint, and one exchange at a time over its connections. @module */

import type { Body } from "../core/body.ts";
import type { Failed, Outcome } from "../core/outcome.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import { HeadScanner } from "../http/head_scanner.ts";
import { BufferPool } from "./buffer_pool.ts";
import { type Connection, type ConnectionShared, MAX_HEAD_LINES } from "./connection.ts";
import { type ConnectTimeouts, Pool, type PoolLimits } from "./pool.ts";
import type { Address, Connect } from "./socket.ts";
import type { WireRequest } from "./wire_request.ts";

const OUT_BUFFER = 64 * 1024;
const OUT_BUFFERS_KEPT = 64;
/** RFC 9110 §9.2.2. */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** What all pools of one process share. */
export class Http1Client {
  readonly #connect: Connect;
  readonly #shared: ConnectionShared;

  constructor(connect: Connect, deadlines: TimerWheel) {
    this.#connect = connect;
    this.#shared = {
      deadlines,
      scanner: new HeadScanner(MAX_HEAD_LINES),
      buffers: new BufferPool(OUT_BUFFER, OUT_BUFFERS_KEPT),
    };
  }

  /** A pool of connections to one address. */
  pool(address: Address, limits: PoolLimits): Pool {
    return new Pool(address, this.#connect, this.#shared, limits);
  }
}

/** Whoever waits for the answer, and may leave; an exchange is one. */
export interface Waiting {
  readonly aborted: boolean;
  /** Calls `run` when it leaves; the result takes that back. */
  onAbort(run: () => void): () => void;
}

/**
 * Sends one request and returns what came of it. A connection from the pool that turns out to be closed is replaced by a
 * new one, once, if the request may be repeated: nothing came back, the method is idempotent and the body is at hand.
 */
export async function roundTrip(
  pool: Pool,
  request: WireRequest,
  timeouts: ConnectTimeouts,
  client: Waiting,
): Promise<Outcome> {
  const reused = pool.reuse();
  if (reused !== null) {
    const repeatable = reused.served > 0 && IDEMPOTENT.has(request.method) && isAtHand(request.body);
    const outcome = await sendOn(reused, request, client);
    if (
      outcome.ok || !repeatable || outcome.code !== "upstream_reset" || outcome.stage !== "head" || client.aborted
    ) return outcome;
  }
  const opened = await pool.open(timeouts);
  if ("ok" in opened) return opened;
  if (client.aborted) {
    pool.onFree(opened);
    return CLIENT_GONE;
  }
  return await sendOn(opened, request, client);
}

const CLIENT_GONE: Failed = {
  ok: false,
  stage: "connect",
  code: "client_closed_request",
  fault: "client",
  sent: false,
};

async function sendOn(connection: Connection, request: WireRequest, client: Waiting): Promise<Outcome> {
  const forget = client.onAbort(() => connection.abandon());
  const outcome = await connection.send(request);
  forget();
  return outcome;
}

function isAtHand(body: Body): boolean {
  return body === null || body instanceof Uint8Array;
}

/** The HTTP/1.1 client: a pool for each endpoint, and one exchange at a time over its connections. @module */

import { isBodySource } from "../core/body.ts";
import type { Abandonable } from "../core/exchange.ts";
import type { Failed } from "../core/outcome.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import { HeadScanner } from "../http/head_scanner.ts";
import { isIdempotent } from "../http/idempotent.ts";
import { type MakeBufferPool, makeBufferPool } from "./buffer_pool.ts";
import { ByteSlab } from "./byte_slab.ts";
import { type Connection, MAX_HEAD_LINES } from "./connection.ts";
import type { ConnectionShared } from "./connection_parts.ts";
import { Pool, type PoolLimits } from "./pool.ts";
import type { Address, Connect } from "./socket.ts";
import {
  CLIENT_GONE,
  CLIENT_GONE_IN_LINE,
  type ConnectTimeouts,
  type Settle,
  type Transport,
  type Waiting,
} from "./transport.ts";
import type { WireRequest } from "./wire_request.ts";

const OUT_BUFFER = 64 * 1024;
const OUT_BUFFERS_KEPT = 64;

/** What all pools of one process share. */
export class Http1Client {
  /** How connections are opened. */
  readonly connect: Connect;
  readonly #shared: ConnectionShared;

  constructor(connect: Connect, deadlines: TimerWheel, makePool: MakeBufferPool = makeBufferPool) {
    this.connect = connect;
    this.#shared = {
      deadlines,
      scanner: new HeadScanner(MAX_HEAD_LINES),
      buffers: makePool(OUT_BUFFER, OUT_BUFFERS_KEPT),
      slab: new ByteSlab(),
      opening: new Set(),
    };
  }

  /** Gives up the connections that are being opened: nobody is left to end them by a time limit. */
  close(): void {
    for (const opening of this.#shared.opening) opening.abort();
  }

  /** A pool of connections to one address. */
  pool(address: Address, limits: PoolLimits): Pool {
    return new Pool(address, this.connect, this.#shared, limits);
  }

  /** The transport to one address, over a pool of its own. */
  transport(address: Address, limits: PoolLimits): Transport {
    const pool = this.pool(address, limits);
    return {
      send: (request, timeouts, client, settle) => roundTrip(pool, request, timeouts, client, settle),
      close: () => pool.close(),
    };
  }
}

/**
 * Sends one request and says what came of it. A used connection that turns out to be closed is replaced by another if the
 * request may be repeated: nothing came back, the method is idempotent and the body is at hand. A new connection is never
 * replaced, so that this ends. `settle` is called once.
 */
export function roundTrip(
  pool: Pool,
  request: WireRequest,
  timeouts: ConnectTimeouts,
  client: Waiting,
  settle: Settle,
): void {
  if (client.aborted) return settle(CLIENT_GONE);
  const reused = pool.reuse(!canRepeat(request));
  if (reused === null) open(pool, request, timeouts, client, settle);
  else sendOn(pool, reused, request, timeouts, client, settle);
}

/** Waits for a connection, unless the client leaves first: then one that comes later goes to the pool. */
async function open(
  pool: Pool,
  request: WireRequest,
  timeouts: ConnectTimeouts,
  client: Waiting,
  settle: Settle,
): Promise<void> {
  let left = false;
  // Who waits for a connection in use may still be in line when it is given up: none of the endpoint's doing.
  const inLine = pool.full;
  const waiting: Abandonable = {
    abandon() {
      left = true;
      settle(inLine ? CLIENT_GONE_IN_LINE : CLIENT_GONE);
    },
  };
  client.onAbort(waiting);
  const opened = await pool.open(timeouts);
  client.offAbort(waiting);
  if ("ok" in opened) {
    if (!left) settle(opened);
  } else if (left) pool.onFree(opened);
  else sendOn(pool, opened, request, timeouts, client, settle);
}

function sendOn(
  pool: Pool,
  connection: Connection,
  request: WireRequest,
  timeouts: ConnectTimeouts,
  client: Waiting,
  settle: Settle,
): void {
  const repeatable = connection.served > 0 && canRepeat(request);
  request.watch?.connected(connection.served > 0);
  client.onAbort(connection);
  connection.send(request, (outcome) => {
    client.offAbort(connection);
    if (repeatable && !outcome.ok && isStale(outcome) && !client.aborted) open(pool, request, timeouts, client, settle);
    else settle(outcome);
  });
}

/** The endpoint closed the connection before a byte of the answer: as it does with one that it had given up already. */
function isStale(failure: Failed): boolean {
  return failure.code === "upstream_reset" && failure.stage === "send";
}

/** Whether it has the same effect twice, and its body is at hand. */
function canRepeat({ method, body }: WireRequest): boolean {
  return isIdempotent(method) && !isBodySource(body);
}

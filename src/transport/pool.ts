/** The connections to one endpoint. @module */

import type { Failed } from "../core/outcome.ts";
import type { Deadline } from "../core/timer_wheel.ts";
import { Connection } from "./connection.ts";
import type { ConnectionOwner, ConnectionShared } from "./connection_parts.ts";
import type { Address, Connect } from "./socket.ts";
import type { ConnectTimeouts } from "./transport.ts";

/** Limits of a pool, in connections and milliseconds. */
export interface PoolLimits {
  /** Most connections, idle ones included. */
  readonly max: number;
  /** An idle connection is closed after between half of this and the whole. */
  readonly idle: number;
}

/** Ticks of the wheel after which an idle connection would have been closed if its endpoint meant to. */
const SETTLED_TICKS = 2;

/** Idle connections, none of them proven, from which on no other is opened. */
const MOST_UNPROVEN = 8;

/** Somebody who waits for a connection of a full pool. */
interface Waiter {
  readonly timeouts: ConnectTimeouts;
  /** Takes what was waited for; from then on its own time limit is off. */
  give(connection: Connection | Promise<Connection | Failed>): void;
}

/** Keeps connections alive between requests; the one used last is used first, so that the others may grow old. */
export class Pool implements ConnectionOwner {
  readonly #address: Address;
  readonly #connect: Connect;
  readonly #shared: ConnectionShared;
  readonly #limits: PoolLimits;
  readonly #idle: Connection[] = [];
  readonly #waiting: Waiter[] = [];
  /** Connections that serve a request. */
  #busy = 0;
  #connecting = 0;
  #sweep: Deadline | null = null;
  #closed = false;

  constructor(address: Address, connect: Connect, shared: ConnectionShared, limits: PoolLimits) {
    this.#address = address;
    this.#connect = connect;
    this.#shared = shared;
    this.#limits = limits;
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#idle.length + this.#busy + this.#connecting;
  }

  /** Whether there is no room for another connection. */
  get full(): boolean {
    return this.size >= this.#limits.max;
  }

  /** Connections that wait for a request. */
  get idle(): number {
    return this.#idle.length;
  }

  /**
   * An idle connection, or `null` when there is none: then {@link open} one.
   *
   * @param proven whether only one will do that has outlived an answer: by another one, or by having been idle for a moment.
   *   An endpoint that closes behind each answer without saying so may be met in that moment, and a request that cannot be
   *   repeated is lost then; where the pool has no room for another connection, any will do.
   */
  reuse(proven = false): Connection | null {
    const idle = this.#idle;
    const settled = this.#shared.deadlines.ticks - SETTLED_TICKS;
    const at = proven && !this.full
      ? idle.findLastIndex(({ served, idleSince }) => served > 1 || idleSince <= settled)
      : idle.length - 1;
    if (at < 0 && idle.length < MOST_UNPROVEN) return null;
    // Of many that have only just answered, the one that has been idle for longest.
    const [connection] = idle.splice(Math.max(0, at), 1);
    this.#busy++;
    return connection;
  }

  /** Opens a connection, or waits for one to become free when the pool is full. The failure is returned, not thrown. */
  open(timeouts: ConnectTimeouts): Promise<Connection | Failed> {
    return this.full ? this.#wait(timeouts) : this.#dial(timeouts);
  }

  /** Closes idle connections and, when they are done, the others. */
  close(): void {
    this.#closed = true;
    this.#sweep?.cancel();
    for (const connection of [...this.#idle]) connection.close();
  }

  onFree(connection: Connection): void {
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) return waiter.give(connection);
    if (this.#closed) return connection.close();
    this.#busy--;
    connection.idleSweeps = 0;
    connection.idleSince = this.#shared.deadlines.ticks;
    this.#idle.push(connection);
    connection.watch();
    this.#sweep ??= this.#shared.deadlines.after(this.#limits.idle / 2, this.#onSweep);
  }

  onGone(connection: Connection): void {
    const at = this.#idle.indexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
    else this.#busy--;
    this.#admit();
  }

  async #dial(timeouts: ConnectTimeouts): Promise<Connection | Failed> {
    this.#connecting++;
    const giveUp = new AbortController();
    this.#shared.opening.add(giveUp);
    const limit = timeouts.connect + (this.#address.tls === null ? 0 : timeouts.tls);
    const deadline = this.#shared.deadlines.after(limit, () => giveUp.abort());
    try {
      const socket = await this.#connect(this.#address, giveUp.signal);
      this.#busy++;
      return new Connection(socket, this.#shared, this);
    } catch (cause) {
      return connectFailure(cause, giveUp.signal.aborted, this.#address.tls !== null);
    } finally {
      this.#shared.opening.delete(giveUp);
      this.#connecting--;
      deadline.cancel();
      this.#admit();
    }
  }

  #wait(timeouts: ConnectTimeouts): Promise<Connection | Failed> {
    return new Promise((resolve) => {
      const deadline = this.#shared.deadlines.after(timeouts.connect, () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve({ ok: false, stage: "connect", code: "pool_exhausted", fault: "gateway", sent: false });
      });
      const waiter: Waiter = {
        timeouts,
        give(connection) {
          deadline.cancel();
          resolve(connection);
        },
      };
      this.#waiting.push(waiter);
    });
  }

  /** A place became free: opens a connection for the first who waits. */
  #admit(): void {
    if (this.#waiting.length === 0 || this.size >= this.#limits.max) return;
    const waiter = this.#waiting.shift()!;
    waiter.give(this.#dial(waiter.timeouts));
  }

  readonly #onSweep = () => {
    for (const old of this.#idle.filter((connection) => ++connection.idleSweeps >= 2)) old.close();
    this.#sweep = this.#idle.length === 0 ? null : this.#shared.deadlines.after(this.#limits.idle / 2, this.#onSweep);
  };
}

function connectFailure(cause: unknown, timedOut: boolean, tls: boolean): Failed {
  const code = timedOut
    ? "connect_timeout"
    : isRefused(cause)
    ? "connect_refused"
    : tls && !isNetworkError(cause)
    ? "tls_failed"
    : "connect_failed";
  return { ok: false, stage: "connect", code, fault: "endpoint", sent: false, cause };
}

function isRefused(cause: unknown): boolean {
  return cause instanceof Deno.errors.ConnectionRefused || errorCode(cause) === "ECONNREFUSED";
}

/** Node's sockets name network errors by system code; what is left of a TLS connect is the handshake. */
function isNetworkError(cause: unknown): boolean {
  return /^E(?:NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH|TIMEDOUT|ADDRNOTAVAIL|ACCES)$/.test(errorCode(cause));
}

function errorCode(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

/** Accepts connections for as long as the listener is open. @module */

import { closeQuietly } from "../../core/close_quietly.ts";
import type { Cancel, Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import { thrownMessage } from "../../core/thrown.ts";

/** Milliseconds after an accept that failed: with no file descriptor left, the next try would fail as well. */
const RETRY_MS = 50;

const GONE = [Deno.errors.NotConnected, Deno.errors.ConnectionAborted, Deno.errors.ConnectionReset];

/**
 * The accept loop. An error, such as a process that has run out of file descriptors, ends neither the listener nor the
 * connections that are open: it is told once, and tried again.
 */
export class Acceptor<Conn extends { close(): void }> {
  readonly #listener: { accept(): Promise<Conn>; close(): void };
  readonly #take: (conn: Conn) => void;
  readonly #clock: Clock;
  readonly #log: Log;
  #closed = false;
  #failing = false;
  #cancelRetry: Cancel | null = null;

  constructor(
    listener: { accept(): Promise<Conn>; close(): void },
    take: (conn: Conn) => void,
    clock: Clock,
    log: Log,
  ) {
    this.#listener = listener;
    this.#take = take;
    this.#clock = clock;
    this.#log = log;
    this.#next();
  }

  /** Whether connections are accepted. */
  get listening(): boolean {
    return !this.#closed && !this.#failing;
  }

  /** Closes the listener; connections stay. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancelRetry?.();
    this.#listener.close();
  }

  #next(): void {
    if (this.#closed) return;
    this.#listener.accept().then((conn) => {
      if (this.#failing) this.#log.info("connections are accepted again");
      this.#failing = false;
      try {
        if (this.#closed) conn.close();
        else this.#take(conn);
      } catch {
        // It ended before anything could be set on it: nobody is there to be told.
        closeQuietly(conn);
      }
      this.#next();
    }, (error) => this.#failed(error));
  }

  #failed(error: unknown): void {
    if (this.#closed) return;
    // The client had gone before it was taken: that is no trouble of ours, and no reason to let others wait.
    if (GONE.some((kind) => error instanceof kind)) return this.#next();
    if (!this.#failing) {
      this.#log.error("a connection could not be accepted; trying again", {
        error: thrownMessage(error),
      });
    }
    this.#failing = true;
    this.#cancelRetry = this.#clock.after(RETRY_MS, () => this.#next());
  }
}

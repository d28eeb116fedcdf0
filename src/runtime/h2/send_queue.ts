/** What one stream sends. @module */

import { DataRate } from "../pace/data_rate.ts";
import type { Sweep } from "../pace/sweep.ts";

/** The connection's side of sending. */
export interface SendLine {
  /** Bytes of DATA that the connection's window still takes. */
  readonly window: number;
  /** Bytes wait in the queue, and its window takes some. */
  offer(queue: SendQueue): void;
}

/** When a peer is too slow for an answer. */
export interface SendPatience {
  readonly sweep: Sweep;
  /** Milliseconds that a peer may take none of what waits. */
  readonly timeout: number;
  /** Bytes a second that it must take. */
  readonly least: number;
}

/**
 * One piece at a time, sent as the stream's window and the connection's allow (RFC 9113 §5.2). Bytes belong to the queue
 * until {@link SendQueue.send} resolves.
 */
export class SendQueue {
  readonly stream: number;
  /** Bytes that the peer takes; a change of its settings can make it negative (RFC 9113 §6.9.2). */
  window: number;
  /** The piece that waits, from `at` on. */
  bytes: Uint8Array | null = null;
  at = 0;
  /** Whether the piece is the stream's last. */
  last = false;
  /** Whether the connection has it in its round. */
  offered = false;
  readonly #line: SendLine;
  readonly #patience: SendPatience;
  readonly #rate: DataRate;
  /** The tick at which the peer has taken nothing for too long. */
  #due = Infinity;
  #closed = false;
  #resolve: ((ok: boolean) => void) | null = null;

  /** @param window the stream's first window, as the peer's settings say */
  constructor(stream: number, window: number, line: SendLine, patience: SendPatience) {
    this.stream = stream;
    this.window = window;
    this.#line = line;
    this.#patience = patience;
    this.#rate = new DataRate(patience.least);
  }

  /** Bytes that would go out now if they were here. */
  get credit(): number {
    return Math.min(this.window, this.#line.window);
  }

  /** Whether somebody waits for {@link credit}, or for a piece to go. */
  get waiting(): boolean {
    return this.#resolve !== null;
  }

  /** Resolves when there is credit; to `false` when there never will be. */
  untilCredit(): Promise<boolean> {
    return this.#wait();
  }

  /** Sends a piece. Resolves when its bytes may be used again: `true` when all are on their way, `false` when they never will be. */
  send(bytes: Uint8Array, last: boolean): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    this.bytes = bytes;
    this.at = 0;
    this.last = last;
    const sent = this.#wait();
    this.#line.offer(this);
    return sent;
  }

  /** The peer takes more, or another first window (RFC 9113 §6.9). */
  widen(count: number): void {
    this.window += count;
    this.wake();
  }

  /** There may be credit where there was none. */
  wake(): void {
    if (this.credit <= 0) return;
    if (this.bytes !== null) this.#line.offer(this);
    else this.#settle(true);
  }

  /** `count` bytes of the piece are on their way. */
  took(count: number): void {
    const { sweep } = this.#patience;
    this.at += count;
    this.window -= count;
    this.#rate.moved(count, sweep.time);
    if (this.at < this.bytes!.length) {
      this.#expect();
      return;
    }
    this.bytes = null;
    this.#settle(true);
  }

  /** Whether the peer takes too little of what waits for it. */
  tooSlow(tick: number): boolean {
    return tick >= this.#due || this.#rate.tooSlow(this.#patience.sweep.time);
  }

  /** Nothing more goes out; whoever waits is told. */
  close(): void {
    this.#closed = true;
    this.bytes = null;
    this.#settle(false);
  }

  #wait(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    this.#expect();
    return new Promise((resolve) => this.#resolve = resolve);
  }

  #expect(): void {
    const { sweep, timeout } = this.#patience;
    this.#due = sweep.after(timeout);
    this.#rate.wait(sweep.time);
  }

  #settle(ok: boolean): void {
    const resolve = this.#resolve;
    this.#resolve = null;
    this.#due = Infinity;
    this.#rate.moved(0, this.#patience.sweep.time);
    resolve?.(ok);
  }
}

/** What goes to a client, one piece after another. @module */

import type { ByteStream } from "../../core/byte_stream.ts";
import { DataRate } from "../pace/data_rate.ts";
import type { Sweep } from "../pace/sweep.ts";

/** Told when a piece is out (`true`) or will never be (`false`). Only then may its bytes be used again. */
export type Written = (ok: boolean) => void;

interface Piece {
  readonly bytes: Uint8Array;
  readonly done: Written;
}

/** Writes whole pieces in order. Bytes belong to the writer from {@link send} until `done`. */
export class ClientWriter {
  /** Bytes that the kernel took. */
  written = 0;
  /** The tick at which the peer has taken nothing for too long. */
  due = Infinity;
  readonly #stream: ByteStream;
  readonly #sweep: Sweep;
  readonly #timeout: number;
  readonly #waiting: Piece[] = [];
  #bytes: Uint8Array | null = null;
  #at = 0;
  #done: Written | null = null;
  #broken = false;
  #rate: DataRate | null = null;
  readonly #onWritten = (count: number) => this.#advance(count);
  readonly #onError = () => this.#break();

  /** @param timeout milliseconds that a peer may take none of what is offered */
  constructor(stream: ByteStream, sweep: Sweep, timeout: number) {
    this.#stream = stream;
    this.#sweep = sweep;
    this.#timeout = timeout;
  }

  /** Whether a piece is on its way. */
  get busy(): boolean {
    return this.#bytes !== null;
  }

  /** Whether the peer takes an answer too slowly. */
  get tooSlow(): boolean {
    return this.#rate !== null && this.#rate.tooSlow(this.#sweep.time);
  }

  /** From now on the peer must keep up `least` bytes a second; `null`: no more. */
  expect(least: number | null): void {
    this.#rate = least === null ? null : new DataRate(least);
  }

  /** Sends a piece behind those that wait. */
  send(bytes: Uint8Array, done: Written): void {
    if (this.#broken) return done(false);
    if (this.#bytes !== null) this.#waiting.push({ bytes, done });
    else this.#start(bytes, done);
  }

  /** {@link send} as a promise. */
  all(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => this.send(bytes, resolve));
  }

  #start(bytes: Uint8Array, done: Written): void {
    this.#bytes = bytes;
    this.#at = 0;
    this.#done = done;
    this.due = this.#sweep.after(this.#timeout);
    this.#rate?.wait(this.#sweep.time);
    this.#stream.write(bytes).then(this.#onWritten, this.#onError);
  }

  #advance(count: number): void {
    const bytes = this.#bytes!;
    this.written += count;
    this.#at += count;
    this.#rate?.moved(count, this.#sweep.time);
    if (this.#at < bytes.length) {
      this.due = this.#sweep.after(this.#timeout);
      this.#rate?.wait(this.#sweep.time);
      this.#stream.write(bytes.subarray(this.#at)).then(this.#onWritten, this.#onError);
      return;
    }
    const done = this.#done!;
    this.#bytes = this.#done = null;
    this.due = Infinity;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#start(next.bytes, next.done);
    done(true);
  }

  #break(): void {
    const done = this.#done, waiting = this.#waiting.splice(0);
    this.#broken = true;
    this.#bytes = this.#done = null;
    this.due = Infinity;
    done?.(false);
    for (const piece of waiting) piece.done(false);
  }
}

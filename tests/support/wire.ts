/** A TCP or TLS connection under a test's full control. @module */

import { turn } from "./turn.ts";
import type { Socket } from "node:net";
import { type Bytes, show, toBytes, toText } from "./latin1.ts";

/** How a connection came to its end: the peer's FIN, the peer's RST, or this side. */
export type Ending = "fin" | "reset" | "here";

/** How long a wait may last before the test fails instead of hanging, in milliseconds. Nothing is ever timed with it. */
export const GUARD_MS = 10_000;

/** How long a script may wait for the test to be done with it. */
const PATIENT_MS = 60_000;

/** What a connection did that the test did not expect; the message tells what was received until then. */
export class WireError extends Error {
  override readonly name = "WireError";
  /** How the connection had ended, or `null` when it was still open. */
  readonly ending: Ending | null;

  constructor(message: string, ending: Ending | null) {
    super(message);
    this.ending = ending;
  }
}

/**
 * Reads all the time (unless paused) and keeps every byte, so that an end or a reset is noticed at once. `take…` methods
 * consume in order; each wait is bounded by the guard. Built on `node:net`, because it can send an RST.
 */
export class Wire implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #guardMs: number;
  readonly #closed = Promise.withResolvers<void>();
  readonly #waiting = new Set<() => void>();
  #buffer = new Uint8Array(4096);
  #length = 0;
  #taken = 0;
  #ending: Ending | null = null;

  constructor(socket: Socket, guardMs = GUARD_MS) {
    this.#socket = socket;
    this.#guardMs = guardMs;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.#arrived(chunk));
    socket.on("end", () => this.#end("fin"));
    socket.on("error", () => this.#end("reset"));
    socket.on("close", () => {
      this.#end("here");
      this.#closed.resolve();
    });
  }

  /** Every byte that has come in, taken or not. */
  get received(): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(0, this.#length);
  }

  /** {@link received} as text, one character a byte. */
  get receivedText(): string {
    return toText(this.received);
  }

  /** How it ended, or `null` while more may come. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** The port on this side, which tells connections apart. */
  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Sends everything in one write. Resolves when the kernel has it, so it waits for a peer that does not read. */
  send(...parts: Bytes[]): Promise<void> {
    const bytes = parts.length === 1 ? toBytes(parts[0]) : concat(parts.map(toBytes));
    return this.#write(bytes);
  }

  /**
   * Sends each part in a write of its own, with a turn of the event loop between them. A peer in the same process sees them
   * apart; TCP itself promises nothing.
   */
  async sendPieces(parts: Iterable<Bytes>): Promise<void> {
    for (const part of parts) {
      await this.#write(toBytes(part));
      await turn();
    }
  }

  /** Takes exactly `count` bytes. */
  take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#wait(`${count} bytes`, () => this.#length - this.#taken >= count ? this.#consume(count) : undefined);
  }

  /** Takes everything up to and including the first `mark`. */
  async takeUntil(mark: Bytes): Promise<string> {
    const wanted = toBytes(mark);
    let from = this.#taken;
    const bytes = await this.#wait(show(wanted), () => {
      const at = indexOf(this.#buffer, wanted, from, this.#length);
      if (at !== -1) return this.#consume(at + wanted.length - this.#taken);
      from = Math.max(this.#taken, this.#length - wanted.length + 1);
      return undefined;
    });
    return toText(bytes);
  }

  /** Waits until the predicate likes all that is untaken, as text, and takes it. */
  async takeWhen(what: string, predicate: (text: string) => boolean): Promise<string> {
    const bytes = await this.#wait(what, () => {
      const untaken = this.#buffer.subarray(this.#taken, this.#length);
      return predicate(toText(untaken)) ? this.#consume(untaken.length) : undefined;
    });
    return toText(bytes);
  }

  /** Takes what is there now, without waiting. */
  takeNow(): Uint8Array<ArrayBuffer> {
    return this.#consume(this.#length - this.#taken);
  }

  /** Takes everything until the peer's FIN; a reset fails. */
  takeToEnd(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#wait("the end", () => {
      if (this.#ending === "reset") throw this.#error("waited for a FIN, but the peer reset the connection");
      return this.#ending === null ? undefined : this.takeNow();
    });
  }

  /** Waits until the peer ended or reset the connection; what came before is kept. */
  ended(): Promise<Ending> {
    return this.#wait("the end", () => this.#ending ?? undefined);
  }

  /** Like {@link ended} with a guard of a minute: for a script that goes on until the test is done with it. */
  gone(): Promise<Ending> {
    return this.#wait("the end", () => this.#ending ?? undefined, PATIENT_MS);
  }

  /** Waits, without a guard, for a byte to take: `false` when the connection ended and nothing is left. */
  more(): Promise<boolean> {
    const look = () => this.#taken < this.#length || (this.#ending === null ? undefined : false);
    return this.#wait("a byte or the end", look, Infinity);
  }

  /** Stops reading, so that the peer feels backpressure (after what the runtime and the kernel hold). */
  pause(): void {
    this.#socket.pause();
  }

  /** Reads again. */
  resume(): void {
    this.#socket.resume();
  }

  /** Sends a FIN and goes on reading. */
  halfClose(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(() => resolve()));
  }

  /** Sends an RST: what the peer has not read is lost to it. Not for TLS. */
  async reset(): Promise<void> {
    this.#end("here");
    if (!this.#socket.destroyed) this.#socket.resetAndDestroy();
    await this.#closed.promise;
  }

  /** Closes both directions. Harmless when it is closed. */
  async close(): Promise<void> {
    this.#end("here");
    this.#socket.destroy();
    await this.#closed.promise;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** A failure that tells what has been received. */
  protected failure(message: string): WireError {
    return this.#error(message);
  }

  #arrived(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk, this.#length);
    this.#length = length;
    for (const look of [...this.#waiting]) look();
  }

  #end(ending: Ending): void {
    if (this.#ending === null) this.#ending = ending;
    else if (this.#ending === "fin" && ending === "reset") this.#ending = ending;
    for (const look of [...this.#waiting]) look();
  }

  #consume(count: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#buffer.slice(this.#taken, this.#taken + count);
    this.#taken += count;
    return bytes;
  }

  /** Calls `look` now and on every arrival, until it gives something, throws, nothing more can come, or the guard strikes. */
  #wait<T>(what: string, look: () => T | undefined, guardMs = this.#guardMs): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(guard);
        this.#waiting.delete(attempt);
      };
      const attempt = () => {
        try {
          const found = look();
          if (found === undefined && this.#ending === null) return;
          finish();
          if (found !== undefined) resolve(found);
          else reject(this.#error(`waited for ${what}, but ${ENDINGS[this.#ending ?? "here"]}`));
        } catch (error) {
          finish();
          reject(error);
        }
      };
      const guard = guardMs === Infinity ? undefined : setTimeout(() => {
        finish();
        reject(this.#error(`waited ${guardMs} ms in vain for ${what}`));
      }, guardMs);
      this.#waiting.add(attempt);
      attempt();
    });
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error?: WireError) => {
        clearTimeout(guard);
        if (error === undefined) resolve();
        else reject(error);
      };
      const guard = setTimeout(
        () =>
          finish(
            this.#error(`could not send ${bytes.length} bytes within ${this.#guardMs} ms: the peer does not read`),
          ),
        this.#guardMs,
      );
      this.#socket.write(bytes, (error) => {
        // A write may be the first to learn that the peer is gone.
        if (error && /EPIPE|ECONNRESET/.test(error.message)) this.#end("reset");
        finish(error ? this.#error(`could not send ${bytes.length} bytes (${error.message})`) : undefined);
      });
    });
  }

  #error(message: string): WireError {
    const untaken = this.#taken === this.#length
      ? ""
      : `; of these not yet taken: ${show(this.#buffer.subarray(this.#taken, this.#length))}`;
    const received = `received so far (${this.#length} bytes): ${show(this.#buffer.subarray(0, this.#length))}`;
    return new WireError(`${message}; ${received}${this.#taken === 0 ? "" : untaken}`, this.#ending);
  }
}

const ENDINGS: Readonly<Record<Ending, string>> = {
  fin: "the peer ended the connection",
  reset: "the peer reset the connection",
  here: "this side closed the connection",
};

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number, end: number): number {
  for (
    let at = bytes.indexOf(wanted[0], from);
    at !== -1 && at + wanted.length <= end;
    at = bytes.indexOf(wanted[0], at + 1)
  ) {
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) i++;
    if (i === wanted.length) return at;
  }
  return -1;
}

/** A connection without a socket: what the other end sends, takes and ends is the test's to say, to the byte. @module */

import { strict as assert } from "node:assert";
import type { ByteStream } from "../../../src/core/byte_stream.ts";
import { type Bytes, toBytes, toText } from "../../support/latin1.ts";

interface Pending<T> {
  readonly bytes: Uint8Array;
  /** What stood in `bytes` when they were handed over. */
  readonly before: Uint8Array;
  readonly resolve: (count: T) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The gateway's end, and the test's. Whoever breaks the rules of a {@link ByteStream} (two reads or two writes at a time,
 * bytes that are touched while they are the stream's) fails the test.
 */
export class MemoryStream implements ByteStream {
  /** Whether this end was closed. */
  closed = false;
  /** Whether this end said that it sends no more. */
  finished = false;
  readonly #said: Uint8Array[] = [];
  #over: "fin" | "reset" | null = null;
  #reading: Pending<number | null> | null = null;
  #writing: Pending<number> | null = null;
  #heard = "";
  #room = Infinity;

  /** Everything that the other end has taken, one character a byte. */
  get heard(): string {
    return this.#heard;
  }

  /** Whether a read waits for bytes. */
  get reading(): boolean {
    return this.#reading !== null;
  }

  /** Whether a write waits for the other end. */
  get writing(): boolean {
    return this.#writing !== null;
  }

  /** The other end sends these bytes; each call is a read of its own. */
  say(...pieces: Bytes[]): void {
    for (const piece of pieces) this.#said.push(toBytes(piece));
    this.#feed();
  }

  /** The other end sends no more. */
  end(): void {
    this.#over ??= "fin";
    this.#feed();
  }

  /** The other end resets the connection: what is pending fails. */
  reset(): void {
    this.#over = "reset";
    this.#said.length = 0;
    this.#feed();
    this.#settleWrite((pending) => pending.reject(new Deno.errors.ConnectionReset("reset by the test")));
  }

  /** The other end takes nothing until it {@link take}s. */
  hold(): void {
    this.#room = 0;
  }

  /** The other end takes so many bytes more, then nothing. */
  take(count = Infinity): void {
    this.#room = count;
    this.#drain();
  }

  read(into: Uint8Array): Promise<number | null> {
    assert.equal(this.#reading, null, "one read at a time");
    assert.ok(into.length > 0, "a read with no room");
    return new Promise((resolve, reject) => {
      this.#reading = { bytes: into, before: into.slice(), resolve, reject };
      this.#feed();
    });
  }

  write(bytes: Uint8Array): Promise<number> {
    assert.equal(this.#writing, null, "one write at a time");
    return new Promise((resolve, reject) => {
      if (this.#over === "reset" || this.closed) return reject(new Deno.errors.BrokenPipe("nobody is there"));
      this.#writing = { bytes, before: bytes.slice(), resolve, reject };
      this.#drain();
    });
  }

  closeWrite(): Promise<void> {
    this.finished = true;
    return Promise.resolve();
  }

  close(): void {
    if (this.closed) throw new Deno.errors.BadResource("it was closed already");
    this.closed = true;
    const reading = this.#reading;
    this.#reading = null;
    reading?.reject(new Deno.errors.BadResource("closed"));
    this.#settleWrite((pending) => pending.reject(new Deno.errors.BadResource("closed")));
  }

  #feed(): void {
    const pending = this.#reading, said = this.#said[0];
    if (pending === null || (said === undefined && this.#over === null)) return;
    this.#reading = null;
    assert.deepEqual(pending.bytes, pending.before, "bytes were touched while they were read into");
    if (said !== undefined) {
      const count = Math.min(said.length, pending.bytes.length);
      pending.bytes.set(said.subarray(0, count));
      if (count === said.length) this.#said.shift();
      else this.#said[0] = said.subarray(count);
      pending.resolve(count);
    } else if (this.#over === "fin") pending.resolve(null);
    else pending.reject(new Deno.errors.ConnectionReset("reset by the test"));
  }

  #drain(): void {
    const pending = this.#writing;
    if (pending === null || (this.#room === 0 && pending.bytes.length > 0)) return;
    const count = Math.min(this.#room, pending.bytes.length);
    this.#room -= count;
    this.#settleWrite(({ bytes, resolve }) => {
      this.#heard += toText(bytes.subarray(0, count));
      resolve(count);
    });
  }

  #settleWrite(settle: (pending: Pending<number>) => void): void {
    const pending = this.#writing;
    this.#writing = null;
    if (pending === null) return;
    assert.deepEqual(pending.bytes, pending.before, "bytes were touched while they were written");
    settle(pending);
  }
}

/** Lets everything that waits on a promise go on; nothing else is waited for. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 60; turns++) await null;
}

/** A body that is compressed while it is read. @module */

import { BodyError, type BodySource } from "../../../core/body.ts";
import { trailersOfChanged } from "../content_changed.ts";
import type { Compressor, PreparedCoding } from "./content_coding.ts";

/** Bytes that are read and compressed at a time: the event loop waits meanwhile, as zlib works in its time. */
const PIECE = 32 * 1024;

/**
 * Compresses what it reads of a source, and reads only when it is read itself. While the source has more at hand, output
 * is made as the coding likes; as soon as the source must be waited for, all that it gave is flushed, so that an event or
 * a slow piece goes out when it came. At most one read of the source is under way ahead of the reader.
 *
 * What the source fails with, this fails with: a body that broke off never looks whole. However it ends, the memory of the
 * coding is freed at once.
 */
export class CompressedBody implements BodySource {
  readonly length = undefined;
  readonly #source: BodySource;
  readonly #coding: PreparedCoding;
  readonly #input: Uint8Array;
  #compressor: Compressor | null = null;
  /** Compressed and not read yet, oldest first; of the first, from `#at` on. */
  readonly #output: Uint8Array[] = [];
  #at = 0;
  /** A read of the source that somebody still has to wait for. */
  #reading: Promise<number> | null = null;
  /** Whether bytes were written that have not been flushed. */
  #unflushed = false;
  #ended = false;
  #failure: unknown = null;
  /** Gives up waiting for the compressor. */
  #giveUp: ((reason: unknown) => void) | null = null;

  constructor(source: BodySource, coding: PreparedCoding) {
    this.#source = source;
    this.#coding = coding;
    this.#input = new Uint8Array(Math.max(1, Math.min(source.length ?? PIECE, PIECE)));
  }

  get trailers(): readonly string[] | null {
    return trailersOfChanged(this.#source.trailers ?? null);
  }

  read(into: Uint8Array): number | Promise<number> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#output.length > 0) return this.#give(into);
    return this.#ended ? 0 : this.#next(into);
  }

  cancel(): void {
    if (this.#ended || this.#failure !== null) return;
    this.#fail(new BodyError("client", "the body was given up"));
    this.#source.cancel();
  }

  async #next(into: Uint8Array): Promise<number> {
    try {
      while (!this.#ended && this.#output.length === 0) await this.#step();
    } catch (error) {
      throw this.#fail(error);
    }
    return this.#output.length > 0 ? this.#give(into) : 0;
  }

  async #step(): Promise<void> {
    const reading = this.#reading ?? this.#source.read(this.#input);
    let count: number;
    if (typeof reading === "number") count = reading;
    else if (this.#unflushed) {
      this.#reading = reading;
      // It may fail before anybody waits for it.
      reading.catch(ignore);
      this.#unflushed = false;
      return await this.#done((compressor, done) => compressor.flush(this.#coding.flush, done));
    } else {
      this.#reading = null;
      count = await reading;
    }
    // It was cancelled meanwhile.
    if (this.#failure !== null) throw this.#failure;
    if (count > 0) {
      this.#unflushed = true;
      return await this.#done((compressor, done) => compressor.write(this.#input.subarray(0, count), done));
    }
    await this.#done((compressor, done) => void compressor.once("end", done).end());
    this.#ended = true;
    this.#compressor = null;
  }

  /** Has the compressor work until it calls back; what it gives by then is in the output. */
  #done(work: (compressor: Compressor, done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      work(this.#compressor ??= this.#open(), (error) => error ? reject(error) : resolve());
    });
  }

  #open(): Compressor {
    const compressor = this.#coding.open();
    compressor.on("data", (piece: Uint8Array) => this.#output.push(piece));
    compressor.on("error", (error) => this.#giveUp?.(error));
    return compressor;
  }

  #give(into: Uint8Array): number {
    let count = 0;
    while (count < into.length && this.#output.length > 0) {
      const piece = this.#output[0], part = Math.min(piece.length - this.#at, into.length - count);
      into.set(piece.subarray(this.#at, this.#at + part), count);
      count += part;
      this.#at += part;
      if (this.#at === piece.length) {
        this.#output.shift();
        this.#at = 0;
      }
    }
    return count;
  }

  /** Ends it here. @returns what everybody is told from now on */
  #fail(reason: unknown): unknown {
    if (this.#failure !== null) return this.#failure;
    this.#failure = reason;
    this.#output.length = 0;
    this.#compressor?.destroy();
    this.#compressor = null;
    this.#giveUp?.(reason);
    return reason;
  }
}

function ignore(): void {}

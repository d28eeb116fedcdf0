/** Memory that threads count in together. @module */

import type { Algorithm } from "../../core/limit.ts";
import { KeyTable } from "../table/key_table.ts";
import { powerOfTwo } from "../table/power_of_two.ts";

/** Parts with a lock each: many times more than threads, so that two of them seldom want the same. A power of two. */
const STRIPES = 64;
/** Places of a stripe at least: enough that keys which are spread unevenly find theirs. A power of two. */
const LEAST_PLACES = 128;
/** Bytes that a lock has to itself: two lines of the processor's cache, as it fetches neighbours together. */
export const LOCK_BYTES = 128;
/** Numbers from one stripe's time to the next. */
export const TIME_STEP = LOCK_BYTES / 8;
/** What stands where has changed: another number. */
const VERSION = 1;

/** Words of the header. The sizes of the limits' numbers follow. */
const AT = { version: 0, stripes: 1, places: 2, limits: 3, secret: 4, epoch: 6, sizes: 8 } as const;

/** How much a region has room for. */
export interface RegionShape {
  readonly stripes: number;
  /** Of each limit in each stripe. */
  readonly places: number;
  /** Numbers a key, of each limit. */
  readonly sizes: readonly number[];
}

/** Room for `maxKeys` keys at least, at most half of the places taken. */
export function shapeFor(algorithms: readonly Algorithm[], maxKeys: number): RegionShape {
  const places = Math.max(LEAST_PLACES, powerOfTwo(2 * maxKeys / STRIPES));
  return { stripes: STRIPES, places, sizes: algorithms.map(({ size }) => size) };
}

/** Bytes of a region of this shape. */
export function regionBytes(shape: RegionShape): number {
  return tablesAt(shape) + shape.stripes * stripeBytes(shape);
}

/**
 * A region: the header, a lock for each stripe, and in each stripe a table for each limit. Every word of the header is
 * decided by whoever writes it first, so that a thread which ends on the way leaves nothing half done.
 */
export class CountsRegion {
  readonly stripes: number;
  /** The whole region; its locks begin at {@link locksAt}. */
  readonly words: Int32Array;
  readonly locksAt: number;
  /** Of each stripe, {@link TIME_STEP} apart, the latest time that was seen there. The holder of the lock may use it. */
  readonly times: Float64Array;
  readonly #memory: SharedArrayBuffer;
  readonly #shape: RegionShape;

  /** @throws where the region is of another shape */
  constructor(memory: SharedArrayBuffer, shape: RegionShape) {
    if (memory.byteLength !== regionBytes(shape)) throw otherShape(`${memory.byteLength} bytes`, shape);
    this.stripes = shape.stripes;
    this.words = new Int32Array(memory);
    this.locksAt = headerBytes(shape) / 4;
    // Behind the two words of the lock.
    this.times = new Float64Array(memory, headerBytes(shape) + 8, shape.stripes * TIME_STEP);
    this.#memory = memory;
    this.#shape = shape;
    this.#insist(AT.version, VERSION);
    this.#insist(AT.stripes, shape.stripes);
    this.#insist(AT.places, shape.places);
    this.#insist(AT.limits, shape.sizes.length);
    shape.sizes.forEach((size, i) => this.#insist(AT.sizes + i, size));
  }

  /** The secret of the keys' hashes: `proposed`, unless another thread was first. */
  secret([first, second]: readonly [number, number]): readonly [number, number] {
    return [this.#agree(AT.secret, first || 1), this.#agree(AT.secret + 1, second || 1)];
  }

  /** Where time begins, in milliseconds since 1970: about `proposed`, unless another thread was first. */
  epoch(proposed: number): number {
    return 60_000 * this.#agree(AT.epoch, Math.floor(proposed / 60_000) || 1);
  }

  /** The table of a limit in a stripe. The holder of the lock may use it. */
  table(stripe: number, limit: number): KeyTable {
    const shape = this.#shape, { places, sizes } = shape;
    let offset = tablesAt(shape) + stripe * stripeBytes(shape);
    for (let i = 0; i < limit; i++) offset += KeyTable.bytes(places, sizes[i]);
    return new KeyTable(this.#memory, offset, places, sizes[limit]);
  }

  #insist(at: number, wanted: number): void {
    const found = this.#agree(at, wanted);
    if (found !== wanted) throw otherShape(`${found} in word ${at}, not ${wanted}`, this.#shape);
  }

  #agree(at: number, proposed: number): number {
    return Atomics.compareExchange(this.words, at, 0, proposed) || proposed;
  }
}

function headerBytes({ sizes }: RegionShape): number {
  return LOCK_BYTES * Math.ceil(4 * (AT.sizes + sizes.length) / LOCK_BYTES);
}

function tablesAt(shape: RegionShape): number {
  return headerBytes(shape) + shape.stripes * LOCK_BYTES;
}

function stripeBytes({ places, sizes }: RegionShape): number {
  return sizes.reduce((sum, size) => sum + KeyTable.bytes(places, size), 0);
}

function otherShape(found: string, shape: RegionShape): Error {
  return new Error(`shared memory of another shape: ${found}, where ${JSON.stringify(shape)} was expected`);
}

/** Locks between threads. @module */

import { LOCK_BYTES } from "./counts_region.ts";

/**
 * A lock's word: the number of its holder, or 0, and above it how many holders there have been, so that one who holds it
 * long is told from one who holds it often.
 */
const HOLDER = 0xffff, TICKET = 0x10000;
/** Words from one lock to the next, and in each the one that counts who waits. */
const STEP = LOCK_BYTES / 4, WAITING = 1;
/** Looks at a lock that is held before the thread sleeps: it is mostly held for less than a microsecond. */
const LOOKS = 100;

/** Locks have as many holders as that: numbers are given to threads again from 1 on. */
export const MOST_HOLDERS = HOLDER;

/** How long a thread waits before it takes a holder for dead: it sleeps `times` times for `ms` milliseconds. */
export interface Patience {
  readonly times: number;
  readonly ms: number;
}

/** A second, counted in sleeps: while the whole process stands still, nobody's patience runs out. */
const PATIENCE: Patience = { times: 100, ms: 10 };

/**
 * One lock for each stripe of a region, as one thread sees them. A thread may end while it holds one: whoever sees to
 * threads calls {@link releaseLocksOf}, and without that a lock is taken away from a holder who has had it for a second.
 * If that one was not dead after all but slow (stopped in a debugger, say), two threads may work in one stripe at a time:
 * the decision that either of them is at may then be lost, as may the count of a key that both were adding.
 */
export class StripeLocks {
  readonly #words: Int32Array;
  readonly #first: number;
  readonly #holder: number;
  readonly #patience: Patience;
  /** The words that this thread has put into the locks it holds. */
  readonly #held: Int32Array;

  /**
   * @param words the region
   * @param first where in it the locks begin
   * @param holder this thread's number, from 1 to {@link MOST_HOLDERS}
   */
  constructor(words: Int32Array, first: number, stripes: number, holder: number, patience = PATIENCE) {
    this.#words = words;
    this.#first = first;
    this.#holder = holder;
    this.#patience = patience;
    this.#held = new Int32Array(stripes);
  }

  /** Waits for a lock. Who takes several takes them in the stripes' order. */
  lock(stripe: number): void {
    const words = this.#words, at = this.#first + stripe * STEP;
    let seen = Atomics.load(words, at);
    for (let looks = 0;; looks++) {
      if ((seen & HOLDER) === 0) {
        const mine = (seen + TICKET) | this.#holder, found = Atomics.compareExchange(words, at, seen, mine);
        if (found === seen) {
          this.#held[stripe] = mine;
          return;
        }
        seen = found;
      } else if (looks < LOOKS) {
        Atomics.pause();
        seen = Atomics.load(words, at);
      } else seen = this.#sleep(at, seen);
    }
  }

  unlock(stripe: number): void {
    release(this.#words, this.#first + stripe * STEP, this.#held[stripe]);
  }

  /** Opens the locks that a thread has left behind when it ended. */
  releaseLocksOf(holder: number): void {
    for (let stripe = 0; stripe < this.#held.length; stripe++) {
      const at = this.#first + stripe * STEP, seen = Atomics.load(this.#words, at);
      if ((seen & HOLDER) === holder) release(this.#words, at, seen);
    }
  }

  /** Until the word is another. @returns the word */
  #sleep(at: number, seen: number): number {
    const words = this.#words, { times, ms } = this.#patience;
    Atomics.add(words, at + WAITING, 1);
    for (let i = 0; i < times && Atomics.load(words, at) === seen; i++) Atomics.wait(words, at, seen, ms);
    Atomics.sub(words, at + WAITING, 1);
    if (Atomics.load(words, at) === seen) release(words, at, seen);
    return Atomics.load(words, at);
  }
}

/** Opens a lock whose word is `held`: the very one, as it may have been taken away from who was slow. */
function release(words: Int32Array, at: number, held: number): void {
  if (Atomics.compareExchange(words, at, held, held & ~HOLDER) !== held) return;
  if (Atomics.load(words, at + WAITING) !== 0) Atomics.notify(words, at, 1);
}

/** Time that stands still until a test turns it. @module */

import { turn } from "./turn.ts";
import type { Cancel, Clock } from "../../src/core/clock.ts";
import { GUARD_MS } from "./wire.ts";

interface Timer {
  due: number;
  /** Milliseconds between two calls, or `null` for a timer that fires once. */
  readonly every: number | null;
  readonly run: () => void;
}

/** Where a clock starts, in milliseconds. */
export interface FakeClockOptions {
  /** What `now()` says first. @default 0 */
  now?: number;
  /** What `wall()` says first. @default 2026-01-01T00:00:00Z */
  wall?: number;
}

/** A clock turned by hand. Timers fire in the order in which they are due; those due together, in the order they were set. */
export class FakeClock implements Clock {
  #now: number;
  #wallOffset: number;
  readonly #timers = new Set<Timer>();
  readonly #waiting = new Set<() => void>();

  constructor(options: FakeClockOptions = {}) {
    this.#now = options.now ?? 0;
    this.#wallOffset = (options.wall ?? Date.UTC(2026, 0, 1)) - this.#now;
  }

  /** Timers that are set: 0 when all was cleaned up. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due, or `null` when none is set. */
  get untilNext(): number | null {
    const next = this.#next(Infinity);
    return next === null ? null : next.due - this.#now;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now + this.#wallOffset;
  }

  after(ms: number, run: () => void): Cancel {
    return this.#set({ due: this.#now + Math.max(0, ms), every: null, run });
  }

  every(ms: number, run: () => void): Cancel {
    if (!(ms > 0)) throw new RangeError(`every() takes an interval above 0 ms, not ${ms}`);
    return this.#set({ due: this.#now + ms, every: ms, run });
  }

  /**
   * Moves the time on by `ms` and fires what falls due on the way, timers set by timers included. Inside a timer, `now()`
   * is the moment at which it was due.
   */
  advance(ms: number): void {
    const end = this.#end(ms);
    for (let timer = this.#next(end); timer !== null; timer = this.#next(end)) this.#fire(timer);
    this.#now = end;
  }

  /**
   * Like {@link advance}, but lets everything that waits on a promise go on before the first and after each timer.
   *
   * @param goOn what lets it go on; a turn of the event loop takes a millisecond, and without sockets less will do
   */
  async pass(ms: number, goOn: () => Promise<void> = turn): Promise<void> {
    const end = this.#end(ms);
    await goOn();
    for (let timer = this.#next(end); timer !== null; timer = this.#next(end)) {
      this.#fire(timer);
      await goOn();
    }
    this.#now = end;
  }

  /** Waits until this many timers are set: the moment at which turning the clock has the effect that a test is after. */
  async untilPending(count: number): Promise<void> {
    if (this.pending === count) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => {
      if (this.pending === count) resolve();
    };
    const guard = setTimeout(() => reject(new Error(`${this.pending} timers are set, not ${count}`)), GUARD_MS);
    this.#waiting.add(look);
    try {
      await promise;
    } finally {
      clearTimeout(guard);
      this.#waiting.delete(look);
    }
  }

  /** Sets the date that `wall()` tells, as an operator or NTP would; durations are untouched. */
  setWall(ms: number): void {
    this.#wallOffset = ms - this.#now;
  }

  #end(ms: number): number {
    if (!(ms >= 0)) throw new RangeError(`a clock goes forward only, not by ${ms} ms`);
    return this.#now + ms;
  }

  #set(timer: Timer): Cancel {
    this.#timers.add(timer);
    this.#changed();
    return () => {
      if (this.#timers.delete(timer)) this.#changed();
    };
  }

  #next(end: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) if (timer.due <= end && (next === null || timer.due < next.due)) next = timer;
    return next;
  }

  #fire(timer: Timer): void {
    this.#now = timer.due;
    this.#timers.delete(timer);
    if (timer.every !== null) {
      timer.due += timer.every;
      this.#timers.add(timer);
    }
    timer.run();
    this.#changed();
  }

  #changed(): void {
    for (const look of [...this.#waiting]) look();
  }
}

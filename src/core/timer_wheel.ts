/** Deadlines by the thousand at the price of one timer. @module */

import type { Cancel, Clock } from "./clock.ts";

/** A deadline on a wheel. Cheap to make and to cancel; it fires up to one tick late, never early. */
export interface Deadline {
  /** Takes it off the wheel; harmless when it has fired. */
  cancel(): void;
}

/** Milliseconds between two looks at the wheel: how late a deadline can fire. */
export const TICK_MS = 50;
const SLOTS = 1024;
/** Ticks without any deadline after which the timer stops. */
const IDLE_TICKS = 20;

/**
 * A hashed timing wheel (Varghese and Lauck, 1987, scheme 6): a ring of slots, each a linked list; a deadline further
 * away than one turn stays in its slot and is looked at once a turn. Setting and cancelling are O(1).
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #slots: Entry[] = Array.from({ length: SLOTS }, () => new Entry(0, () => {}));
  #start = 0;
  /** Ticks done since `#start`. */
  #tick = 0;
  #ticks = 0;
  #size = 0;
  #idle = 0;
  #stop: Cancel | null = null;
  readonly #errors: { readonly cause: unknown }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ticks so far: they go on while deadlines are set. */
  get ticks(): number {
    return this.#ticks;
  }

  /** Deadlines that are set. */
  get size(): number {
    return this.#size;
  }

  /**
   * Calls `run` once after at least `ms`, unless cancelled.
   * @param now the clock's time, where the caller has just asked for it
   */
  after(ms: number, run: () => void, now: number = this.#clock.now()): Deadline {
    if (this.#stop === null) this.#begin();
    // The tick counter may lag behind the clock by the time since the last look, so count from the clock.
    const due = Math.ceil((now - this.#start + ms) / TICK_MS);
    const entry = new Entry(Math.max(due, this.#tick + 1), run);
    entry.linkBefore(this.#slots[entry.due % SLOTS], this);
    this.#size++;
    return entry;
  }

  /** Stops the timer and forgets every deadline. */
  close(): void {
    this.#stop?.();
    this.#stop = null;
    for (const head of this.#slots) while (head.next !== head) head.next.unlink();
    this.#size = 0;
  }

  /** Called by an entry that was cancelled or fired. */
  removed(): void {
    this.#size--;
  }

  /** What one deadline throws must not keep the others waiting. */
  #fire(entry: Entry): void {
    try {
      entry.fire();
    } catch (cause) {
      this.#errors.push({ cause });
    }
  }

  #begin(): void {
    this.#start = this.#clock.now();
    this.#tick = 0;
    this.#idle = 0;
    this.#stop = this.#clock.every(TICK_MS, () => this.#turn());
  }

  #turn(): void {
    const now = Math.floor((this.#clock.now() - this.#start) / TICK_MS);
    this.#ticks += now - this.#tick;
    // After a long stall one full turn visits every slot: more would visit them twice.
    if (now - this.#tick > SLOTS) this.#tick = now - SLOTS;
    while (this.#tick < now) {
      this.#tick++;
      const head = this.#slots[this.#tick % SLOTS];
      for (let entry = head.next; entry !== head;) {
        const next = entry.next;
        if (entry.due <= now) this.#fire(entry);
        entry = next.wheel === null && next !== head ? head.next : next;
      }
    }
    const [error] = this.#errors.splice(0);
    if (error !== undefined) throw error.cause;
    if (this.#size > 0) this.#idle = 0;
    else if (++this.#idle >= IDLE_TICKS) {
      this.#stop?.();
      this.#stop = null;
    }
  }
}

class Entry implements Deadline {
  next: Entry = this;
  previous: Entry = this;
  wheel: TimerWheel | null = null;

  constructor(readonly due: number, readonly run: () => void) {}

  linkBefore(head: Entry, wheel: TimerWheel): void {
    this.wheel = wheel;
    this.next = head;
    this.previous = head.previous;
    head.previous.next = this;
    head.previous = this;
  }

  unlink(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    this.next = this.previous = this;
    this.wheel = null;
  }

  cancel(): void {
    const wheel = this.wheel;
    if (wheel === null) return;
    this.unlink();
    wheel.removed();
  }

  fire(): void {
    this.cancel();
    this.run();
  }
}

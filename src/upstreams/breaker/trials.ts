/** The places of attempts that find out whether an endpoint is back. @module */

import type { Deadline, TimerWheel } from "../../core/timer_wheel.ts";

/** What a set of places is made from. */
export interface TrialsSettings {
  /** How many there are. */
  readonly places: number;
  /** Milliseconds after which a trial that has not ended loses its place. */
  readonly patience: number;
  readonly deadlines: TimerWheel;
  /** Called when all were taken and one is free again. */
  onFree(): void;
}

/**
 * Who holds a place, by ticket. A trial that does not end (an endless stream, an outcome that nobody reported) loses its
 * place after a while: it must not keep the others out for ever.
 */
export class Trials {
  readonly #settings: TrialsSettings;
  readonly #held = new Map<number, Deadline>();

  constructor(settings: TrialsSettings) {
    this.#settings = settings;
  }

  get full(): boolean {
    return this.#held.size >= this.#settings.places;
  }

  /** Takes a place; only while they are not {@link full}. */
  take(ticket: number): void {
    const { deadlines, patience } = this.#settings;
    this.#held.set(ticket, deadlines.after(patience, () => this.release(ticket)));
  }

  /** Gives a place back, if the ticket still has it. */
  release(ticket: number): void {
    const wasFull = this.full;
    this.#held.get(ticket)?.cancel();
    if (this.#held.delete(ticket) && wasFull) this.#settings.onFree();
  }

  /** Takes back every place, without a word. */
  close(): void {
    for (const deadline of this.#held.values()) deadline.cancel();
    this.#held.clear();
  }
}

/** The body of an answer that is read to its end, though nobody takes it. @module */

import type { BodySource } from "../core/body.ts";
import type { Abandonable } from "../core/exchange.ts";
import type { TimerWheel } from "../core/timer_wheel.ts";
import type { UnattendedWork } from "./unattended_work.ts";

/** What the rest is read into. */
const SCRAP = 64 * 1024;

/**
 * When its reader gives it up, the rest is read and dropped: endpoints that stop working when they cannot write come to
 * the end of what they do. The rest has as long as a body may stand still, in all: a stream without end would be read
 * for ever.
 */
export class FinishedBody implements BodySource, Abandonable {
  readonly #source: BodySource;
  readonly #unattended: UnattendedWork;
  readonly #deadlines: TimerWheel;
  readonly #limit: number;
  #pending: Promise<number> | null = null;
  #ended = false;
  #dropped = false;

  /** @param limit milliseconds that the rest may take */
  constructor(source: BodySource, unattended: UnattendedWork, deadlines: TimerWheel, limit: number) {
    this.#source = source;
    this.#unattended = unattended;
    this.#deadlines = deadlines;
    this.#limit = limit;
  }

  get length(): number | undefined {
    return this.#source.length;
  }

  get trailers(): readonly string[] | null {
    return this.#source.trailers ?? null;
  }

  read(into: Uint8Array): number | Promise<number> {
    const count = this.#source.read(into);
    if (typeof count !== "number") return this.#arriving(count);
    if (count === 0) this.#ended = true;
    return count;
  }

  cancel(): void {
    if (this.#ended || this.#dropped) return;
    this.#dropped = true;
    this.#unattended.onAbort(this);
    this.#finish();
  }

  /** The gateway stops. */
  abandon(): void {
    this.#source.cancel();
  }

  async #arriving(reading: Promise<number>): Promise<number> {
    this.#pending = reading;
    try {
      const count = await reading;
      if (count === 0) this.#ended = true;
      return count;
    } catch (error) {
      this.#ended = true;
      throw error;
    } finally {
      this.#pending = null;
    }
  }

  async #finish(): Promise<void> {
    const deadline = this.#deadlines.after(this.#limit, () => this.#source.cancel());
    try {
      // One read at a time: a reader's own may be pending, and its buffer stays the reader's.
      let count = this.#pending === null ? 1 : await this.#pending;
      const scrap = new Uint8Array(SCRAP);
      while (count > 0) count = await this.#source.read(scrap);
    } catch {
      // It broke off or took too long: there is nobody to tell.
    } finally {
      deadline.cancel();
      this.#unattended.offAbort(this);
    }
  }
}

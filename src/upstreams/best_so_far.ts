/** What came of an attempt, kept for want of something better. @module */

import { dropReply } from "../core/drop_reply.ts";
import type { TransportOutcome } from "../transport/transport.ts";
import type { Attempt } from "./attempt.ts";
import type { OutcomeSet } from "./outcome_set.ts";

/** An attempt and what came of it. */
export interface Tried {
  readonly attempt: Attempt;
  readonly outcome: TransportOutcome;
}

/** Holds one outcome; an answer that it lets go of is given up. */
export class BestSoFar {
  #tried: Tried | null = null;

  /** The status of the answer that is kept; 0: there is none. */
  get status(): number {
    return this.#tried?.outcome.ok ? this.#tried.outcome.reply.status : 0;
  }

  /** Keeps it in place of what was kept, unless that is an answer and this is none. */
  keep(tried: Tried): void {
    if (this.#tried?.outcome.ok && !tried.outcome.ok) return;
    this.drop();
    this.#tried = tried;
  }

  drop(): void {
    if (this.#tried?.outcome.ok) dropReply(this.#tried.outcome.reply);
    this.#tried = null;
  }

  /** Drops an answer whose body is still to come: it has a place at its endpoint. */
  dropUnread(): void {
    if (this.#tried?.attempt.isOver === false) this.drop();
  }

  /**
   * Gives away what is kept, if it says more than the last outcome: that the client has gone, or that the time is over,
   * stays what it is. @returns `null` where the last is the one
   */
  takeOver(last: TransportOutcome): Tried | null {
    const tried = this.#tried;
    if (tried === null || last.ok || last.fault === "client" || last.code === "deadline_exceeded") return null;
    return tried.outcome.ok || last.fault === "gateway" ? this.take() : null;
  }

  /** Gives away what is kept. */
  take(): Tried | null {
    const tried = this.#tried;
    this.#tried = null;
    return tried;
  }
}

/** Whether another attempt under way may bring something better. @param poor what is not to be had as an answer */
export function isPoor(outcome: TransportOutcome, poor: OutcomeSet): boolean {
  return outcome.ok ? poor.has(outcome.reply.status) : outcome.fault !== "client";
}

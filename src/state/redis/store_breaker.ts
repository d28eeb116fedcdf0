/** Leaves a store alone that keeps failing. @module */

import type { Clock } from "../../core/clock.ts";

type State =
  | { readonly kind: "closed"; failures: number }
  /** `until`: the clock's time from which on a trial may be made. */
  | { readonly kind: "open"; readonly until: number }
  | { readonly kind: "trial" };

/**
 * Closed, it lets everything pass; after so many failures in a row it is open and lets nothing pass; after a while the
 * first who asks is the trial, and how that ends closes it or opens it again. What began in an earlier state counts no
 * more.
 */
export class StoreBreaker {
  readonly #failures: number;
  readonly #openFor: number;
  readonly #clock: Clock;
  #state: State = { kind: "closed", failures: 0 };
  /** Counts the states. */
  #ticket = 1;

  /** @param plan failures in a row, and milliseconds */
  constructor(plan: { readonly failures: number; readonly openFor: number }, clock: Clock) {
    this.#failures = plan.failures;
    this.#openFor = plan.openFor;
    this.#clock = clock;
  }

  get closed(): boolean {
    return this.#state.kind === "closed";
  }

  /** @returns a ticket for {@link settle}, which must come; or 0: nothing passes */
  enter(): number {
    const state = this.#state;
    if (state.kind === "closed") return this.#ticket;
    if (state.kind === "trial" || this.#clock.now() < state.until) return 0;
    return this.#become({ kind: "trial" });
  }

  /** @returns whether that opened it, for the first time or again */
  settle(ticket: number, answered: boolean): boolean {
    const state = this.#state;
    if (ticket !== this.#ticket) return false;
    if (answered) {
      if (state.kind === "closed") state.failures = 0;
      else this.#become({ kind: "closed", failures: 0 });
      return false;
    }
    if (state.kind === "closed" && ++state.failures < this.#failures) return false;
    this.#become({ kind: "open", until: this.#clock.now() + this.#openFor });
    return true;
  }

  #become(state: State): number {
    this.#state = state;
    return ++this.#ticket;
  }
}

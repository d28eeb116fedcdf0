/** The plan in force. @module */

import type { Assembled } from "../compile/assemble.ts";
import type { Plan } from "../compile/plan.ts";

/** A plan and what serves it. */
export interface Serving extends Assembled {
  readonly plan: Plan;
  /** `Clock.wall` when it was put in force. */
  readonly since: number;
}

/** The one mutable reference to the current plan. An exchange reads it once; a reload replaces it whole. */
export class Snapshot {
  #current: Serving;

  constructor(first: Serving) {
    this.#current = first;
  }

  get current(): Serving {
    return this.#current;
  }

  /** Puts another plan in force. Exchanges under way end by the old one. */
  swap(next: Serving): void {
    this.#current = next;
  }
}

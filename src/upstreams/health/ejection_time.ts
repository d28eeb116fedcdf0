/** How long an endpoint is kept out. @module */

import type { OutlierPlan } from "./outlier_plan.ts";

/**
 * The length of an endpoint's ejections: `ejectFor` × their number, up to `maxEjectFor`. For each `ejectFor` that passes
 * after a return without another ejection the number falls by one. It does not grow where that would make no difference,
 * so that an endpoint which was bad for long is not remembered for longer than `maxEjectFor` and a bit.
 */
export class EjectionTime {
  readonly #plan: Pick<OutlierPlan, "ejectFor" | "maxEjectFor">;
  #number = 0;
  #endedAt = 0;

  constructor(plan: Pick<OutlierPlan, "ejectFor" | "maxEjectFor">) {
    this.#plan = plan;
  }

  /** An ejection begins. @param now the clock's time @returns how long it lasts, in milliseconds */
  begin(now: number): number {
    const { ejectFor, maxEjectFor } = this.#plan;
    const forgotten = Math.floor((now - this.#endedAt) / ejectFor);
    this.#number = Math.max(0, this.#number - forgotten);
    if (this.#number * ejectFor < maxEjectFor) this.#number++;
    return Math.min(this.#number * ejectFor, maxEjectFor);
  }

  /** The ejection is over. @param now the clock's time */
  end(now: number): void {
    this.#endedAt = now;
  }
}

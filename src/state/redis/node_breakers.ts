/** The breakers of a store: one for each server that it asks. @module */

import type { Clock } from "../../core/clock.ts";
import type { RedisPlan } from "./redis_plan.ts";
import { StoreBreaker } from "./store_breaker.ts";

/** In a cluster a node that fails must not keep anyone from the others. */
export class NodeBreakers {
  readonly #plan: RedisPlan["breaker"];
  readonly #clock: Clock;
  /** With a key that the node is asked for. */
  readonly #breakers = new Map<string, { readonly breaker: StoreBreaker; readonly key: string }>();

  constructor(plan: RedisPlan["breaker"], clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
  }

  /** Whether they let everything pass. */
  get allClosed(): boolean {
    return this.#breakers.values().every(({ breaker }) => breaker.closed);
  }

  of(node: string, key: string): StoreBreaker {
    let entry = this.#breakers.get(node);
    if (entry === undefined) {
      entry = { breaker: new StoreBreaker(this.#plan, this.#clock), key };
      this.#breakers.set(node, entry);
    }
    return entry.breaker;
  }

  /** Forgets those of nodes whose keys others have now. */
  forgetGone(nodeOf: (key: string) => string): void {
    for (const [node, { key }] of this.#breakers) if (nodeOf(key) !== node) this.#breakers.delete(node);
  }
}

/** Balancers that users wrote. @module */

import type { Exchange } from "../../core/exchange.ts";
import { thrownMessage } from "../../core/thrown.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Balancer } from "./balancer.ts";
import type { CustomBalancer } from "./define_balancer.ts";

/** Runs a balancer made by `defineBalancer`, and lets through nothing but an endpoint of the list. */
export class Custom implements Balancer {
  readonly #name: string;
  readonly #pick: ReturnType<CustomBalancer["create"]>;
  #array: readonly Endpoint[] | null = null;
  #copy: readonly Endpoint[] = [];

  /** @throws TypeError when `create` throws, or returns no function */
  constructor(balancer: CustomBalancer) {
    this.#name = balancer.name;
    this.#pick = this.#guard("create()", () => balancer.create());
    if (typeof this.#pick !== "function") {
      throw new TypeError(
        `balancer "${this.#name}": create() returned ${kindOf(this.#pick)}, not a function that picks an endpoint`,
      );
    }
  }

  /** @throws TypeError when the user's function throws, or returns something that is not in the list */
  pick(eligible: readonly Endpoint[], exchange: Exchange): Endpoint {
    if (eligible !== this.#array) {
      this.#array = eligible;
      // The array is the upstream's own, and a stranger may want to sort it.
      this.#copy = Object.freeze(eligible.slice());
    }
    const picked = this.#guard("the pick", () => this.#pick(this.#copy, exchange));
    if (eligible.includes(picked)) return picked;
    throw new TypeError(
      `balancer "${this.#name}" returned ${kindOf(picked)}: return one of the endpoints of the list, at once`,
    );
  }

  #guard<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      const message = thrownMessage(error);
      throw new TypeError(`balancer "${this.#name}": ${what} threw: ${message}`, { cause: error });
    }
  }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Promise) return "a promise";
  if (typeof value !== "object") return `a ${typeof value}`;
  return "id" in value ? `an endpoint that is not in the list (${String(value.id)})` : "an object";
}

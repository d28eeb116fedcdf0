/** Chance that honours weights. @module */

import type { Random } from "../../core/random.ts";
import type { Endpoint } from "../endpoint.ts";
import { AliasTable } from "./alias_table.ts";
import type { Balancer } from "./balancer.ts";
import { Prepared } from "./prepared.ts";

/** Each endpoint as likely as its weight says, whoever was picked before. */
export class WeightedRandom implements Balancer {
  readonly #random: Random;
  readonly #tables = new Prepared((eligible) => new AliasTable(eligible.map((endpoint) => endpoint.weight)));

  constructor(random: Random) {
    this.#random = random;
  }

  pick(eligible: readonly Endpoint[]): Endpoint {
    const table = this.#tables.of(eligible);
    return table === null ? once(eligible, this.#random()) : eligible[table.at(this.#random())];
  }
}

/** For an array that may not come again: adding up is cheaper than a table. */
function once(eligible: readonly Endpoint[], chance: number): Endpoint {
  let left = 0;
  for (const endpoint of eligible) left += endpoint.weight;
  left *= chance;
  for (const endpoint of eligible) {
    if (left < endpoint.weight) return endpoint;
    left -= endpoint.weight;
  }
  return eligible[eligible.length - 1];
}

/** Routes of one host, one path shape and one method: what only predicates tell apart. @module */

import type { AnalysedRoute } from "./analysed_route.ts";
import { Candidates } from "./candidates.ts";
import { OverlapIndex } from "./overlap_index.ts";
import { comparePredicates } from "./specificity.ts";
import { valuesFor, type Witness } from "./witness.ts";

/** Says of each route which others come before it and which are its equals, looking only at those that it overlaps. */
export class Contest {
  /** Routes of equal specificity, the most specific first. */
  readonly #ranks: OverlapIndex<AnalysedRoute>[] = [];
  readonly #rankOf = new Map<AnalysedRoute, number>();
  readonly #candidates = new Candidates<AnalysedRoute, Witness>();

  /**
   * @param routes without those whose predicates exclude each other
   * @param method `""` for routes that take all methods
   */
  constructor(readonly routes: readonly AnalysedRoute[], readonly method: string) {
    const sorted = routes.toSorted((a, b) => compareConditions(a, b) || a.index - b.index);
    let rank: AnalysedRoute[] = [];
    for (const route of sorted) {
      if (rank.length > 0 && compareConditions(rank[0], route) !== 0) {
        this.#ranks.push(new OverlapIndex(rank));
        rank = [];
      }
      rank.push(route);
      this.#rankOf.set(route, this.#ranks.length);
      this.#candidates.add(route);
    }
    this.#ranks.push(new OverlapIndex(rank));
    this.#candidates.seal();
  }

  /** The routes that are as specific as this one, came earlier in the config, and may match the same requests. */
  *equals(route: AnalysedRoute): Generator<AnalysedRoute> {
    for (const other of this.#ranks[this.#rankOf.get(route)!].overlapping(route.constraints)) {
      if (other.index < route.index) yield other;
    }
  }

  /** The more specific routes that may match the same requests, in matching order. */
  before(route: AnalysedRoute): AnalysedRoute[] {
    const before = new Set<AnalysedRoute>(), rank = this.#rankOf.get(route)!;
    for (const earlier of this.#ranks.slice(0, rank)) {
      for (const other of earlier.overlapping(route.constraints)) before.add(other);
    }
    return [...before];
  }

  /** Whether one request was tried that no more specific route takes: a quick answer for nearly all routes. */
  seenToReach(route: AnalysedRoute): boolean {
    if (this.#rankOf.get(route) === 0) return true;
    const values = valuesFor(new Map(), route.constraints);
    if (values === null) return false;
    const taker = this.#candidates.pick({ method: this.method, host: "", path: "/", ...values });
    return taker !== null && compareConditions(taker, route) === 0;
  }
}

function compareConditions(a: AnalysedRoute, b: AnalysedRoute): number {
  return comparePredicates(a.predicates, b.predicates);
}

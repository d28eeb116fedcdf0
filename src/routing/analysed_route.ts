/** A route in the form that the static analysis works on. @module */

import type { Condition } from "./choice.ts";
import { type Constraint, toConstraint } from "./constraint.ts";
import { parsePattern, type Pattern } from "./pattern.ts";
import { isPatternError } from "./pattern_error.ts";
import { compilePredicate, type Predicate } from "./predicate.ts";
import { QueryMemo } from "./query_memo.ts";
import type { RouteEntry } from "./route_entry.ts";
import type { RouteRequest } from "./route_request.ts";
import { hostsOf } from "./router.ts";
import type { Specific } from "./specificity.ts";
import { forWitness, type Witness } from "./witness.ts";

/** A route, its pattern and its predicates without the gateway's requests. */
export interface AnalysedRoute extends Specific {
  /** Place among the entries, for reporting only. */
  readonly index: number;
  readonly pattern: Pattern;
  /** Lower case, most specific first; `""` is any host. */
  readonly hosts: readonly string[];
  readonly predicates: readonly Predicate<Witness>[];
  readonly constraints: readonly Constraint[];
  readonly conditions: readonly Condition<Witness>[];
}

/** Prepares entries. @throws TypeError where a pattern is none that {@link parsePattern} takes. */
export function analysedRoutes<T, R extends RouteRequest>(entries: readonly RouteEntry<T, R>[]): AnalysedRoute[] {
  const query = new QueryMemo();
  return entries.map((entry, index) => {
    const pattern = parsePattern(entry.pattern);
    if (isPatternError(pattern)) throw new TypeError(`pattern "${entry.pattern}": ${pattern.message}`);
    const predicates = forWitness(entry.predicates);
    return {
      index,
      id: entry.id,
      source: entry.source,
      methods: [...new Set(entry.methods)],
      pattern,
      hosts: hostsOf(entry),
      predicates,
      constraints: predicates.map(toConstraint),
      conditions: predicates.map((predicate) => ({ predicate, test: compilePredicate(predicate, query) })),
    };
  });
}

/**
 * The methods under which a route is looked at: those that it names, `[""]` for one that takes all. HEAD is left out
 * where a route takes it by naming GET: what conflicts or is covered for HEAD is so for GET.
 */
export function takenMethods({ methods }: AnalysedRoute): readonly string[] {
  return methods.length === 0 ? [""] : methods;
}

/** The routes of one path pattern under one host. @module */

import { Choice, type Condition, type Option } from "./choice.ts";
import type { RouteRequest } from "./route_request.ts";
import { compareIds, comparePredicates, methodTier, type Specific } from "./specificity.ts";

/** A route with its prepared predicates. */
export interface Candidate<R extends RouteRequest> extends Specific {
  readonly conditions: readonly Condition<R>[];
}

/** Routes that differ in methods and predicates; what they come to for each method is settled when all have been added. */
export class Candidates<C extends Candidate<R>, R extends RouteRequest> {
  readonly #list: C[] = [];
  /** The route that takes every request, where none names methods and the first has no predicates; it saves two reads. */
  #always: C | null = null;
  /** The methods that some route takes by name. */
  #methods: readonly string[] = [];
  /** The route that takes every request of a method, by index in `#methods`; the last is for methods not named. */
  #settled: readonly (C | null)[] = [];
  /** Where predicates decide, by the same index; `null` where no route takes the method. */
  #choices: readonly (Choice<C, R> | null)[] = [];
  #every: Choice<C, R> = new Choice([]);

  add(candidate: C): void {
    this.#list.push(candidate);
  }

  /** Sorts what was added. */
  seal(): void {
    const list = this.#list, named = new Set(list.flatMap(({ methods }) => methods));
    if (named.has("GET")) named.add("HEAD");
    this.#methods = [...named];
    const sorted = [...this.#methods, null].map((method) => sortedFor(list, method));
    this.#settled = sorted.map(([first]) => first !== undefined && first.conditions.length === 0 ? first : null);
    this.#choices = sorted.map((routes) => routes.length === 0 ? null : new Choice(routes.map(option<C, R>)));
    this.#every = new Choice(list.map(option<C, R>));
    if (this.#methods.length === 0) this.#always = this.#settled[0];
  }

  /** The route that takes a request which got here by host and path, or `null`. */
  pick(request: R): C | null {
    if (this.#always !== null) return this.#always;
    const methods = this.#methods;
    let at = methods.indexOf(request.method);
    if (at < 0) at = methods.length;
    return this.#settled[at] ?? this.#choices[at]?.pick(request)?.item ?? null;
  }

  /** Calls `visit` with every route whose predicates hold, whatever its methods. */
  each(request: R, visit: (candidate: C) => void): void {
    this.#every.each(request, visit);
  }
}

/** The routes that take a method, most specific first; `null` is any method that is not named. */
function sortedFor<C extends Specific>(list: readonly C[], method: string | null): C[] {
  if (method === null) return list.filter(({ methods }) => methods.length === 0).sort(compareAlike);
  const tier = (candidate: C) => methodTier(candidate.methods, method);
  return list.filter((candidate) => tier(candidate) !== undefined)
    .sort((a, b) => tier(a)! - tier(b)! || compareAlike(a, b));
}

function compareAlike(a: Specific, b: Specific): number {
  return comparePredicates(a.predicates, b.predicates) || compareIds(a, b);
}

function option<C extends Candidate<R>, R extends RouteRequest>(candidate: C, order: number): Option<C, R> {
  return { item: candidate, order, conditions: candidate.conditions };
}

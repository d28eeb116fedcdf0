/** The first of many routes whose predicates hold. @module */

import { type Predicate, type Test, valueReader } from "./predicate.ts";
import type { RouteRequest } from "./route_request.ts";

/** A predicate beside its prepared form. */
export interface Condition<R extends RouteRequest> {
  readonly predicate: Predicate<R>;
  readonly test: Test<R>;
}

/** Something to choose under conditions. */
export interface Option<C, R extends RouteRequest> {
  readonly item: C;
  /** The lowest wins. */
  readonly order: number;
  readonly conditions: readonly Condition<R>[];
}

/** So many options must name values of one header or key before they are found by value. */
const INDEX_FROM = 4;

/**
 * Options in order. Where many of them ask one header or key for certain values, as tenants do, these are found by value
 * in a map instead of one after the other; the rest is a choice of its own, and the lower order of the two wins.
 */
export class Choice<C, R extends RouteRequest> {
  readonly #inTurn: readonly Option<C, R>[];
  readonly #index: ValueIndex<C, R> | null;

  /** @param options in ascending order */
  constructor(options: readonly Option<C, R>[]) {
    this.#index = indexByValue(options);
    this.#inTurn = this.#index === null ? options : [];
  }

  /** The option that a request gets, or `null`. Options from `limit` on are not looked at. */
  pick(request: R, limit = Infinity): Option<C, R> | null {
    if (this.#index !== null) {
      const asked = this.#index.choice(request)?.pick(request, limit) ?? null;
      return this.#index.rest.pick(request, asked === null ? limit : asked.order) ?? asked;
    }
    for (const option of this.#inTurn) {
      if (option.order >= limit) return null;
      if (holds(option, request)) return option;
    }
    return null;
  }

  /** Calls `visit` with every item whose conditions hold, in no order. */
  each(request: R, visit: (item: C) => void): void {
    this.#index?.choice(request)?.each(request, visit);
    this.#index?.rest.each(request, visit);
    for (const option of this.#inTurn) if (holds(option, request)) visit(option.item);
  }
}

interface ValueIndex<C, R extends RouteRequest> {
  /** The options that ask for the request's value. */
  choice(request: R): Choice<C, R> | undefined;
  /** The options that do not ask for certain values. */
  readonly rest: Choice<C, R>;
}

function indexByValue<C, R extends RouteRequest>(options: readonly Option<C, R>[]): ValueIndex<C, R> | null {
  const subject = commonSubject(options);
  if (subject === null) return null;
  const byValue = new Map<string, Option<C, R>[]>(), rest: Option<C, R>[] = [];
  for (const option of options) {
    const at = option.conditions.findIndex((condition) => indexSubject(condition.predicate) === subject.name);
    if (at < 0) {
      rest.push(option);
      continue;
    }
    const { match } = option.conditions[at].predicate;
    // The map has tested this condition when the option is looked at.
    const left = { ...option, conditions: option.conditions.toSpliced(at, 1) };
    for (const value of new Set("oneOf" in match ? match.oneOf : [])) {
      const same = byValue.get(value);
      if (same === undefined) byValue.set(value, [left]);
      else same.push(left);
    }
  }
  const choices = new Map<string, Choice<C, R>>();
  for (const [value, same] of byValue) choices.set(value, new Choice(same));
  const { read } = subject;
  return {
    rest: new Choice(rest),
    choice(request) {
      const value = read(request);
      return value === null ? undefined : choices.get(value);
    },
  };
}

/** The header or key that most options ask for certain values. */
function commonSubject<C, R extends RouteRequest>(options: readonly Option<C, R>[]) {
  if (options.length < INDEX_FROM) return null;
  const counts = new Map<string, { name: string; count: number; predicate: Predicate<R> }>();
  for (const { conditions } of options) {
    for (const name of new Set(conditions.map((condition) => indexSubject(condition.predicate)))) {
      if (name === null) continue;
      const known = counts.get(name);
      if (known !== undefined) known.count++;
      else {
        const { predicate } = conditions.find((condition) => indexSubject(condition.predicate) === name)!;
        counts.set(name, { name, count: 1, predicate });
      }
    }
  }
  let most: { name: string; count: number; predicate: Predicate<R> } | null = null;
  for (const subject of counts.values()) if (most === null || subject.count > most.count) most = subject;
  return most === null || most.count < INDEX_FROM ? null : { name: most.name, read: valueReader(most.predicate) };
}

/** Queries are left out: a parameter can have several values at once. */
function indexSubject<R extends RouteRequest>({ of, name, match }: Predicate<R>): string | null {
  return of !== "query" && "oneOf" in match ? `${of} ${name}` : null;
}

function holds<C, R extends RouteRequest>(option: Option<C, R>, request: R): boolean {
  for (const condition of option.conditions) if (!condition.test(request)) return false;
  return true;
}

/** Finds the routes whose constraints can hold together with given ones, without looking at all of them. @module */

import type { Constraint } from "./constraint.ts";

/** Something with constraints. */
export interface Constrained {
  readonly constraints: readonly Constraint[];
}

/** Smaller groups are looked at one by one. */
const SPLIT_FROM = 8;

/**
 * Items by the values that they ask of the subject which most of them name values for, as tenants do. Two that ask one
 * subject for different values cannot hold together; all others are given.
 */
export class OverlapIndex<I extends Constrained> {
  readonly #all: readonly I[];
  readonly #split: Split<I> | null;

  constructor(items: readonly I[], used: readonly string[] = []) {
    this.#all = items;
    this.#split = split(items, used);
  }

  /** Those that may hold together with the constraints; some may come twice. */
  *overlapping(constraints: readonly Constraint[]): Generator<I> {
    const values = this.#split === null ? null : valuesAsked(constraints, this.#split.subject);
    if (this.#split === null || values === null) {
      yield* this.#all;
      return;
    }
    for (const value of values) {
      const same = this.#split.byValue.get(value);
      if (same !== undefined) yield* same.overlapping(constraints);
    }
    yield* this.#split.rest.overlapping(constraints);
  }
}

interface Split<I extends Constrained> {
  readonly subject: string;
  readonly byValue: ReadonlyMap<string, OverlapIndex<I>>;
  readonly rest: OverlapIndex<I>;
}

function split<I extends Constrained>(items: readonly I[], used: readonly string[]): Split<I> | null {
  if (items.length < SPLIT_FROM) return null;
  const subject = commonSubject(items, used);
  if (subject === null) return null;
  const byValue = new Map<string, I[]>(), rest: I[] = [];
  for (const item of items) {
    const values = valuesAsked(item.constraints, subject);
    if (values === null) rest.push(item);
    for (const value of values ?? []) {
      const same = byValue.get(value);
      if (same === undefined) byValue.set(value, [item]);
      else same.push(item);
    }
  }
  const nowUsed = [...used, subject];
  return {
    subject,
    byValue: new Map([...byValue].map(([value, same]) => [value, new OverlapIndex(same, nowUsed)])),
    rest: new OverlapIndex(rest, nowUsed),
  };
}

function commonSubject(items: readonly Constrained[], used: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const { constraints } of items) {
    for (const { subject, match } of constraints) {
      if ("oneOf" in match && !used.includes(subject)) counts.set(subject, (counts.get(subject) ?? 0) + 1);
    }
  }
  let most: string | null = null;
  for (const [subject, count] of counts) if (most === null || count > counts.get(most)!) most = subject;
  return most === null || counts.get(most)! < SPLIT_FROM ? null : most;
}

/** The values that constraints ask of a subject, or `null` where they name none. */
function valuesAsked(constraints: readonly Constraint[], subject: string): ReadonlySet<string> | null {
  const asked = constraints.find((constraint) => constraint.subject === subject && "oneOf" in constraint.match);
  return asked !== undefined && "oneOf" in asked.match ? new Set(asked.match.oneOf) : null;
}

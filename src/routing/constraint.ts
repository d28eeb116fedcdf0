/** Predicates as the static analysis sees them: conditions on values, without a request. @module */

import { type Match, type Predicate, valueTest } from "./predicate.ts";
import { regexSamples } from "./regex_samples.ts";
import type { RouteRequest } from "./route_request.ts";

/** What one predicate asks of one subject. */
export interface Constraint {
  /**
   * `header:x`, `query:x`, or `key …`. A key that reads a header is that header; one that reads a query parameter is a
   * subject of its own, because it sees the first value and a query predicate sees all.
   */
  readonly subject: string;
  readonly match: Match;
  /** Whether a value that is there fits. */
  fits(value: string): boolean;
  /** Texts that it names, or that its regex is seen to match. */
  readonly texts: readonly string[];
}

/** A value that nothing names; of it is only known which regexes it fits. */
export interface Unnamed {
  readonly fits: ReadonlySet<string>;
}

/** What a subject may be: absent, a certain text, or some other text. */
export type Value = string | null | Unnamed;

/** Regexes on one subject, beyond which the analysis does not try all combinations. */
const MAX_REGEXES = 5;

/** The constraint of a predicate. */
export function toConstraint<R extends RouteRequest>({ of, name, match }: Predicate<R>): Constraint {
  const header = of === "key" && name.startsWith("header:") ? name.toLowerCase() : null;
  const subject = header ?? `${of === "key" ? "key " : `${of}:`}${name}`;
  const fits = "present" in match ? () => match.present : valueTest(match);
  return {
    subject,
    match,
    fits,
    texts: "oneOf" in match ? match.oneOf : "regex" in match ? regexSamples(match.regex) : [],
  };
}

/** Whether a value satisfies a constraint. */
export function satisfies(value: Value, constraint: Constraint): boolean {
  const { match } = constraint;
  if ("present" in match) return match.present === (value !== null);
  if (value === null) return false;
  if (typeof value === "string") return constraint.fits(value);
  return "regex" in match && value.fits.has(match.regex);
}

/**
 * Values of which one stands for any that a subject can have: absence, every text that a constraint names, some texts
 * that fit the regexes, and texts that nobody names, for every combination of regexes they could fit. Some combinations
 * may be impossible, so that what holds for all of these holds for all requests. `null` when there are too many.
 */
export function valuesOf(subject: string, constraints: Iterable<Constraint>): Value[] | null {
  const texts = new Set<string>(), regexes = new Set<string>();
  for (const constraint of constraints) {
    if (constraint.subject !== subject) continue;
    for (const text of constraint.texts) texts.add(text);
    if ("regex" in constraint.match) regexes.add(constraint.match.regex);
  }
  if (regexes.size > MAX_REGEXES) return null;
  let unnamed: Unnamed[] = [{ fits: new Set() }];
  for (const regex of regexes) unnamed = unnamed.flatMap((one) => [one, { fits: new Set([...one.fits, regex]) }]);
  return [null, unnamed[0], ...texts, ...unnamed.slice(1)];
}

/** Whether some request could satisfy all of them. Of query parameters only one value is considered. */
export function satisfiable(constraints: readonly Constraint[]): boolean {
  for (const subject of new Set(constraints.map((constraint) => constraint.subject))) {
    const own = constraints.filter((constraint) => constraint.subject === subject);
    if (own.length === 1) continue;
    const values = valuesOf(subject, own);
    if (values !== null && !values.some((value) => own.every((constraint) => satisfies(value, constraint)))) {
      return false;
    }
  }
  return true;
}

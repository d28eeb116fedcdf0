/** Conditions of a route besides host, path and method. @module */

import type { PatternError } from "./pattern_error.ts";
import type { QueryMemo } from "./query_memo.ts";
import type { RouteRequest } from "./route_request.ts";

/** What a value must be. `present: false` asks that there is none; a regex matches the whole value. */
export type Match =
  | { readonly present: boolean }
  | { readonly oneOf: readonly string[] }
  | { readonly regex: string };

/**
 * One condition.
 *
 * - `header`: on the combined value of a header; `name` in lower case.
 * - `query`: on the decoded values of a query parameter; of several, one that fits is enough.
 * - `key`: on what `read` gives, `undefined` being absent. `name` says what is read, such as `header:x-user-id`; two
 *   predicates of one name read the same.
 */
export type Predicate<R extends RouteRequest = RouteRequest> =
  | { readonly of: "header" | "query"; readonly name: string; readonly match: Match }
  | {
    readonly of: "key";
    readonly name: string;
    readonly match: Match;
    readonly read: (request: R) => string | undefined;
  };

/** A prepared condition. */
export type Test<R extends RouteRequest> = (request: R) => boolean;

/** Prepares a condition. @throws SyntaxError for a regex that {@link matchError} complains of. */
export function compilePredicate<R extends RouteRequest>(predicate: Predicate<R>, query: QueryMemo): Test<R> {
  const { name, match } = predicate;
  if (predicate.of === "query") return queryTest(name, match, query);
  const read = valueReader(predicate);
  if ("present" in match) return match.present ? (r) => read(r) !== null : (r) => read(r) === null;
  const fits = valueTest(match);
  return (request) => {
    const value = read(request);
    return value !== null && fits(value);
  };
}

/** Reads what a header or key condition looks at. */
export function valueReader<R extends RouteRequest>(
  predicate: Predicate<R> & { readonly of: "header" | "query" | "key" },
): (request: R) => string | null {
  if (predicate.of === "key") {
    const { read } = predicate;
    return (request) => read(request) ?? null;
  }
  const { name } = predicate;
  return (request) => request.headers.get(name);
}

/** Whether a value that is there fits. */
export function valueTest(match: Exclude<Match, { present: boolean }>): (value: string) => boolean {
  if ("regex" in match) {
    const regex = wholeRegex(match.regex);
    return (value) => regex.test(value);
  }
  if (match.oneOf.length === 1) {
    const [only] = match.oneOf;
    return (value) => value === only;
  }
  const values = new Set(match.oneOf);
  return (value) => values.has(value);
}

/** What is wrong with a match, or `null`. */
export function matchError(match: Match): PatternError | null {
  if ("oneOf" in match && match.oneOf.length === 0) {
    return { message: "the list is empty, so nothing fits", remedy: "at least one value, or { present: true }" };
  }
  if (!("regex" in match)) return null;
  try {
    wholeRegex(match.regex);
    return null;
  } catch (error) {
    return {
      message: `"${match.regex}" is no regular expression: ${(error as SyntaxError).message}`,
      remedy: "a JavaScript regular expression with Unicode rules, without slashes and flags",
    };
  }
}

function queryTest<R extends RouteRequest>(name: string, match: Match, query: QueryMemo): Test<R> {
  if ("present" in match) return (request) => query.has(request.query, name) === match.present;
  const fits = valueTest(match);
  return (request) => query.values(request.query, name).some(fits);
}

function wholeRegex(source: string): RegExp {
  // Alone first: "a)|(b" is no expression, though in the group it would be one that is not anchored.
  new RegExp(source, "u");
  return new RegExp(`^(?:${source})$`, "u");
}

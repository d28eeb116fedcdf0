/** What is right of a value that is wrong as a whole. @module */

import { z } from "zod";
import type { Path } from "./finding.ts";
import { settingsOf } from "./read_part.ts";

/** Each round cuts away; what is wrong only then, such as a rule over several keys, is cut in the next. */
const ROUNDS = 4;

/**
 * What the schema makes of the value without the settings that it complains of, or `undefined` where nothing is left that
 * makes sense. A wrong entry takes its whole list with it, so that everything that stays keeps its path.
 *
 * @param issues what the schema found
 */
export function rightPart<T>(
  schema: z.core.$ZodType<T>,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): { readonly value: T } | undefined {
  let left = value, wrong = issues;
  for (let round = 0; round < ROUNDS; round++) {
    left = without(left, wrong.flatMap(cuts));
    if (left === undefined) return undefined;
    const { data, error } = z.core.safeParse(schema, left);
    if (error === undefined) return { value: data };
    wrong = error.issues;
  }
  return undefined;
}

function cuts(issue: z.core.$ZodIssue): Path[] {
  const path = issue.path as Path;
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
}

/** Everything but what stands at the paths; `undefined` where that is the value itself. */
function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0) return value;
  if (paths.some((path) => path.length === 0)) return undefined;
  const inside = (key: string | number) => paths.filter(([first]) => first === key).map((path) => path.slice(1));
  if (Array.isArray(value)) {
    const entries = value.map((entry, i) => without(entry, inside(i)));
    return entries.some((entry, i) => entry === undefined && inside(i).length > 0) ? undefined : entries;
  }
  return Object.fromEntries(
    Object.entries(settingsOf(value)).flatMap(([key, inner]) => {
      const cut = inside(key), left = without(inner, cut);
      return left === undefined && cut.length > 0 ? [] : [[key, left]];
    }),
  );
}

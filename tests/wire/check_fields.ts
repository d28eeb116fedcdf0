/** Fields against what they must be. @module */

import { strict as assert } from "node:assert";
import type { FieldMatch, Fields } from "./row.ts";

/** @param valuesOf each value of a field, in order */
export function checkFields(
  expected: Fields | undefined,
  valuesOf: (name: string) => readonly string[],
  where: string,
) {
  for (const [name, match] of Object.entries(expected ?? {})) checkField(name, match, valuesOf(name), where);
}

function checkField(name: string, match: FieldMatch, values: readonly string[], where: string): void {
  const what = `${name} ${where}`;
  if (match === null) assert.deepEqual(values, [], `${what} is there`);
  else if (match instanceof RegExp) assert.match(values.join(", "), match, what);
  else if (typeof match === "string") assert.equal(values.length === 0 ? null : values.join(", "), match, what);
  else assert.deepEqual(values, match, what);
}

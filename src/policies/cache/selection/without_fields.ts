/** Fields with some left out. @module */

import type { FieldSet } from "../../../core/field_set.ts";

/** The fields, `[name, value, …]` with names in lower case, that are not in the set; in a list of their own. */
export function withoutFields(fields: readonly string[], names: FieldSet): string[] {
  const rest: string[] = [];
  for (let i = 0; i < fields.length; i += 2) if (!names.has(fields[i])) rest.push(fields[i], fields[i + 1]);
  return rest;
}

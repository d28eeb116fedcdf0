/** Which keywords hold further schemas. @module */

import { isKeywords, type Place } from "./json_schema.ts";

/** Schemas by name; under `dependencies` may also stand lists of names. */
const BY_NAME: ReadonlySet<string> = new Set(
  ["properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"],
);

/** A list of them, as `items` may be before draft 2020-12. */
const IN_LIST: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);

/** One. */
const ONE: ReadonlySet<string> = new Set([
  ...["items", "additionalItems", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "contains"],
  ...["propertyNames", "not", "if", "then", "else", "contentSchema"],
]);

/** The schemas that a keyword's value holds, and the steps to each. */
export function schemasUnder(keyword: string, value: unknown): readonly (readonly [step: Place, schema: unknown])[] {
  const found: (readonly [Place, unknown])[] = [];
  withSchemas(keyword, value, (schema, ...step) => found.push([step, schema]));
  return found;
}

/** A keyword's value with other schemas in place of those that it holds. */
export function withSchemas(
  keyword: string,
  value: unknown,
  change: (schema: unknown, ...step: Place) => unknown,
): unknown {
  if (BY_NAME.has(keyword) && isKeywords(value)) {
    const changed = Object.entries(value).map(([name, inner]) =>
      [name, Array.isArray(inner) ? inner : change(inner, name)] as const
    );
    return Object.fromEntries(changed);
  }
  if (IN_LIST.has(keyword) && Array.isArray(value)) return value.map((schema, i) => change(schema, i));
  return ONE.has(keyword) && !Array.isArray(value) ? change(value) : value;
}

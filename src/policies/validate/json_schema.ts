/** JSON Schemas as values, and finding places in them. @module */

/** A JSON Schema: `true`, `false`, or keywords. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** The drafts that are known, and what they call themselves under `$schema`. */
export const DRAFTS = {
  "2020-12": "https://json-schema.org/draft/2020-12/schema",
  "draft-07": "http://json-schema.org/draft-07/schema",
} as const;

/** A draft of JSON Schema. */
export type Draft = keyof typeof DRAFTS;

/** Steps from the outermost value to one inside. */
export type Place = readonly (string | number)[];

/** What is wrong with a schema or a document, and where in it. */
export class SchemaFault extends Error {
  override readonly name = "SchemaFault";
  constructor(readonly place: Place, message: string, readonly remedy?: string, readonly onKey = false) {
    super(message);
  }

  /** The same, seen from further out. */
  within(...outer: Place): SchemaFault {
    return new SchemaFault([...outer, ...this.place], this.message, this.remedy, this.onKey);
  }
}

/** Whether a value is keywords, and neither a list nor a boolean. */
export function isKeywords(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

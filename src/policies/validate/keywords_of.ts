/** A walk through a schema. @module */

import { isKeywords, type Place } from "./json_schema.ts";
import { schemasUnder } from "./schemas_under.ts";

/** A keyword, and where it stands. */
export interface KeywordAt {
  readonly keyword: string;
  readonly value: unknown;
  /** The schema that has it. */
  readonly holder: Readonly<Record<string, unknown>>;
  readonly place: Place;
}

/** Every keyword of a schema and of those in it, outermost first. What `default` or `enum` hold is no schema. */
export function* keywordsOf(schema: unknown, place: Place = []): Generator<KeywordAt> {
  if (!isKeywords(schema)) return;
  for (const [keyword, value] of Object.entries(schema)) {
    const at = [...place, keyword];
    yield { keyword, value, holder: schema, place: at };
    for (const [step, inner] of schemasUnder(keyword, value)) yield* keywordsOf(inner, [...at, ...step]);
  }
}

/** What a value of the wrong kind was probably meant to be. @module */

import { z } from "zod";
import { keysOf, shapesOf } from "./schema_words.ts";
import { seenText } from "./seen.ts";

type Schema = z.core.$ZodType;

/** What to write in place of a value, found by trying what the schemas take; `undefined` where nothing suggests itself. */
export function instead(value: unknown, schemas: readonly Schema[]): string | undefined {
  const takes = (candidate: unknown) => schemas.some((schema) => accepts(schema, candidate));
  if (value === null && takes(undefined)) return "nothing: leave it out";
  if (value === undefined || value === null) return example(schemas);
  const isWord = typeof value === "number" || typeof value === "boolean";
  const asText = isWord && schemas.flatMap(shapesOf).some(isText) ? [String(value)] : [];
  const wrapped = schemas.flatMap(keysOf).map((key) => ({ [key]: value })).filter(takes);
  // Where several settings take the value it is anyone's guess which one was meant.
  const candidates = [...[...asText, [value]].filter(takes), ...(wrapped.length === 1 ? wrapped : [])];
  return candidates.map(seenText).find((text) => !text.includes("…"));
}

/** A text of any kind: what has a grammar of its own says itself what was meant. */
function isText(schema: Schema): boolean {
  return schema._zod.def.type === "string";
}

function example(schemas: readonly Schema[]): string | undefined {
  const examples = schemas.map((schema) => z.globalRegistry.get(schema)?.examples).find(Array.isArray);
  return examples === undefined ? undefined : seenText(examples[0]);
}

function accepts(schema: Schema, value: unknown): boolean {
  try {
    return z.core.safeParse(schema, value).success;
  } catch {
    // A schema of someone else's may throw, or wait.
    return false;
  }
}

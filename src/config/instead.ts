/** What a value of the wrong kind was probably meant to be. @module */

import { z } from "zod";
import { entriesOf, readPart, settingsOf } from "./read_part.ts";
import { keysOf, shapesOf } from "./schema_words.ts";
import { seenText } from "./seen.ts";

type Schema = z.core.$ZodType;

/** Behind a text it makes one that only a setting takes which takes any. */
const ANY_TEXT = "~";
const LEAVE_OUT = "nothing: leave it out";

/**
 * What to write in place of a value, found by trying what the schemas take, else an example; `undefined` where nothing
 * suggests itself.
 */
export function instead(value: unknown, schemas: readonly Schema[]): string | undefined {
  const takes = (candidate: unknown) => schemas.some((schema) => accepts(schema, candidate));
  if (value === null && takes(undefined) || value === false && areOffWhereLeftOut(schemas)) return LEAVE_OUT;
  if (value === undefined || value === null) return example(schemas);
  const isWord = typeof value === "number" || typeof value === "boolean";
  const asText = isWord && schemas.flatMap(shapesOf).some(isText) ? [String(value)] : [];
  const fitting = schemas.flatMap(keysOf).filter((key) => takes({ [key]: value }));
  // A setting that takes this very text and not any: one of a few words, or what has a grammar of its own.
  const exact = typeof value === "string" ? fitting.filter((key) => !takes({ [key]: value + ANY_TEXT })) : [];
  // Where several settings take the value it is anyone's guess which one was meant, unless an example has one of them.
  const likely = [fitting, exact].find((keys) => keys.length === 1) ??
    fitting.filter((key) => shownKeys(schemas).includes(key));
  const candidates = [...[...asText, [value]].filter(takes), ...likely.map((key) => ({ [key]: value }))];
  return candidates.map(seenText).find((text) => !text.includes("…")) ?? example(schemas);
}

/** Settings, and not one value, that nothing takes the place of where they are not written. */
function areOffWhereLeftOut(schemas: readonly Schema[]): boolean {
  const areSettings = schemas.flatMap(shapesOf).some(({ _zod: { def } }) => def.type === "object");
  return areSettings &&
    schemas.every((schema) => accepts(schema, undefined) && readPart(schema, undefined) === undefined);
}

/** The keys that stand in the examples of settings. */
function shownKeys(schemas: readonly Schema[]): readonly string[] {
  return schemas.flatMap(shapesOf).flatMap(examplesOf).flatMap((example) => Object.keys(settingsOf(example)));
}

/** A text of any kind: what has a grammar of its own says itself what was meant. */
function isText(schema: Schema): boolean {
  return schema._zod.def.type === "string";
}

function example(schemas: readonly Schema[]): string | undefined {
  const [first] = schemas.flatMap(examplesOf);
  return first === undefined ? undefined : seenText(first);
}

function examplesOf(schema: Schema): readonly unknown[] {
  return entriesOf(z.globalRegistry.get(schema)?.examples);
}

function accepts(schema: Schema, value: unknown): boolean {
  try {
    return z.core.safeParse(schema, value).success;
  } catch {
    // A schema of someone else's may throw, or wait.
    return false;
  }
}

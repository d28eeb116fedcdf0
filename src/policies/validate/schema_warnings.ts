/** What in a schema lets a short request cost much. @module */

import type { PolicyWarning } from "../../core/policy.ts";
import { isKeywords, type JsonSchema, type Place } from "./json_schema.ts";
import { keywordsOf } from "./keywords_of.ts";
import { isSlowPattern } from "./slow_pattern.ts";
import type { ValidationInit } from "./validation_init.ts";

/** @param at where the schema stands */
export function schemaWarnings(schema: JsonSchema | undefined, at: Place): PolicyWarning[] {
  const warnings: PolicyWarning[] = [];
  for (const { keyword, value, holder, place } of keywordsOf(schema)) {
    const here = [...at, ...place];
    if (keyword === "pattern" && typeof value === "string" && isSlowPattern(value) && !isShort(holder.maxLength)) {
      warnings.push(slow(here, value));
    }
    if (keyword === "patternProperties" && isKeywords(value)) {
      for (const pattern of Object.keys(value)) if (isSlowPattern(pattern)) warnings.push(slow(here, pattern));
    }
    if (keyword === "uniqueItems" && value === true && holder.maxItems === undefined && isOfObjects(holder.items)) {
      const message = "each element is compared with all others: for many this takes very long";
      warnings.push({ at: here, message, remedy: "maxItems beside it" });
    }
  }
  return warnings;
}

/** The same of an operation: its schemas were converted, so the place is the document. */
export function operationWarnings({ groups, body, responses }: ValidationInit, at: Place): PolicyWarning[] {
  const media = [...body?.media ?? [], ...responses.flatMap(({ media }) => media)];
  const warnings = new Map<string, PolicyWarning>();
  for (const { schema } of [...groups, ...media]) {
    for (const warning of schemaWarnings(schema ?? true, [])) {
      warnings.set(`${warning.message} ${warning.seen}`, { ...warning, at });
    }
  }
  return [...warnings.values()];
}

function slow(at: Place, pattern: string): PolicyWarning {
  const message = "this can take very long for some texts, and nobody else is served meanwhile";
  return { at, message, seen: pattern, remedy: "a pattern without repetitions in repetitions" };
}

/** Texts in which even every way to cut them is soon tried. */
function isShort(maxLength: unknown): boolean {
  return typeof maxLength === "number" && maxLength <= 20;
}

function isOfObjects(items: unknown): boolean {
  const types = isKeywords(items) ? [items.type].flat() : [];
  return types.length === 0 || types.some((type) => type === undefined || type === "object" || type === "array");
}

/** Schemas whose check would never end. @module */

import { parseReference, valueAtPointer } from "../json/json_pointer.ts";
import { isKeywords, type Place } from "./json_schema.ts";
import { keywordsOf } from "./keywords_of.ts";
import { schemasUnder } from "./schemas_under.ts";

/** Keywords whose schemas are about the same value; those of others are about a part of it, and parts come to an end. */
const ON_THE_SAME: readonly string[] = [
  ...["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependencies"],
];

type Keywords = Readonly<Record<string, unknown>>;

/** Where a schema stands of which the check of some value would be the check of the same value again; `null` for none. */
export function endlessPlace(root: unknown): Place | null {
  const places = new Map<Keywords, Place>(), anchors = new Map<string, unknown>();
  for (const { keyword, value, holder, place } of keywordsOf(root)) {
    if (!places.has(holder)) places.set(holder, place.slice(0, -1));
    if (keyword === "$anchor" || keyword === "$dynamicAnchor") anchors.set(`#${value}`, holder);
  }
  const target = (reference: unknown): unknown => {
    if (typeof reference !== "string") return undefined;
    const pointer = parseReference(reference);
    return pointer === null ? anchors.get(reference) : valueAtPointer(root, pointer);
  };
  const under = new Set<Keywords>(), done = new Set<Keywords>();
  /** Whether a check of this leads to one that is under way. */
  const leadsBack = (schema: unknown): boolean => {
    if (!isKeywords(schema) || done.has(schema)) return false;
    if (under.has(schema)) return true;
    under.add(schema);
    // A dynamic reference that leads nowhere leads to the root.
    const dynamic = "$dynamicRef" in schema ? target(schema.$dynamicRef) ?? root : undefined;
    const inner = ON_THE_SAME.flatMap((keyword) => schemasUnder(keyword, schema[keyword]).map(([, inner]) => inner));
    if ([target(schema.$ref), dynamic, ...inner].some(leadsBack)) return true;
    under.delete(schema);
    done.add(schema);
    return false;
  };
  for (const [schema, place] of places) if (leadsBack(schema)) return place;
  return null;
}

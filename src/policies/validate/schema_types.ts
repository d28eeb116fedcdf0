/** What a schema says of a value's type, for text that is to become one. @module */

import { parseReference, valueAtPointer } from "../json/json_pointer.ts";
import { isKeywords } from "./json_schema.ts";

/** What is known of a value's form; nothing, where the schema leaves it open. */
export interface ValueForm {
  readonly types: ReadonlySet<string>;
  /** Schemas of a list's elements. */
  readonly items: unknown;
  /** Schemas of an object's members. */
  readonly properties: ReadonlyMap<string, unknown>;
  readonly required: ReadonlySet<string>;
  /** Of members that are not among the properties. */
  readonly additional: unknown;
}

/** Looks through `$ref` and combinations. @param root where references start */
export function formOf(schema: unknown, root: unknown): ValueForm {
  const types = new Set<string>(), properties = new Map<string, unknown>(), required = new Set<string>();
  /** They may lead to each other. */
  const seen = new Set<object>();
  let items: unknown, additional: unknown;
  const look = (schema: unknown): void => {
    if (!isKeywords(schema) || seen.has(schema)) return;
    seen.add(schema);
    for (const type of [schema.type].flat()) if (typeof type === "string") types.add(type);
    for (const value of "const" in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : []) {
      if (schema.type === undefined) types.add(typeOf(value));
    }
    items ??= schema.items;
    additional ??= schema.additionalProperties;
    if (isKeywords(schema.properties)) {
      for (const [name, value] of Object.entries(schema.properties)) properties.set(name, value);
    }
    for (const name of [schema.required].flat()) if (typeof name === "string") required.add(name);
    for (const part of [schema.allOf, schema.anyOf, schema.oneOf].flat()) look(part);
    if (typeof schema.$ref === "string" && schema.$ref.startsWith("#")) {
      const pointer = parseReference(schema.$ref);
      if (pointer !== null) look(valueAtPointer(root, pointer));
    }
  };
  look(schema);
  return { types, items, properties, required, additional };
}

function typeOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

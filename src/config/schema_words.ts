/** Zod schemas in words, and what stands inside them: policies bring schemas that know nothing of our messages. @module */

import { z } from "zod";
import { secret } from "../core/secret.ts";
import { either } from "../settings/word_list.ts";

type Schema = z.core.$ZodType;

/** The shapes that a schema stands for, wrappers and unions taken away. */
export function shapesOf(schema: Schema): readonly Schema[] {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "nonoptional":
    case "readonly":
    case "catch":
    case "default":
    case "prefault":
      return shapesOf(def.innerType);
    case "pipe":
      return shapesOf(def.in);
    case "lazy":
      return shapesOf(def.getter());
    case "union":
      return def.options.flatMap(shapesOf);
    case "intersection":
      return [...shapesOf(def.left), ...shapesOf(def.right)];
    default:
      return [schema];
  }
}

/** The schemas of what stands under `key`. */
export function childrenOf(schema: Schema, key: PropertyKey): readonly Schema[] {
  return shapesOf(schema).flatMap((shape) => {
    const def = (shape as z.core.$ZodTypes)._zod.def;
    if (def.type === "object") return Object.hasOwn(def.shape, key) ? [def.shape[String(key)]] : [];
    if (def.type === "array") return typeof key === "number" ? [def.element] : [];
    if (def.type === "record") return [def.valueType];
    if (def.type === "tuple") return typeof key === "number" && key < def.items.length ? [def.items[key]] : [];
    return [];
  });
}

/** The keys that a schema knows. */
export function keysOf(schema: Schema): readonly string[] {
  return [
    ...new Set(
      shapesOf(schema).flatMap((shape) => {
        const def = (shape as z.core.$ZodTypes)._zod.def;
        return def.type === "object" ? Object.keys(def.shape) : [];
      }),
    ),
  ];
}

/** What stands after "expected". */
export function wordsFor(schema: Schema): string {
  return either([...new Set(shapesOf(schema).map(wordsForShape))]);
}

/** Whether secrets are taken and nothing else: then a text in this place may be the secret itself. */
export function isForSecrets(schema: Schema): boolean {
  return shapesOf(schema).every(takesSecrets);
}

/** Whether what stands here may be a credential, though a schema did not expect one: then nothing of it is shown. */
export function isUnseen(schema: Schema): boolean {
  return shapesOf(schema).some((shape) => z.globalRegistry.get(shape)?.writeOnly === true);
}

function takesSecrets(schema: Schema): boolean {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  if (def.type === "object") return Object.keys(def.shape).join() === "env" || Object.keys(def.shape).join() === "file";
  if (def.type !== "custom") return false;
  const sample = secret.env("SAMPLE");
  return z.core.safeParse(schema, sample).success && !z.core.safeParse(schema, {}).success;
}

function wordsForShape(schema: Schema): string {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "array":
    case "tuple":
      return "a list";
    case "literal":
      return either(def.values.map((value) => JSON.stringify(value) ?? String(value)));
    case "enum":
      return either(Object.values(def.entries).map((value) => JSON.stringify(value)));
    case "object": {
      const keys = Object.keys(def.shape);
      return keys.length === 0 || keys.length > 4 ? "settings" : `{ ${keys.join(", ")} }`;
    }
    case "record":
      return "settings by name";
    case "function":
      return "a function";
    default:
      return "another value";
  }
}

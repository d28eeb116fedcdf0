/** As much of JSON Schema draft 7 as the generated schema uses; a keyword that it does not know is an error. @module */

type Schema = Readonly<Record<string, unknown>>;

/** Paths of the values that do not fit; empty when the document does. */
export function draft7Errors(root: Schema, document: unknown): string[] {
  const check = (schema: Schema, value: unknown, at: string): string[] => {
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    const fits = (schemas: unknown) => (schemas as Schema[]).filter((one) => check(one, value, at).length === 0).length;
    const properties = (schema.properties ?? {}) as Record<string, Schema>;
    const keywords: Record<string, (arg: never) => boolean | string[]> = {
      $ref: (ref: string) =>
        check((root.definitions as Record<string, Schema>)[ref.replace("#/definitions/", "")], value, at),
      type: (type: string) => typeOf(value) === type || type === "number" && typeOf(value) === "integer",
      enum: (values: unknown[]) => values.includes(value),
      const: (one: unknown) => one === value,
      pattern: (pattern: string) => typeof value !== "string" || new RegExp(pattern, "u").test(value),
      minLength: (least: number) => typeof value !== "string" || value.length >= least,
      minimum: (least: number) => typeof value !== "number" || value >= least,
      maximum: (most: number) => typeof value !== "number" || value <= most,
      exclusiveMinimum: (bound: number) => typeof value !== "number" || value > bound,
      maxItems: (most: number) => !Array.isArray(value) || value.length <= most,
      minItems: (least: number) => !Array.isArray(value) || value.length >= least,
      minProperties: (least: number) => !isObject || Object.keys(value).length >= least,
      maxProperties: (most: number) => !isObject || Object.keys(value).length <= most,
      required: (keys: string[]) => !isObject || keys.every((key) => Object.hasOwn(value, key)),
      propertyNames: (names: Schema) =>
        isObject ? Object.keys(value).flatMap((key) => check(names, key, `${at}.${key}`)) : [],
      properties: () =>
        isObject
          ? Object.entries(value).flatMap(([key, inner]) =>
            Object.hasOwn(properties, key) ? check(properties[key], inner, `${at}.${key}`) : []
          )
          : [],
      additionalProperties: (rest: Schema | false) =>
        isObject
          ? Object.entries(value).filter(([key]) => !Object.hasOwn(properties, key))
            .flatMap(([key, inner]) => rest === false ? [`${at}.${key}`] : check(rest, inner, `${at}.${key}`))
          : [],
      items: (items: Schema) =>
        Array.isArray(value) ? value.flatMap((inner, i) => check(items, inner, `${at}[${i}]`)) : [],
      anyOf: (schemas: unknown) => fits(schemas) > 0,
      oneOf: (schemas: unknown) => fits(schemas) === 1,
      allOf: (schemas: Schema[]) => schemas.flatMap((one) => check(one, value, at)),
    };
    return Object.entries(schema).flatMap(([keyword, argument]) => {
      if (["$schema", "title", "description", "examples", "default", "definitions", "writeOnly"].includes(keyword)) {
        return [];
      }
      if (!Object.hasOwn(keywords, keyword)) {
        throw new Error(`the keyword ${keyword} at ${at || "the root"} is not known`);
      }
      const result = keywords[keyword](argument as never);
      return result === true ? [] : result === false ? [at] : result;
    });
  };
  return check(root, document, "");
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

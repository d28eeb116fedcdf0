/** From the schemas of OpenAPI to JSON Schema 2020-12. @module */

import { isKeywords, type JsonSchema, SchemaFault } from "../json_schema.ts";
import { withSchemas } from "../schemas_under.ts";
import { type Discriminated, discriminated } from "./discriminator.ts";
import type { OpenApiDocument } from "./document.ts";

/** Which way the value goes that a schema is about. */
export type Direction = "request" | "response";

type Keywords = Readonly<Record<string, unknown>>;

/** They say nothing about values. */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  ["example", "examples", "xml", "externalDocs", "discriminator", "readOnly", "writeOnly", "deprecated", "$schema"],
);

/** Keywords whose schemas are about the same value. What `not` and `if` require is no demand. */
const ON_THE_SAME: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas"]);

/** What a reference leads to, under `$defs`. */
interface Definition {
  readonly name: string;
  schema: JsonSchema;
}

/**
 * Converts the schemas of one direction. What a client may not send (`readOnly`) or is not sent (`writeOnly`) is allowed
 * nowhere and required nowhere, be it another part of an `allOf` that requires it; 3.0's `nullable` and exclusive bounds
 * become what 2020-12 has for them, and a `discriminator` conditions.
 */
export class SchemaConverter {
  readonly #document: OpenApiDocument;
  readonly #hidden: "readOnly" | "writeOnly";
  /** By reference and by the names that are hidden where it stands. */
  readonly #definitions = new Map<string, Definition>();

  constructor(document: OpenApiDocument, direction: Direction) {
    this.#document = document;
    this.#hidden = direction === "request" ? "readOnly" : "writeOnly";
  }

  /**
   * A schema whose references are to what {@link SchemaConverter.complete} puts beside it.
   *
   * @param around names that schemas around this one, about the same value, hide
   * @throws SchemaFault for references that lead nowhere
   */
  convert(schema: unknown, around: Iterable<string> = []): JsonSchema {
    if (typeof schema === "boolean") return schema;
    if (!isKeywords(schema)) throw new SchemaFault([], "a schema is settings in braces, true or false");
    const { $ref } = schema, refers = typeof $ref === "string";
    // In 3.0 what stands beside a reference says nothing.
    if (refers && this.#document.version === "3.0") return this.#reference($ref, around);
    const hidden = this.#hiddenNames(schema, false, new Set(around)), members = this.#members(schema, hidden);
    return refers ? { ...members, ...this.#reference($ref, hidden) } : members;
  }

  /** Puts what its references name beside a converted schema. */
  complete(schema: JsonSchema): JsonSchema {
    if (this.#definitions.size === 0 || typeof schema === "boolean") return schema;
    const definitions = [...this.#definitions.values()].map(({ name, schema }) => [name, schema]);
    return { ...schema, $defs: Object.fromEntries(definitions) };
  }

  #reference(reference: string, hidden: Iterable<string>): Keywords {
    const key = JSON.stringify([reference, ...[...hidden].sort()]);
    let definition = this.#definitions.get(key);
    if (definition === undefined) {
      // Known by name before it is converted: it may name itself. The number keeps apart what has one name.
      const name = `${/[\w.-]*$/.exec(reference)![0]}-${this.#definitions.size}`;
      this.#definitions.set(key, definition = { name, schema: true });
      definition.schema = this.convert(this.#document.at(reference), hidden);
    }
    return { $ref: `#/$defs/${definition.name}` };
  }

  #members(schema: Keywords, hidden: ReadonlySet<string>): Keywords {
    const converted: Record<string, unknown> = {}, told = discriminated(schema, this.#document.root);
    for (const [keyword, value] of Object.entries(schema)) {
      if (keyword === "$ref" || ANNOTATIONS.has(keyword) || keyword.startsWith("x-")) continue;
      if (keyword === told?.keyword) continue;
      if (keyword === "$id" || keyword === "$anchor") {
        throw new SchemaFault(
          [],
          `a schema of the document has ${keyword}, which is not followed here`,
          "#/components/schemas/…",
        );
      }
      if (keyword === "required" && Array.isArray(value)) {
        const names = this.#hiddenNames(schema, true, new Set(hidden));
        converted.required = value.filter((name) => !names.has(name));
      } else {
        const around = ON_THE_SAME.has(keyword) ? hidden : [];
        converted[keyword] = withSchemas(
          keyword,
          value,
          (inner) => keyword === "properties" && this.#isHidden(inner) ? false : this.convert(inner, around),
        );
      }
    }
    if (told !== null) converted.allOf = [...(converted.allOf as unknown[] ?? []), ...this.#conditions(told, hidden)];
    return this.#document.version === "3.0" ? fromVersion30(converted) : converted;
  }

  /** One case, of those that the member names. */
  #conditions({ property, cases }: Discriminated, hidden: ReadonlySet<string>): Keywords[] {
    const isOneOf = (names: readonly string[]): Keywords => ({
      type: "object",
      required: [property],
      properties: { [property]: { enum: [...new Set(names)] } },
    });
    return [
      isOneOf(cases.flatMap(({ names }) => names)),
      ...cases.map(({ names, schema }) => ({ if: isOneOf(names), then: this.convert(schema, hidden) })),
    ];
  }

  /**
   * Members that do not go this way, of the schema and of all that it is made of.
   *
   * @param alternatives whether those count too that only one of several schemas hides
   */
  #hiddenNames(schema: unknown, alternatives: boolean, names: Set<string>, seen = new Set<object>()): Set<string> {
    if (!isKeywords(schema) || seen.has(schema)) return names;
    seen.add(schema);
    for (const [name, inner] of Object.entries(isKeywords(schema.properties) ? schema.properties : {})) {
      if (this.#isHidden(inner)) names.add(name);
    }
    const { $ref, allOf, anyOf, oneOf } = schema;
    for (const part of [allOf, ...(alternatives ? [anyOf, oneOf] : [])].flat()) {
      this.#hiddenNames(part, alternatives, names, seen);
    }
    return typeof $ref === "string" ? this.#hiddenNames(this.#document.at($ref), alternatives, names, seen) : names;
  }

  #isHidden(schema: unknown): boolean {
    if (isKeywords(schema) && schema[this.#hidden] === true) return true;
    const resolved = this.#document.resolve(schema);
    return isKeywords(resolved) && resolved[this.#hidden] === true;
  }
}

/** `nullable` counts where a type stands beside it (OpenAPI 3.0.3), and bounds are exclusive by a flag. */
function fromVersion30(
  { nullable, exclusiveMinimum, exclusiveMaximum, ...schema }: Record<string, unknown>,
): Keywords {
  if (nullable === true && typeof schema.type === "string") schema.type = [schema.type, "null"];
  for (
    const [bound, exclusive, flag] of [
      ["minimum", "exclusiveMinimum", exclusiveMinimum],
      ["maximum", "exclusiveMaximum", exclusiveMaximum],
    ] as const
  ) {
    // A number there is what later versions have.
    if (typeof flag === "number") schema[exclusive] = flag;
    if (flag !== true || !(bound in schema)) continue;
    schema[exclusive] = schema[bound];
    delete schema[bound];
  }
  return schema;
}

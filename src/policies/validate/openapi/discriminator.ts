/** Which of several schemas a value must fit, by one of its members (OpenAPI 3.1.0 §4.8.25). @module */

import { isKeywords } from "../json_schema.ts";
import { formOf } from "../schema_types.ts";

/** One schema, and what the member says where it is this one. */
export interface DiscriminatedCase {
  readonly names: readonly string[];
  /** A reference. */
  readonly schema: unknown;
}

/** The cases that a member tells apart. */
export interface Discriminated {
  readonly property: string;
  /** What the cases stand in place of. */
  readonly keyword: "oneOf" | "anyOf";
  readonly cases: readonly DiscriminatedCase[];
}

/**
 * The cases of a schema with a `discriminator`: names of its `mapping`, or else what a case itself asks of the member, or
 * else the name of its schema. `null` where it has none, or where a case has no name that it allows: then `oneOf` or
 * `anyOf` alone tell.
 *
 * @param root the document
 */
export function discriminated(schema: Readonly<Record<string, unknown>>, root: unknown): Discriminated | null {
  const keyword = schema.oneOf === undefined ? "anyOf" : "oneOf", { discriminator, [keyword]: schemas } = schema;
  if (!isKeywords(discriminator) || !Array.isArray(schemas) || schemas.length === 0) return null;
  const { propertyName: property, mapping } = discriminator;
  if (typeof property !== "string") return null;
  const mapped = Map.groupBy(Object.entries(isKeywords(mapping) ? mapping : {}), ([, to]) => referenceOf(String(to)));
  const cases: DiscriminatedCase[] = [];
  for (const schema of schemas) {
    const reference = isKeywords(schema) ? schema.$ref : undefined;
    if (typeof reference !== "string") return null;
    const names = mapped.get(reference)?.map(([name]) => name) ?? ownNames(schema, property, reference, root);
    if (names === null) return null;
    cases.push({ names, schema });
  }
  return { property, keyword, cases };
}

function ownNames(schema: unknown, property: string, reference: string, root: unknown): readonly string[] | null {
  const implied = reference.slice(reference.lastIndexOf("/") + 1),
    member = formOf(schema, root).properties.get(property);
  const allowed = !isKeywords(member) ? undefined : "const" in member ? [member.const] : member.enum;
  if (!Array.isArray(allowed) || allowed.includes(implied)) return [implied];
  return allowed.length === 1 && typeof allowed[0] === "string" ? [allowed[0]] : null;
}

/** A mapping names a schema by a reference or by its name alone. */
function referenceOf(text: string): string {
  return /[#/]/.test(text) ? text : `#/components/schemas/${text}`;
}

/** The parameters of an operation. @module */

import { isKeywords, type JsonSchema, SchemaFault } from "../json_schema.ts";
import type { ParameterGroupInit, Part } from "../parameter_group.ts";
import type { ParameterSpec } from "../parameter_reader.ts";
import { formOf } from "../schema_types.ts";
import type { OpenApiDocument } from "./document.ts";
import type { FoundOperation } from "./find_operation.ts";
import type { SchemaConverter } from "./schema_converter.ts";

const PARTS: Readonly<Record<string, Part>> = { path: "params", query: "query", header: "headers", cookie: "cookies" };

/** Styles that are read here, the default first. */
const STYLES: { readonly [P in Part]: readonly string[] } = {
  params: ["simple"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  headers: ["simple"],
  cookies: ["form"],
};

/** Fields that other parts of the document describe: parameters of these names are passed over (OpenAPI 3.1). */
const ELSEWHERE: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);

interface Parameter extends ParameterSpec {
  readonly part: Part;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** @throws SchemaFault for what cannot be checked as it is written: nothing is passed over in silence */
export function operationParameters(
  document: OpenApiDocument,
  { item, operation }: FoundOperation,
  converter: SchemaConverter,
  unknownQuery: "pass" | "refuse",
): readonly ParameterGroupInit[] {
  const byName = new Map<string, Parameter>();
  for (const list of [item.parameters, operation.parameters]) {
    for (const written of Array.isArray(list) ? list : []) {
      const parameter = parameterOf(document.resolve(written), converter);
      if (parameter !== null) byName.set(`${parameter.part} ${parameter.name}`, parameter);
    }
  }
  const parts = Map.groupBy(byName.values(), ({ part }) => part);
  if (unknownQuery === "refuse" && !parts.has("query")) parts.set("query", []);
  return [...parts].map(([part, parameters]): ParameterGroupInit => {
    const schema = converter.complete({
      type: "object",
      properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, schema])),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
    });
    for (const spec of parameters) refuseUnread(spec, schema);
    return { part, parameters, schema, others: part === "query" ? unknownQuery : "pass" };
  });
}

function parameterOf(written: unknown, converter: SchemaConverter): Parameter | null {
  const part = isKeywords(written) ? PARTS[String(written.in)] : undefined;
  if (!isKeywords(written) || part === undefined || typeof written.name !== "string") {
    throw new SchemaFault([], "a parameter of the operation has no name, or is in none of path, query, header, cookie");
  }
  const { name, content } = written;
  if (part === "headers" && ELSEWHERE.has(name.toLowerCase())) return null;
  const style = String(written.style ?? STYLES[part][0]), common = { name, part, required: written.required === true };
  if (!STYLES[part].includes(style)) {
    throw new SchemaFault(
      [],
      `parameter "${name}" has style ${style}, which is not read here`,
      STYLES[part].join(", "),
    );
  }
  const media = isKeywords(content) ? Object.entries(content) : [];
  if (media.length > 0) {
    const [[type, { schema = true }]] = media as [string, { schema?: unknown }][], json = /json/i.test(type);
    if (!json) {
      throw new SchemaFault([], `parameter "${name}" has content of type ${type}`, "application/json, or a schema");
    }
    return { ...common, style: "form", explode: false, json, schema: converter.convert(schema) };
  }
  return {
    ...common,
    style: style as ParameterSpec["style"],
    explode: typeof written.explode === "boolean" ? written.explode : style === "form",
    allowEmpty: written.allowEmptyValue === true,
    schema: converter.convert(written.schema ?? true),
  };
}

/** Objects are read where their members have names of their own. */
function refuseUnread({ name, style, schema, json }: ParameterSpec, root: JsonSchema): void {
  const { types } = formOf(schema, root);
  if (json !== true && types.has("object") && style !== "deepObject") {
    throw new SchemaFault(
      [],
      `parameter "${name}" is an object of style ${style}, which is not read here`,
      "deepObject",
    );
  }
}

/** The JSON Schema that editors check YAML and JSON configs with. @module */

import { z } from "zod";
import { definitionOf, type PolicyDefinition } from "../core/policy.ts";
import { BUILT_IN_POLICIES, type NamedPolicy } from "./policy_names.ts";
import { gatewaySchema } from "./schema/gateway.ts";
import { isForSecrets } from "./schema_words.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The schema of a config in YAML or JSON, made of what the validator itself uses. Draft 7: the newest that the YAML
 * language server and the editors' JSON support know in full.
 *
 * @param policies names of policies; those of plugins are known only to the config that names them
 */
export function jsonSchema(
  policies: ReadonlyMap<string, NamedPolicy> = BUILT_IN_POLICIES,
): Readonly<Record<string, unknown>> {
  const { properties, definitions, ...schema } = printed(gatewaySchema);
  const route = definitions?.Route as JsonSchema;
  // A function, which no YAML has.
  delete route.properties?.handler;
  return {
    ...schema,
    title: "Gatewright config",
    properties: {
      $schema: { type: "string", description: "This schema, for editors." },
      ...properties,
      routes: { ...properties?.routes as JsonSchema },
      include: { ...properties?.include as JsonSchema, items: { type: "string" } },
    },
    definitions: {
      ...definitions,
      Policy: policySchema(policies),
      RouteSet: {
        description: "What an included file holds.",
        oneOf: [
          { type: "array", items: { $ref: "#/definitions/Route" } },
          {
            type: "object",
            properties: { routes: { type: "array", items: { $ref: "#/definitions/Route" } } },
            required: ["routes"],
            additionalProperties: false,
          },
        ],
      },
    },
  };
}

function policySchema(policies: ReadonlyMap<string, NamedPolicy>): JsonSchema {
  const withOptions = [...policies].flatMap(([name, policy]) => {
    const definition = typeof policy === "function" ? definitionOf(policy({})) : undefined;
    return definition === undefined ? [] : [optionsSchema(name, definition)];
  });
  const byName: JsonSchema = { type: "string", description: "A policy that needs no options, by its name." };
  return { description: "A policy: its name with its options, or its name.", oneOf: [...withOptions, byName] };
}

function optionsSchema(name: string, { schema }: PolicyDefinition): JsonSchema {
  const { $schema: _, ...options } = printed(schema);
  return { type: "object", properties: { [name]: options }, required: [name], additionalProperties: false };
}

function printed(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      // A check written as a function has no JSON Schema; what it takes can be tried.
      if (zodSchema._zod.def.type === "custom" && isForSecrets(zodSchema)) Object.assign(jsonSchema, SECRET);
    },
  }) as JsonSchema;
}

const SECRET: JsonSchema = {
  description: "A secret: the name of an environment variable, or the path of a file.",
  oneOf: ["env", "file"].map((key) => ({
    type: "object",
    properties: { [key]: { type: "string" } },
    required: [key],
    additionalProperties: false,
  })),
};

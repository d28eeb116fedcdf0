/** The JSON Schema that editors check YAML and JSON configs with. @module */

import { z } from "zod";
import { definitionOf, type PolicyDefinition } from "../core/policy.ts";
import { BUILT_IN_POLICIES, type NamedPolicy } from "./policy_names.ts";
import { secretOption } from "../settings/secret_option.ts";
import { gatewaySchema } from "./schema/gateway.ts";
import { isForSecrets } from "./schema_words.ts";
import { BUILT_IN_STORES } from "./store_names.ts";

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
  const { properties: all = {}, definitions, ...schema } = printed(gatewaySchema);
  // Invariants are functions.
  const { invariants: _, ...properties } = all;
  const shared = definitions as Record<string, JsonSchema>;
  return withSharedSecret({
    ...schema,
    title: "Gatewright config",
    properties: {
      $schema: { type: "string", description: "This schema, for editors." },
      ...properties,
      include: { ...properties.include as JsonSchema, items: { type: "string" } },
    },
    definitions: {
      ...shared,
      Route: routeSchema(shared.Route),
      Policy: policySchema(policies),
      Store: storeSchema(),
      RouteSet: ROUTE_SET,
    },
  });
}

/** A route has one target, and no function in YAML. */
function routeSchema(route: JsonSchema): JsonSchema {
  const { handler: _, ...properties } = route.properties ?? {};
  return {
    ...route,
    properties,
    oneOf: ["upstream", "split", "redirect", "respond"].map((target) => ({ required: [target] })),
  };
}

/** What an included file holds. */
const ROUTE_SET: JsonSchema = {
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
};

function policySchema(policies: ReadonlyMap<string, NamedPolicy>): JsonSchema {
  const withOptions = [...policies].flatMap(([name, policy]) => {
    const definition = typeof policy === "function" ? definitionOf(policy({})) : undefined;
    return definition === undefined ? [] : [optionsSchema(name, definition)];
  });
  const byName: JsonSchema = { type: "string", description: "A policy that needs no options, by its name." };
  return { description: "A policy: its name with its options, or its name.", oneOf: [...withOptions, byName] };
}

function storeSchema(): JsonSchema {
  const stores = [...BUILT_IN_STORES.values()];
  const alone = stores.filter(({ schema }) => z.core.safeParse(schema, {}).success).map(({ kind }) => kind);
  const byName: JsonSchema = { type: "string", enum: alone, description: "A store with its defaults, by its name." };
  return {
    description: "A store: its name with its options, or its name.",
    oneOf: [...stores.map((definition) => optionsSchema(definition.kind, definition)), byName],
  };
}

function optionsSchema(name: string, { schema, holds }: Pick<PolicyDefinition, "schema" | "holds">): JsonSchema {
  const { $schema: _, ...printedOptions } = printed(schema);
  // What is written behind the name of a policy that holds others is what it holds.
  const options = holds === undefined ? printedOptions : printedOptions.properties?.[holds] ?? {};
  return { type: "object", properties: { [name]: options }, required: [name], additionalProperties: false };
}

function printed(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      // A check written as a function has no JSON Schema; what it takes can be tried.
      if (zodSchema._zod.def.type === "custom" && isForSecrets(zodSchema)) {
        Object.assign(jsonSchema, { anyOf: SECRET.anyOf });
      }
    },
  }) as JsonSchema;
}

function oneOrAny(schemas: NonNullable<JsonSchema["anyOf"]>): object {
  return schemas.length === 1 ? schemas[0] as object : { anyOf: schemas };
}

const SECRET: JsonSchema = printed(secretOption);

/**
 * The schema with secrets named once, in place of a copy wherever one can stand, and without functions among alternatives:
 * no file can hold one, and as a schema it lets everything pass.
 */
function withSharedSecret(schema: JsonSchema): Record<string, unknown> {
  const forms = JSON.stringify(SECRET.anyOf);
  const shared = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(shared);
    const { anyOf, ...rest } = value as JsonSchema;
    // Else it is no keyword: there is a policy of this name.
    if (Array.isArray(anyOf)) {
      if (JSON.stringify(anyOf) === forms) return { ...rest, allOf: [{ $ref: "#/definitions/Secret" }] };
      const written = anyOf.filter((one) => JSON.stringify(one) !== "{}");
      if (written.length < anyOf.length) return shared({ ...rest, ...oneOrAny(written) });
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shared(inner)]));
  };
  const { definitions, ...rest } = shared(schema) as JsonSchema;
  const description = "A secret: the name of an environment variable, or the path of a file.";
  return {
    ...rest,
    definitions: { ...definitions as Record<string, JsonSchema>, Secret: { description, anyOf: SECRET.anyOf } },
  };
}

/** What is checked where schemas say it. @module */

import type { JsonSchema } from "./json_schema.ts";
import type { ParameterGroupInit } from "./parameter_group.ts";
import { formOf } from "./schema_types.ts";
import type { ValidatePlan } from "./validate_schema.ts";
import type { ValidationInit } from "./validation_init.ts";

/** @param plan one without `openapi` */
export function schemasInit(plan: ValidatePlan): ValidationInit {
  const { draft = "2020-12", body, query, headers, params, response } = plan;
  const groups: ParameterGroupInit[] = [];
  if (params !== undefined) groups.push(group("params", params));
  if (query !== undefined) groups.push(group("query", query, plan.unknownQuery === "refuse" ? "refuse" : "check"));
  if (headers !== undefined) groups.push(group("headers", headers));
  return {
    draft,
    anyFormat: false,
    groups,
    body: body === undefined ? null : { required: "by-method", media: [{ range: "json", schema: body }] },
    responses: response?.body === undefined
      ? []
      : [{ status: "2XX", media: [{ range: "json", schema: response.body }] }],
  };
}

function group(
  part: "query" | "headers" | "params",
  schema: JsonSchema,
  others: ParameterGroupInit["others"] = "pass",
): ParameterGroupInit {
  const { properties, required, additional } = formOf(schema, schema);
  const style = part === "query" ? "form" : "simple", explode = part === "query";
  const names = new Set([...properties.keys(), ...required]);
  const parameters = [...names].map((name) =>
    ({ name, style, explode, schema: properties.get(name) ?? additional }) as const
  );
  return { part, parameters, schema, others, additional };
}

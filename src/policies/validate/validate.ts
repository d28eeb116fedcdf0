/**
 * The `validate` policy: requests that are not what a JSON Schema or an OpenAPI operation says do not pass.
 *
 * @module
 */

import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import { isSecret, type Secret, type SecretReader } from "../../core/secret.ts";
import type { Size } from "../../core/units.ts";
import { documentFault } from "./document_fault.ts";
import { type JsonSchema, SchemaFault } from "./json_schema.ts";
import { prepareValidation, validationInit } from "./prepare_validation.ts";
import { RequestCheck } from "./request_check.ts";
import { ResponseCheck } from "./response_check.ts";
import { operationWarnings, schemaWarnings } from "./schema_warnings.ts";
import { type ValidatePlan, validateSchema } from "./validate_schema.ts";
import type { Validation } from "./validation.ts";

/** A schema of the path's parameters, whose names are known to the compiler. */
export interface ParamsSchema<P extends string> {
  readonly properties: { readonly [N in P]: JsonSchema };
  readonly [keyword: string]: unknown;
}

/** An operation of an OpenAPI document. */
export interface OpenApiOperation {
  /**
   * The document, or the path of its file, from the config's folder: JSON or YAML. A file is read by
   * `check`, when the gateway starts and at each reload. References lead to places in the document itself.
   */
  readonly document: string | Secret | object;
  /** By its `operationId`, or as `"GET /users/{id}"`. The route's path has parameters of the same names. */
  readonly operation: string;
}

/** What answers are checked for. */
export interface ResponseValidation {
  /**
   * Schema of the JSON of answers with 2xx.
   *
   * @default what the operation says of each status
   */
  readonly body?: JsonSchema;
  /**
   * Share of the answers that are looked at, above 0 and up to 1. Each costs as much as a request's body.
   *
   * @default 1
   */
  readonly sample?: number;
  /**
   * Longer answers are not looked at. So much may be copied of each.
   *
   * @default "256KiB"
   */
  readonly maxBody?: Size;
}

/** Options of {@link validate}. */
export interface ValidateOptions<P extends string = string> {
  /**
   * Schema of the request's body, which must be JSON: `application/json` or `+json`. It may be missing from requests whose
   * method says nothing of a body, such as GET.
   */
  readonly body?: JsonSchema;
  /**
   * Schema of the query as one object. Its texts become numbers, booleans and lists (`a=1&a=2`) where the schema asks for
   * them; a parameter that is no list and stands there twice is refused. Unknown ones pass unless the schema has
   * `additionalProperties: false`.
   */
  readonly query?: JsonSchema;
  /** Schema of header fields as one object; names know no case, and only fields that it names are looked at. */
  readonly headers?: JsonSchema;
  /** Schema of the path's parameters as one object. The path must have those that it names. */
  readonly params?: ParamsSchema<P>;
  /**
   * The draft of the schemas.
   *
   * @default "2020-12"
   */
  readonly draft?: "2020-12" | "draft-07";
  /**
   * An operation of OpenAPI 3.0 or 3.1, in place of the schemas: parameters, request body by content type, answers. Bodies
   * that are not JSON pass unread where their type is described. `readOnly` members may not be sent. A `discriminator`
   * chooses among references in `oneOf` or `anyOf`.
   */
  readonly openapi?: OpenApiOperation;
  /**
   * What becomes of a request whose query has a parameter that is not described.
   *
   * @default "pass"
   */
  readonly unknownQuery?: "pass" | "refuse";
  /**
   * Longest body that is read, and held in memory until the request has gone on. A longer one is answered with 413.
   *
   * @default "1MiB"
   */
  readonly maxBody?: Size;
  /**
   * Levels of arrays and objects within each other that a body may have, 1–512; that of an answer too.
   *
   * @default 64
   */
  readonly maxDepth?: number;
  /**
   * Most errors that one answer lists, 1–1000. Of bodies above 64 KiB only the first is looked for.
   *
   * @default 20
   */
  readonly maxErrors?: number;
  /**
   * Checks answers too. What is wrong is a warning in the log, with places and without values; clients get the answer as
   * it came, at once.
   *
   * @default they are not looked at
   */
  readonly response?: ResponseValidation;
}

/**
 * Checks requests before anything else sees their content. What does not fit is answered with 422 and a list:
 * `errors: [{ in: "body", pointer: "/items/0/price", message: "must be number" }]`. Values are not repeated. A body of
 * another type is answered with 415, one that is no JSON with 400; refused as no JSON are also a name that stands twice in
 * one object and the name `__proto__`. What passes goes upstream byte for byte.
 *
 * Schemas are compiled when the config is checked: misspelt keywords, unknown formats and references that lead nowhere
 * are errors there. Patterns are run as they are written: one with a repetition in a repetition (`(a+)+`) can take for ever
 * on a text that somebody chose, and gets a warning, unless it stands in the file of a document.
 *
 * @example
 * ```ts
 * import { validate } from "gatewright";
 *
 * const policy = validate({
 *   params: { properties: { id: { type: "integer", minimum: 1 } } },
 *   body: {
 *     type: "object",
 *     required: ["name"],
 *     properties: { name: { type: "string", maxLength: 100 }, price: { type: "number" } },
 *     additionalProperties: false,
 *   },
 * });
 * console.log(policy.kind); // validate
 * ```
 */
export function validate<const P extends string = never>(
  options: ValidateOptions<P>,
): Policy<"validate", `param:${NoInfer<P>}`, never> {
  return recordPolicy(validateDefinition, options);
}

/** The `validate` policy's options, its facts and what it is built into. */
export const validateDefinition: PolicyDefinition<ValidatePlan> = {
  kind: "validate",
  schema: validateSchema,
  facts(plan) {
    const params = validationInit(plan)?.groups.find(({ part }) => part === "params")?.parameters ?? [];
    return { needs: params.map(({ name }) => `param:${name}`) };
  },
  traits: (plan) => ({ guard: plan.openapi !== undefined || checkedParts(plan).length > 0 }),
  warnings(plan) {
    const { body, query, headers, params, response } = plan;
    if (plan.openapi !== undefined) {
      const init = validationInit(plan);
      return init === null ? [] : operationWarnings(init, ["openapi", "document"]);
    }
    return [
      ...schemaWarnings(body, ["body"]),
      ...schemaWarnings(query, ["query"]),
      ...schemaWarnings(headers, ["headers"]),
      ...schemaWarnings(params, ["params"]),
      ...schemaWarnings(response?.body, ["response", "body"]),
    ];
  },
  secretFault: (plan, _at, value) => documentFault(plan, value),
  describe(plan) {
    const what = plan.openapi === undefined ? checkedParts(plan).join(", ") : `operation ${plan.openapi.operation}`;
    const reports = plan.response === undefined ? "" : what === "" ? "reports answers" : ", reports answers";
    return `validate: ${what}${reports}`;
  },
  build(plan, env, id) {
    const validation = compiled(plan, id, env.secrets);
    const request = new RequestCheck(validation, plan, env);
    if (plan.response === undefined || !validation.hasResponses) {
      return (next) => (exchange) => request.handle(exchange, next);
    }
    const response = new ResponseCheck(validation, { ...plan.response, maxDepth: plan.maxDepth }, env, id);
    return (next) => {
      const watched: typeof next = (exchange) => {
        const reply = next(exchange);
        return reply instanceof Promise
          ? reply.then((reply) => response.watch(exchange, reply))
          : response.watch(exchange, reply);
      };
      return (exchange) => request.handle(exchange, watched);
    };
  },
};

function compiled(plan: ValidatePlan, id: string, read: SecretReader): Validation {
  try {
    return prepareValidation(plan, read)!;
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    const file = isSecret(plan.openapi?.document) ? ` (${JSON.stringify(plan.openapi.document)})` : "";
    const remedy = error.remedy === undefined ? "" : `; write ${error.remedy}`;
    throw new Error(`policy ${id}: ${error.place.join(".")}${file}: ${error.message}${remedy}`);
  }
}

function checkedParts(plan: Pick<ValidatePlan, "params" | "query" | "headers" | "body">): string[] {
  return (["params", "query", "headers", "body"] as const).filter((part) => plan[part] !== undefined);
}

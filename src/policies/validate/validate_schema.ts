/** What `validate` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { isSecret, type Secret, secret } from "../../core/secret.ts";
import { choice } from "../../settings/choice.ts";
import { shareAboveZero, wholeNumber } from "../../settings/number_between.ts";
import { Refusal, scalar } from "../../settings/scalar.ts";
import { type Misfit, report, settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";
import { plainText } from "../../settings/text.ts";
import { DEEPEST } from "../json/read_json.ts";
import { type Draft, isKeywords, type JsonSchema, SchemaFault } from "./json_schema.ts";
import { prepareValidation } from "./prepare_validation.ts";

/** More than a gateway should hold of one message. */
const MOST = 256 * 1024 ** 2;
/** Levels that checks can recurse into. */
const MOST_DEPTH = 512;
const MOST_ERRORS = 1000;

/** The options as they are checked. */
export interface ValidatePlan {
  readonly draft?: Draft;
  readonly body?: JsonSchema;
  readonly query?: JsonSchema;
  readonly headers?: JsonSchema;
  readonly params?: JsonSchema;
  /** A file's path is a secret's: it is read when secrets are. */
  readonly openapi?: { readonly document: Secret | object; readonly operation: string };
  readonly unknownQuery: "pass" | "refuse";
  /** Bytes. */
  readonly maxBody: number;
  readonly maxDepth: number;
  readonly maxErrors: number;
  readonly response?: { readonly body?: JsonSchema; readonly sample: number; readonly maxBody: number };
}

/** A copy, which nobody else changes. */
const jsonSchema = scalar<JsonSchema>({
  expected: "a JSON Schema: settings in braces, true or false",
  json: { anyOf: [{ type: "object" }, { type: "boolean" }] },
  parse: (value) => typeof value === "boolean" ? value : isKeywords(value) ? copyOf(value) : undefined,
});

const document = scalar<Secret | object>({
  expected: 'a document of OpenAPI, or the path of a file such as "./openapi.json"',
  json: { anyOf: [{ type: "string" }, { type: "object" }] },
  parse(value) {
    if (typeof value === "string") return value === "" ? undefined : secret.file(value);
    if (isSecret(value)) return value;
    return isKeywords(value) ? copyOf(value) : undefined;
  },
});

const response = settings("settings such as { sample: 0.1 }", {
  body: jsonSchema.optional().describe("Schema of the JSON of answers with 2xx. Default: what the operation says."),
  sample: shareAboveZero().prefault(1).describe("Share of the answers that are looked at."),
  maxBody: size(1, MOST).prefault("256KiB").describe("Longer answers are not looked at."),
});

/** Schema of the options of `validate`. Schemas among them are compiled, so that what is wrong with them is known. */
export const validateSchema: z.ZodType<ValidatePlan, unknown> = settings("settings such as { body: { … } }", {
  draft: choice(["2020-12", "draft-07"]).optional().describe("The draft of the schemas. Default: 2020-12."),
  body: jsonSchema.optional().describe("Schema of the JSON in the request's body."),
  query: jsonSchema.optional().describe("Schema of the query's parameters, as one object."),
  headers: jsonSchema.optional().describe("Schema of the request's header fields, as one object."),
  params: jsonSchema.optional().describe("Schema of the path's parameters, as one object."),
  openapi: settings('settings such as { document: "./openapi.json", operation: "getUser" }', {
    document: document.describe("The document, or the path of its file: JSON or YAML."),
    operation: plainText('an operationId, or "GET /users/{id}"').describe(
      "The operation, by its operationId or as GET /users/{id}.",
    ),
  }).optional().describe("An operation of OpenAPI 3.0 or 3.1 that says it all."),
  unknownQuery: choice(["pass", "refuse"]).prefault("pass")
    .describe("What becomes of a request whose query has a parameter that is not described."),
  maxBody: size(1, MOST).prefault("1MiB").describe("Longest body that is read."),
  maxDepth: wholeNumber(1, MOST_DEPTH).prefault(DEEPEST).describe("Levels of arrays and objects in a body."),
  maxErrors: wholeNumber(1, MOST_ERRORS).prefault(20).describe("Most errors that one answer lists."),
  response: response.optional().describe("Checks answers too, and only reports what is wrong with them."),
}).transform((options, context): ValidatePlan => {
  const plan = withoutAbsent(options) as unknown as ValidatePlan, misfits = misfitsOf(plan);
  report(context, options, misfits.length > 0 ? misfits : faultsOf(plan));
  return plan;
});

const SCHEMAS = ["body", "query", "headers", "params"] as const;

function misfitsOf({ openapi, response, draft, unknownQuery, ...rest }: ValidatePlan): Misfit[] {
  const given = SCHEMAS.filter((part) => rest[part] !== undefined), misfits: Misfit[] = [];
  if (openapi === undefined) {
    if (given.length === 0 && response?.body === undefined) {
      misfits.push({ path: [], message: "nothing is checked here", remedy: `${SCHEMAS.join(", ")} or openapi` });
    } else if (response !== undefined && response.body === undefined) {
      misfits.push({
        path: ["response"],
        message: "nothing says what an answer must be",
        remedy: "response.body, a schema",
      });
    }
    if (unknownQuery === "refuse" && rest.query === undefined) {
      const message = "no parameter of the query is described";
      misfits.push({ path: ["unknownQuery"], message, remedy: "query beside it", onKey: true });
    }
    return misfits;
  }
  for (const part of [...given, ...(draft === undefined ? [] : ["draft" as const])]) {
    const message = `the operation says this already`, remedy = `${part} or openapi, not both`;
    misfits.push({ path: [part], message, remedy, onKey: true });
  }
  return misfits;
}

/** One fault at most of each schema, or of the operation. */
function faultsOf(plan: ValidatePlan): Misfit[] {
  const { body, query, headers, params, response, ...rest } = plan;
  if (plan.openapi !== undefined) return faultOf(plan);
  const parts: readonly Partial<ValidatePlan>[] = [{ body }, { query }, { headers }, { params }, { response }];
  return parts.flatMap((part) => faultOf({ ...rest, ...withoutAbsent(part) }));
}

function faultOf(plan: ValidatePlan): Misfit[] {
  try {
    prepareValidation(plan);
    return [];
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    const { place, message, remedy, onKey } = error;
    return [{ path: [...place], message, remedy, onKey }];
  }
}

function copyOf(value: object): object & Record<string, unknown> | Refusal {
  try {
    // Fails for what holds itself.
    JSON.stringify(value);
    return structuredClone(value) as object & Record<string, unknown>;
  } catch {
    return new Refusal("this holds what JSON cannot, such as a function or itself");
  }
}

function withoutAbsent<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

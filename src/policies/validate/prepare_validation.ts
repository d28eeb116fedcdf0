/** From options to what checks. @module */

import { isSecret, type Secret, type SecretReader } from "../../core/secret.ts";
import { SchemaFault } from "./json_schema.ts";
// Brings YAML along: it is loaded where a config has such a document.
import defer * as openapi from "./openapi/document.ts";
import { operationInit } from "./openapi/operation_init.ts";
import { schemasInit } from "./schemas_init.ts";
import type { ValidatePlan } from "./validate_schema.ts";
import { Validation } from "./validation.ts";
import type { ValidationInit } from "./validation_init.ts";

/**
 * What is to be checked, or `null` where a file says it that cannot be read here.
 *
 * @param read for documents in files; without it they are not looked at
 * @throws SchemaFault placed from the options' root
 */
export function validationInit(plan: ValidatePlan, read?: SecretReader): ValidationInit | null {
  const { openapi: described, unknownQuery } = plan;
  if (described === undefined) return schemasInit(plan);
  const document = within(["openapi", "document"], () => documentOf(described.document, read));
  if (document === null) return null;
  return within(["openapi", "operation"], () => operationInit(document, described.operation, unknownQuery));
}

/** {@link validationInit}, compiled. @throws SchemaFault as that does */
export function prepareValidation(plan: ValidatePlan, read?: SecretReader): Validation | null {
  const init = validationInit(plan, read);
  if (init === null) return null;
  return plan.openapi === undefined
    ? new Validation(init)
    : within(["openapi", "document"], () => new Validation(init));
}

function documentOf(document: Secret | object, read: SecretReader | undefined): openapi.OpenApiDocument | null {
  if (!isSecret(document)) return new openapi.OpenApiDocument(document);
  if (read === undefined) return null;
  const text = read(document);
  if ("error" in text) throw new SchemaFault([], `the document cannot be had: ${text.error}`);
  return openapi.parseDocument(text.value);
}

/** What goes wrong inside is at this place. Places further in are those of converted schemas: they are told in words. */
function within<T>(place: readonly string[], make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    const inside = error.place.length === 0 ? "" : `${error.place.join("/")}: `;
    throw new SchemaFault(place, inside + error.message, error.remedy);
  }
}

/** Whether the file of a document is what its policy needs. @module */

import type { SecretFault } from "../../core/policy.ts";
import { SchemaFault } from "./json_schema.ts";
import { prepareValidation } from "./prepare_validation.ts";
import type { ValidatePlan } from "./validate_schema.ts";

/** What is wrong with a file's text, for `check`, which has read it; `null` where the policy can be built with it. */
export function documentFault(plan: ValidatePlan, text: string): SecretFault | null {
  try {
    prepareValidation(plan, () => ({ value: text }));
    return null;
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    return { message: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) };
  }
}

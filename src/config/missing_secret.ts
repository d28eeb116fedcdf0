/** A secret that is not there, in words. @module */

import type { Secret } from "../core/secret.ts";
import type { Finding } from "./finding.ts";
import { seenText } from "./seen.ts";

/** Says what is missing. @param error why it cannot be had, from its reader */
export function missingSecret(secret: Secret, error: string): Pick<Finding, "message" | "seen" | "remedy"> {
  // What stands in files need not be secret: certificates are not, nor is an OpenAPI document.
  const [what, remedy] = secret.env === undefined
    ? ["file", "a file that can be read"]
    : ["secret", `${secret.env}=… in the environment`];
  return { message: `this ${what} is missing: ${error}`, seen: seenText(secret), remedy };
}

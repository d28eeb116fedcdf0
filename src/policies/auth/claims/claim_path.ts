/** Claims by name, or by the names on the way to one. @module */

import type { Claims } from "./claims.ts";

/** A claim's name, or the names that lead to it: `["realm_access", "roles"]`. */
export type ClaimPath = string | readonly string[];

/** The value there; `undefined` where there is none. Only members of objects count, not what all objects have. */
export function claimAt(claims: Claims, path: readonly string[]): unknown {
  let value: unknown = claims;
  for (const name of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = (value as Claims)[name];
  }
  return value;
}

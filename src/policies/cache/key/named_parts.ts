/** Fields and cookies of a cache's key. @module */

import type { CacheKeyPlan } from "../cache_plan.ts";

/** As the key grammar has them: `header:x-tenant`, `cookie:theme`. */
export function namedParts({ headers, cookies }: Pick<CacheKeyPlan, "headers" | "cookies">): string[] {
  return [...headers.map((name) => `header:${name}`), ...cookies.map((name) => `cookie:${name}`)];
}

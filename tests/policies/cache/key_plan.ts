/** Plans of caches, for tests of their parts. @module */

import type { CacheKeyPlan, CachePlan } from "../../../src/policies/cache/cache_plan.ts";
import { cacheSchema } from "../../../src/policies/cache/cache_schema.ts";

/** What these options make; `{}` for the defaults. */
export function planOf(options: object = {}): CachePlan {
  return cacheSchema.parse(options);
}

/** A plan with these parts of a key, as they are. */
export function keyedBy(key: Partial<CacheKeyPlan>): CachePlan {
  const plan = planOf();
  return { ...plan, key: { ...plan.key, ...key } };
}

/**
 * The `cache` policy: answers that have been given once are given again, by the rules for shared caches (RFC 9111).
 *
 * @module
 */

import { type Policy, type PolicyDefinition, recordPolicy } from "../../core/policy.ts";
import { describeKey } from "../keys/key_spec.ts";
import { cacheFacts, cacheTraits, cacheUses } from "./cache_bearing.ts";
import { CacheHandler } from "./cache_handler.ts";
import type { CacheNeeds, CacheOptions, CacheVary } from "./cache_options.ts";
import type { CachePlan } from "./cache_plan.ts";
import { cacheSchema } from "./cache_schema.ts";
import { CacheStatus } from "./cache_status.ts";
import { cacheWarnings } from "./cache_warnings.ts";
import { cacheInWords } from "./cache_words.ts";
import { withSpan } from "./cache_span.ts";
import { compileKey } from "./key_reader.ts";
import { ResponseCache } from "./response_cache.ts";

/**
 * Keeps answers and gives them again, as the upstream's `Cache-Control` says: fresh ones at once, stale ones after the
 * upstream has said that they are still good. However many ask for the same at a time, the upstream is asked once.
 *
 * It stands behind what must see every request, such as `rateLimit` and the policies that find out who is asking, and
 * before what only the upstream's answers need, such as `compress`. Behind an identity policy it must say for whom an
 * answer is: by an identity key in `vary`, or by `shared: true`.
 *
 * @example
 * ```ts
 * import { cache } from "gatewright";
 *
 * const asTheUpstreamSays = cache();
 * const aMinute = cache({ forceTtl: "60s", maxEntries: 1000 });
 * const robust = cache({ defaultTtl: "60s", staleWhileRevalidate: "5m", staleIfError: "1d", grace: "1d" });
 * const perUser = cache({ defaultTtl: "5s", vary: ["jwt:sub", "header:accept-language"] });
 * console.log([asTheUpstreamSays, aMinute, robust, perUser].map(({ kind }) => kind).join()); // cache,cache,cache,cache
 * ```
 */
export function cache<const V extends CacheVary = CacheVary, const S extends string = never>(
  options: CacheOptions<V, S> = {},
): Policy<"cache", CacheNeeds<V, S>, never> {
  return recordPolicy(cacheDefinition, options);
}

/** The `cache` policy's options, its facts and what it is built into. */
export const cacheDefinition: PolicyDefinition<CachePlan> = {
  kind: "cache",
  schema: cacheSchema,
  facts: cacheFacts,
  uses: cacheUses,
  traits: cacheTraits,
  id: ({ id }) => id,
  warnings: cacheWarnings,
  describe: cacheInWords,
  build(plan, env, id) {
    const { clock, deadlines, random, log } = env, keys = compileKey(plan, log);
    const by = keyShape(plan), { maxBytes, maxEntries, maxBody, store } = plan;
    // Lifetimes hold from the next answer on.
    const shape = { by, maxBytes, maxEntries, maxBody, store };
    const kept = env.state(id, shape, () => new ResponseCache(id, plan, keys, JSON.stringify(by), env));
    kept.use(plan, store === undefined ? undefined : env.store(store).cacheTier?.({ id }));
    const status = plan.cacheStatus === null ? null : new CacheStatus(plan.cacheStatus);
    const { shelf, tier, fills, uncacheable, forms, counts } = kept;
    const invalidate = (key: string) => kept.invalidate(key);
    const parts = {
      ...{ plan, clock, deadlines, random, log, status, shelf, tier, fills, uncacheable, forms, counts, invalidate },
    };
    return (next) => withSpan(new CacheHandler(parts, keys, next).handle, id);
  },
};

/** What tells answers apart: under another one they are of no use. */
function keyShape({ key, vary, shared, byIdentity }: CachePlan) {
  const by = vary.map((option) => typeof option === "function" ? String(option) : describeKey(option));
  return { key, by, shared, byIdentity };
}

/** What a cache needs before it, and how it bears on who may pass. @module */

import { ASKED } from "../../core/facts.ts";
import type { PolicyFacts, PolicyTraits, StoreUse } from "../../core/policy.ts";
import { factsOfKey } from "../keys/key_spec.ts";
import type { CachePlan } from "./cache_plan.ts";
import { namedParts } from "./key/named_parts.ts";

/** The facts that its keys read, and its store. */
export function cacheFacts({ vary, store }: CachePlan): PolicyFacts {
  // Those of whom nothing is known have answers too.
  const keys = new Set(vary.flatMap(factsOfKey).map((fact) => fact === "identity" ? ASKED : fact));
  return { needs: [...keys, ...(store === undefined ? [] : [`store:${store}`])] };
}

/** The store of the second tier. */
export function cacheUses({ store }: CachePlan): StoreUse | undefined {
  return store === undefined ? undefined : { store, withoutLua: [], answers: true };
}

/** It lets nobody in or out by itself, but gives what one was answered to others. */
export function cacheTraits({ byIdentity, shared, key, vary }: CachePlan): PolicyTraits {
  const isKnown = vary.every((option) => typeof option !== "function");
  return {
    guard: false,
    reuses: shared ? "shared" : byIdentity ? "keyed" : "unsaid",
    toldApartBy: isKnown ? [...namedParts(key), ...vary.flatMap((option) => option).map(inLowerCase)] : undefined,
  };
}

/** Of names, only those of fields are the same in other letters. */
function inLowerCase(key: string): string {
  return key.startsWith("header:") ? key.toLowerCase() : key;
}

/** Whether stores can do what they are to be used for, and whether anything uses them. @module */

import { definitionOf, type StoreUse } from "../../core/policy.ts";
import { nearest } from "../../settings/nearest.ts";
import { chainsOf, type Draft } from "../draft.ts";
import type { DraftChain, DraftPolicy } from "../draft_chain.ts";
import type { Finding } from "../finding.ts";
import { storeOf } from "../named_fact.ts";
import { type PlacedPolicy, withParts } from "../policy_parts.ts";
import { DEFAULT_STORE, defaultStoreDefinition } from "../store_names.ts";

/** Algorithms that are not written in their store's language, answers in stores that keep none, and stores that nobody uses. */
export function checkStores(draft: Draft): Finding[] {
  const chains = chainsOf(draft), policies = chains.flatMap((chain) => chain.policies).flatMap(withParts);
  return [
    ...policies.flatMap((one) => untranslated(one, draft)),
    ...policies.flatMap((one) => notKept(one, draft)),
    ...unused(draft, chains),
  ];
}

function untranslated({ at, policy }: PlacedPolicy, { stores }: Draft): Finding[] {
  const use = useOf(policy);
  if (use === undefined || use.withoutLua.length === 0) return [];
  const name = use.store ?? DEFAULT_STORE, declared = stores.find((store) => store.name === name);
  const definition = declared !== undefined ? declared.definition : defaultStoreDefinition;
  if (definition === undefined || !definition.needsLua) return [];
  const algorithms = use.withoutLua.map((algorithm) => `"${algorithm}"`).join(" and ");
  return [{
    at,
    message: `${policy.kind} counts in store "${name}", which is ${definition.kind} and needs lua of ${algorithms}`,
    remedy: "lua in defineAlgorithm({ … }), or a store of this process such as memory()",
  }];
}

function notKept({ at, policy }: PlacedPolicy, { stores }: Draft): Finding[] {
  const use = useOf(policy), definition = stores.find(({ name }) => name === use?.store)?.definition;
  if (use?.answers !== true || definition === undefined || definition.keepsAnswers === true) return [];
  return [{
    at: [...at, "store"],
    message: `${policy.kind} keeps answers in store "${use.store}", which is ${definition.kind} and cannot keep any`,
    remedy: "a store such as redis({ … }), or none: each process keeps answers anyway",
  }];
}

function useOf(policy: DraftPolicy["policy"]): StoreUse | undefined {
  return definitionOf(policy)?.uses?.(policy.options);
}

/** Silent while there are policies of which it is not known what they use. */
function unused({ stores, complete }: Draft, chains: readonly DraftChain[]): Finding[] {
  if (!complete || chains.some((chain) => !chain.complete)) return [];
  const names = stores.map(({ name }) => name),
    used = new Set(chains.flatMap(({ policies }) => policies.flatMap(namesOf)));
  // A name that was probably meant counts as used, else one slip of the pen would make two messages.
  for (const name of used) used.add(names.includes(name) ? name : nearest(name, names) ?? name);
  return stores.filter(({ name, store }) => store !== undefined && !used.has(name)).map(({ at }) => ({
    at,
    severity: "warning",
    on: "key",
    message: "no policy uses this store",
    remedy: "a policy with it, or nothing in its place",
  }));
}

function namesOf({ at, policy, facts }: DraftPolicy): string[] {
  const named = (facts.needs ?? []).flatMap((fact) => storeOf(fact) ?? []);
  const uses = withParts({ at, policy }).flatMap(({ policy }) => useOf(policy) ?? []);
  return [...named, ...uses.map(({ store }) => store ?? DEFAULT_STORE)];
}

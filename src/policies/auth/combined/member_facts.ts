/** Facts of policies that are made of others: the run-time side of `member_types.ts`. @module */

import { definitionOf, type Policy, type PolicyFacts } from "../../../core/policy.ts";

/** Facts of a policy that needs and gives what any of its members does. */
export function factsOfAll(members: readonly Policy[]): Required<PolicyFacts> {
  const facts = members.map(factsOf);
  return { needs: once(facts, "needs"), gives: once(facts, "gives") };
}

/** Facts of a policy of which one member, and nobody knows which, lets a request pass: it gives what each of them does. */
export function factsOfAny(members: readonly Policy[]): Required<PolicyFacts> {
  const facts = members.map(factsOf);
  const givenByEach = (fact: string) => facts.every(({ gives = [] }) => covers(gives, fact));
  return { needs: once(facts, "needs"), gives: once(facts, "gives").filter(givenByEach) };
}

/** It looks into the members' own members, so that to ask twice would cost twice as much on each level. */
function factsOf(policy: Policy): PolicyFacts {
  return definitionOf(policy)?.facts?.(policy.options) ?? {};
}

function once(facts: readonly PolicyFacts[], which: "needs" | "gives"): string[] {
  return [...new Set(facts.flatMap((facts) => facts[which] ?? []))];
}

/** `jwt:*` stands for every claim. */
function covers(facts: readonly string[], fact: string): boolean {
  return facts.includes(fact) || fact.startsWith("jwt:") && facts.includes("jwt:*");
}

/** What policies made of others need and give, on the type level. @module */

import type { GivesOf, NeedsOf, Policy } from "../../../core/policy.ts";

/** An inference site of `M` and nothing else: messages then show the type beside it. */
export type Site<M> = [M] extends [never] ? M : unknown;

/** The policy expected where `P` was written: a sentence in place of one that does not find out who is asking. */
export type IdentityPolicy<P, By extends string> = P extends Policy<infer Kind>
  ? "consumer" extends GivesOf<P> ? Policy : `${By} takes identity policies; ${Kind} is none`
  : Policy;

/** The policies expected where the list `M` was written. */
export type IdentityPolicies<M, By extends string> = M extends readonly [infer A, ...infer Rest]
  ? readonly [IdentityPolicy<A, By>, ...IdentityPolicies<Rest, By>]
  : readonly Policy[];

/** What any of them needs. */
export type NeedsOfSome<M> = M extends readonly unknown[] ? NeedsOf<M[number]> : never;

/** What any of them gives. */
export type GivesOfSome<M> = M extends readonly unknown[] ? GivesOf<M[number]> : never;

/** What each of them gives, whichever it is that lets a request pass. */
export type GivesOfEach<M> = M extends readonly [infer A] ? GivesOf<A>
  : M extends readonly [infer A, ...infer Rest] ? GivesOf<A> & GivesOfEach<Rest>
  : GivesOfSome<M>;

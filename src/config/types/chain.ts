/** Whether each policy of a chain finds the facts that it reads: order is part of the type. @module */

import type { AskedFact } from "../../core/facts.ts";
import type { GivesOf, NeedsOf, Policy } from "../../core/policy.ts";
import type { DefaultStore } from "./store.ts";

/** The facts that a chain provides to what comes after it. */
export type GivesAll<L> = L extends readonly unknown[] ? GivesOf<L[number]> : never;

/**
 * The chain that is expected where `L` was written: a sentence stands in place of each policy that comes too early, so
 * that the compiler marks that very element. What is only known as `Policy` or `Policy[]` passes: `check` sees it.
 */
export type Chain<L, Have extends string, Where extends Place = "route"> = L extends readonly [infer A, ...infer Rest]
  ? readonly [Admit<A, Have, Where>, ...Chain<Rest, Have | GivesOf<A>, Where>]
  : readonly Policy[];

/** Where a chain stands: before every route, on one, or behind the policy that has found out a consumer. */
type Place = "global" | "route" | "consumer";

type Admit<A, Have extends string, Where extends Place> = A extends Policy<infer Kind>
  ? string extends NeedsOf<A> ? Policy
  : [NeedsOf<A>] extends [Have | Asked<Have> | DefaultStore] ? Policy
  : Complaint<Kind, Exclude<NeedsOf<A>, Have | Asked<Have> | DefaultStore>, Where>
  : Policy;

/** Whether somebody has asked who it is. */
type Asked<Have extends string> = [Extract<Have, "identity" | "consumer">] extends [never] ? never : AskedFact;

/** Why a reader of facts stands in the wrong place. */
export type Complaint<Reader extends string, Missing extends string, Where extends Place = "route"> = Missing extends
  `param:${infer Name}` ? (
    Where extends "global" ? `${Reader} reads ${Missing}, but global policies run without a path; move it to a route`
      : Where extends "consumer"
        ? `${Reader} reads ${Missing}, but the policies of consumers run on every path; move it to a route`
      : Name extends "*" ? `${Reader} reads ${Missing}, but the path does not end in *`
      : `${Reader} reads ${Missing}, but the path has no :${Name}`
  )
  : Missing extends `upstream:${infer Name}` ? `${Reader} calls upstream "${Name}", but upstreams has none of this name`
  : Missing extends `store:${infer Name}` ? `${Reader} uses store "${Name}", but stores has none of this name`
  : Missing extends `jwt:${string}` ? `${Reader} reads ${Missing}, but no jwt() that provides it comes before`
  : Missing extends AskedFact ? `${Reader} reads identity, but no policy before it asks for that`
  : `${Reader} reads ${Missing}, but no policy before it provides that`;

/** Claims on the type level: what a token must have, and what is known of it then. @module */

import type { ClaimRule } from "./claim_rules.ts";

/** Claims of which the types know nothing: every name may be there. */
export interface AnyClaims {
  readonly [claim: string]: unknown;
}

/** Whether the claims have names that the types know. */
type AreKnown<Claims> = string extends keyof Claims ? false : true;

/** The names of the claims that are not optional. */
type NamesOf<Claims> = {
  [C in keyof Claims]-?: Record<never, never> extends Pick<Claims, C> ? never : C;
}[keyof Claims];

/** The rules that make sure that a claim is a `T`; of lists and objects, only that they are such. */
type RuleFor<T> = unknown extends T ? ClaimRule
  : [T] extends [never] ? never
  : [T] extends [string] ? string extends T ? "string" | readonly string[] : readonly T[]
  : [T] extends [number] ? number extends T ? "number" | readonly number[] : readonly T[]
  : [T] extends [boolean] ? boolean extends T ? "boolean" | readonly boolean[] : readonly T[]
  : [T] extends [readonly string[]] ? "strings"
  : [T] extends [readonly unknown[]] ? "list"
  : [T] extends [object] ? "object"
  : RuleForOne<T>;

/** Of what may be of several types: the rules for one of them. */
type RuleForOne<T> = T extends string | number | boolean | object ? RuleFor<T> : never;

/** What `require` takes: with known claims, the rule that makes sure of each. */
export type RequiredClaims<Claims> = AreKnown<Claims> extends false
  ? readonly string[] | { readonly [claim: string]: ClaimRule }
  : { readonly [C in NamesOf<Claims>]: RuleFor<Claims[C]> };

/** Options that known claims call for; nothing where they are not known. */
export type Promised<Claims> = AreKnown<Claims> extends false ? unknown : { readonly require: RequiredClaims<Claims> };

/** What comes behind may read: `jwt:` and each name. */
export type ClaimFacts<Claims> = AreKnown<Claims> extends false ? `jwt:${string}` : `jwt:${keyof Claims & string}`;

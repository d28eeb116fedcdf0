/**
 * The `allOf` policy: several credentials, each of which must be good.
 *
 * @module
 */

import { contextKey } from "../../core/context_key.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { MaybePromise } from "../../core/handler.ts";
import type { Identity } from "../../core/identity.ts";
import { type Policy, recordPolicy } from "../../core/policy.ts";
import { type AllOfPlan, allOfSchema } from "./all_of_schema.ts";
import { AuthRefusal } from "./auth_refusal.ts";
import type { Authenticator, IdentityDefinition } from "./authenticator.ts";
import { combinedDefinition, describeMember } from "./combined/combined_definition.ts";
import { factsOfAll } from "./combined/member_facts.ts";
import type { GivesOfSome, IdentityPolicies, NeedsOfSome, Site } from "./combined/member_types.ts";
import { isOptional, type Member, membersOf } from "./combined/members.ts";
import { identityMerger } from "./combined/merged_identity.ts";

/**
 * Asks identity policies one after the other; each must find its credential good, and the first that does not refuses
 * the request. Put the cheapest first.
 *
 * The first policy says who is asking: `subject`, `user`, `method`, `consumer` and claims of one name are those of the
 * earliest policy that has them. Groups and scopes are those of all together. Credentials of two different consumers do
 * not go together: they are refused.
 *
 * @example
 * ```ts
 * import { allOf, basicAuth, mtls, secret } from "gatewright";
 *
 * const policy = allOf([mtls(), basicAuth({ file: secret.file("./.htpasswd") })]);
 * console.log(policy.kind); // allOf
 * ```
 */
export function allOf<const M extends readonly unknown[]>(
  policies: Site<M> & IdentityPolicies<M, "allOf">,
): Policy<"allOf", NeedsOfSome<M>, GivesOfSome<M>> {
  return recordPolicy(allOfDefinition, { allOf: policies });
}

/** The `allOf` policy's options, its facts and what it is built into. */
export const allOfDefinition: IdentityDefinition<AllOfPlan> = combinedDefinition({
  kind: "allOf",
  schema: allOfSchema,
  holds: "allOf",
  parts: ({ allOf }) => allOf,
  optional: ({ allOf }) => allOf.every(isOptional),
  facts: ({ allOf }) => factsOfAll(allOf),
  describe: ({ allOf }) => `allOf: ${allOf.map(describeMember).join(" & ")}`,
  authenticator: ({ allOf }, env, id) => everyGood(membersOf(allOf, env, id)),
});

/** What each member has found; `null` of an optional one that was shown nothing. */
type Found = (Identity | null)[];

const OF_TWO = new AuthRefusal("invalid", { reason: "the credentials belong to different consumers" });
const NOTHING = new AuthRefusal("absent", { reason: "no credential" });

function everyGood(members: readonly Member[]): Authenticator {
  const foundAt = contextKey<Found>("allOf"), merged = identityMerger();
  const ask = (exchange: Exchange, found: Found): MaybePromise<Identity | AuthRefusal> => {
    while (found.length < members.length) {
      const member = members[found.length], verdict = member.authenticator.check(exchange);
      if (verdict instanceof Promise) {
        return verdict.then((verdict) => {
          const refused = take(member, verdict, found);
          return refused ?? ask(exchange, found);
        });
      }
      const refused = take(member, verdict, found);
      if (refused !== null) return refused;
    }
    const identities = found.filter((one) => one !== null);
    if (identities.length === 0) return NOTHING;
    exchange.set(foundAt, found);
    return merged(identities) ?? OF_TWO;
  };
  return {
    owns: [...new Set(members.flatMap(({ authenticator }) => authenticator.owns))],
    check: (exchange) => ask(exchange, []),
    accepted(exchange) {
      const found = exchange.get(foundAt) ?? [];
      // Backwards: of a field that two of them write, what the earlier one says stays.
      for (let i = found.length - 1; i >= 0; i--) {
        const identity = found[i], { authenticator } = members[i];
        if (identity === null) continue;
        for (const name of authenticator.owns) exchange.headers.remove(name);
        authenticator.accepted(exchange, identity);
      }
    },
    hide(exchange, kept) {
      for (const { authenticator } of members) authenticator.hide?.(exchange, kept);
    },
    kept: (exchange) =>
      (exchange.get(foundAt) ?? []).flatMap((identity, i) =>
        identity === null ? [] : members[i].authenticator.kept?.(exchange) ?? []
      ),
  };
}

/** Keeps what a member has found, or says why the request ends here. */
function take(member: Member, verdict: Identity | AuthRefusal, found: Found): AuthRefusal | null {
  if (!(verdict instanceof AuthRefusal)) found.push(verdict);
  else if (member.optional && verdict.kind === "absent") found.push(null);
  else return verdict;
  return null;
}

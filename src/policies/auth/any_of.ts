/**
 * The `anyOf` policy: one good credential is enough, whichever of several kinds it is.
 *
 * @module
 */

import { contextKey } from "../../core/context_key.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { MaybePromise } from "../../core/handler.ts";
import type { Identity } from "../../core/identity.ts";
import { type Policy, recordPolicy } from "../../core/policy.ts";
import { type AnyOfPlan, anyOfSchema } from "./any_of_schema.ts";
import { AuthRefusal } from "./auth_refusal.ts";
import type { Authenticator, IdentityDefinition } from "./authenticator.ts";
import { combinedDefinition, describeMember } from "./combined/combined_definition.ts";
import { jointRefusals } from "./combined/joint_refusal.ts";
import { factsOfAny } from "./combined/member_facts.ts";
import type { GivesOfEach, IdentityPolicies, NeedsOfSome, Site } from "./combined/member_types.ts";
import { isOptional, type Member, membersOf } from "./combined/members.ts";

/**
 * Asks identity policies one after the other, until one finds its credential good; that one says who is asking. The
 * credentials of the others do not reach the upstream, as nobody has checked them; but what `forwardAuth` would have
 * asked about does, as nobody knows which of it are credentials. Put the cheapest first.
 *
 * Where none is good: without any credential a 401 with every challenge; with one that is not good, what is wrong with
 * it; and a 503 where it might be good, but who could tell is not there.
 *
 * What comes behind can rely on what all of them provide: `jwt:sub` only if each is a `jwt()`.
 *
 * @example
 * ```ts
 * import { anyOf, basicAuth, mtls, secret } from "gatewright";
 *
 * const policy = anyOf([mtls({ issuers: ["CN=Example CA"] }), basicAuth({ file: secret.file("./.htpasswd") })]);
 * console.log(policy.kind); // anyOf
 * ```
 */
export function anyOf<const M extends readonly unknown[]>(
  policies: Site<M> & IdentityPolicies<M, "anyOf">,
): Policy<"anyOf", NeedsOfSome<M>, GivesOfEach<M>> {
  return recordPolicy(anyOfDefinition, { anyOf: policies });
}

/** The `anyOf` policy's options, its facts and what it is built into. */
export const anyOfDefinition: IdentityDefinition<AnyOfPlan> = combinedDefinition({
  kind: "anyOf",
  schema: anyOfSchema,
  holds: "anyOf",
  parts: ({ anyOf }) => anyOf,
  optional: ({ anyOf }) => anyOf.some(isOptional),
  facts: ({ anyOf }) => factsOfAny(anyOf),
  describe: ({ anyOf }) => `anyOf: ${anyOf.map(describeMember).join(" | ")}`,
  authenticator: ({ anyOf }, env, id) => firstGood(membersOf(anyOf, env, id)),
});

const NOTHING: readonly string[] = [];

function firstGood(members: readonly Member[]): Authenticator {
  // Of an exchange that the first member has accepted, nothing need be kept.
  const chosen = contextKey<Member>("anyOf"), refusal = jointRefusals(members);
  const choose = (exchange: Exchange, i: number, identity: Identity): Identity => {
    if (i > 0) exchange.set(chosen, members[i]);
    return identity;
  };
  const ask = (exchange: Exchange, from: number, refusals: AuthRefusal[]): MaybePromise<Identity | AuthRefusal> => {
    for (let i = from; i < members.length; i++) {
      const verdict = members[i].authenticator.check(exchange);
      if (verdict instanceof Promise) {
        return verdict.then((verdict) =>
          verdict instanceof AuthRefusal ? ask(exchange, i + 1, [...refusals, verdict]) : choose(exchange, i, verdict)
        );
      }
      if (!(verdict instanceof AuthRefusal)) return choose(exchange, i, verdict);
      refusals.push(verdict);
    }
    return refusal(refusals);
  };
  return {
    owns: [...new Set(members.flatMap(({ authenticator }) => authenticator.owns))],
    check: (exchange) => ask(exchange, 0, []),
    accepted(exchange, identity) {
      const member = exchange.get(chosen) ?? members[0], kept = member.authenticator.kept?.(exchange) ?? NOTHING;
      for (const other of members) if (other !== member) other.authenticator.hide?.(exchange, kept);
      member.authenticator.accepted(exchange, identity);
    },
    hide(exchange, kept) {
      for (const { authenticator } of members) authenticator.hide?.(exchange, kept);
    },
    kept: (exchange) => (exchange.get(chosen) ?? members[0]).authenticator.kept?.(exchange) ?? NOTHING,
  };
}

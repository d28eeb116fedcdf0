/** What all identity policies are made of: something that checks one kind of credential. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Handler, MaybePromise, Middleware } from "../../core/handler.ts";
import type { Identity } from "../../core/identity.ts";
import { definitionOf, type Policy, type PolicyDefinition } from "../../core/policy.ts";
import type { Reply } from "../../core/reply.ts";
import { takeAnswerFields, writeAnswerFields } from "./answer_fields.ts";
import { AuthRefusal } from "./auth_refusal.ts";
import { OwnedFields } from "./owned_fields.ts";

/** Facts that every identity policy gives: who is asking, and the consumer where the credential belongs to one. */
export type IdentityFact = "identity" | "consumer";

/** {@link IdentityFact} for `PolicyDefinition.facts`. */
export const IDENTITY_FACTS: readonly IdentityFact[] = ["identity", "consumer"];

/** Checks one kind of credential. It changes nothing of the exchange but in {@link accepted}, as others may be asked too. */
export interface Authenticator {
  /**
   * Request fields, in lower case, that nobody but this writes: the client's own are removed, however it spells them and
   * whatever becomes of its credential.
   */
  readonly owns: readonly string[];
  /**
   * Looks for the credential and checks it. It may put a body in place of the one that it had to read.
   *
   * @returns a refusal of the kind `absent` where there is none
   */
  check(exchange: Exchange): MaybePromise<Identity | AuthRefusal>;
  /**
   * The request goes on with this identity: hides the credential from the upstream, writes what is owned. What the answer
   * shall have is left with `addAnswerFields`.
   */
  accepted(exchange: Exchange, identity: Identity): void;
  /**
   * The request goes on by another credential: hides this one from the upstream, kept or not, as nobody has checked it.
   *
   * @param kept texts of the other: what is the very same has been checked, and stays
   * @default nothing is hidden
   */
  hide?(exchange: Exchange, kept: readonly string[]): void;
  /**
   * What {@link accepted} leaves of its credential on the request: the whole value of `authorization`, or what a cookie or
   * another place has. It is asked before.
   *
   * @default nothing
   */
  kept?(exchange: Exchange): readonly string[];
}

/** A {@link PolicyDefinition} of an identity policy: it can be part of `anyOf`, `allOf` and `optional`. */
export interface IdentityDefinition<Parsed> extends PolicyDefinition<Parsed> {
  /** As `build`, but for the middleware around it. */
  authenticator(options: Parsed, env: BuildEnv, id: string): Authenticator;
}

/** Completes the definition of an identity policy that lets nobody pass without a good credential. */
export function identityDefinition<Parsed>(
  definition: Omit<IdentityDefinition<Parsed>, "build" | "traits">,
): IdentityDefinition<Parsed> {
  return {
    ...definition,
    traits: () => ({ identity: "required" }),
    build: (options, env, id) => authenticating(definition.authenticator(options, env, id), false),
  };
}

/** The definition behind an identity policy; `undefined` of other policies. */
export function identityDefinitionOf(policy: Policy): IdentityDefinition<unknown> | undefined {
  const definition = definitionOf(policy);
  return definition !== undefined && "authenticator" in definition
    ? definition as IdentityDefinition<unknown>
    : undefined;
}

/** Lets requests pass whose credential is good. @param optional whether those without any pass too */
export function authenticating(authenticator: Authenticator, optional: boolean): Middleware {
  const owned = new OwnedFields(authenticator.owns);
  return (next) => {
    const settle = (exchange: Exchange, verdict: Identity | AuthRefusal): MaybePromise<Reply> => {
      owned.removeFrom(exchange);
      return settled(authenticator, optional, exchange, verdict, next);
    };
    return (exchange) => {
      const verdict = authenticator.check(exchange);
      if (verdict instanceof Promise) return verdict.then((verdict) => settle(exchange, verdict));
      return settle(exchange, verdict);
    };
  };
}

function settled(
  authenticator: Authenticator,
  optional: boolean,
  exchange: Exchange,
  verdict: Identity | AuthRefusal,
  next: Handler,
): MaybePromise<Reply> {
  if (!(verdict instanceof AuthRefusal)) {
    exchange.identity = verdict;
    exchange.credentialed = true;
    exchange.auth = "passed";
    authenticator.accepted(exchange, verdict);
    const fields = takeAnswerFields(exchange), reply = next(exchange);
    return fields.length === 0 ? reply : answered(reply, fields);
  }
  if (!optional || verdict.kind !== "absent") return verdict.reply(exchange);
  if (exchange.auth === "") exchange.auth = "anonymous";
  return next(exchange);
}

async function answered(reply: MaybePromise<Reply>, fields: readonly string[]): Promise<Reply> {
  const ready = await reply;
  writeAnswerFields(ready, fields);
  return ready;
}

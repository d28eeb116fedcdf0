/** Identity policies that say what a test wants. @module */

import { z } from "zod";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { MaybePromise } from "../../../src/core/handler.ts";
import type { Identity } from "../../../src/core/identity.ts";
import { type Policy, recordPolicy } from "../../../src/core/policy.ts";
import { AuthRefusal } from "../../../src/policies/auth/auth_refusal.ts";
import { IDENTITY_FACTS, identityDefinition, type IdentityFact } from "../../../src/policies/auth/authenticator.ts";

/** What one finds of an exchange. */
export type Verdict = Identity | AuthRefusal;

/** What one has written into the header of its name: a key for a credential, `undefined` where there is none. */
export type Find = (shown: string | undefined, exchange: Exchange) => MaybePromise<Verdict>;

/** A refusal with a challenge of the kind's own. */
export function refusal(kind: AuthRefusal["kind"], name: string, retryAfter?: number): AuthRefusal {
  return new AuthRefusal(kind, { reason: `${kind} ${name}`, challenges: [name], retryAfter });
}

/** The usual: `good…` in its header is good, nothing is absent, and all else invalid. */
export function byHeader(name: string, identity: Omit<Identity, "method"> = {}): Find {
  const absent = refusal("absent", name), invalid = refusal("invalid", name);
  return (shown) => {
    if (shown === undefined) return absent;
    return shown.startsWith("good") ? { method: name, subject: `${name}-subject`, ...identity } : invalid;
  };
}

/**
 * An identity policy of the kind `name`, which reads the header `x-<name>`, owns `x-<name>-is`, where it writes its
 * subject, and gives `claims` beside the usual facts.
 */
export function scripted<const C extends string = never>(
  name: string,
  find: Find = byHeader(name),
  claims: readonly C[] = [],
): Policy<string, never, IdentityFact | `jwt:${C}`> {
  const definition = identityDefinition({
    kind: name,
    schema: z.unknown(),
    facts: () => ({ gives: [...IDENTITY_FACTS, ...claims.map((claim) => `jwt:${claim}`)] }),
    authenticator: () => ({
      owns: [`x-${name}-is`],
      check: (exchange) => find(exchange.headers.get(`x-${name}`) ?? undefined, exchange),
      accepted({ headers }, { subject }) {
        headers.remove(`x-${name}`);
        headers.set(`x-${name}-is`, subject ?? "");
      },
      hide: ({ headers }) => headers.remove(`x-${name}`),
    }),
  });
  return recordPolicy(definition, {});
}

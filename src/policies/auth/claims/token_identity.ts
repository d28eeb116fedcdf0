/** Who is asking, by the claims of a token that was found good. @module */

import type { Consumers } from "../../../core/consumers.ts";
import type { Identity } from "../../../core/identity.ts";
import { consumerIdentity } from "../consumer_identity.ts";
import { claimAt } from "./claim_path.ts";
import type { Claims } from "./claims.ts";

/** The identity behind claims that were checked. @param groups where its groups stand */
export function tokenIdentity(claims: Claims, groups: readonly string[], consumers: Consumers): Identity {
  const { sub, iss } = claims as { readonly sub?: string; readonly iss?: string };
  const own: Identity = {
    method: "jwt",
    ...member("subject", sub),
    ...member("groups", listed(claimAt(claims, groups))),
    // RFC 8693 §4.2; `scp` is what some issuers call it.
    ...member("scopes", scopes(claims.scope) ?? scopes(claims.scp)),
    claims,
  };
  const consumer = sub === undefined ? undefined : consumers.ofSubject(sub, iss);
  return Object.freeze(consumerIdentity(own, consumers, consumer));
}

function member(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}

/** The texts of a list, or one text; `undefined` of what is neither. */
function listed(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return Object.freeze([value]);
  return Array.isArray(value) ? Object.freeze(value.filter((item) => typeof item === "string")) : undefined;
}

function scopes(value: unknown): readonly string[] | undefined {
  return typeof value === "string" ? Object.freeze(value.split(" ").filter((scope) => scope !== "")) : listed(value);
}

/** What `check` says of tokens that are checked by options that are right. @module */

import type { PolicyWarning } from "../../../core/policy.ts";
import type { JwtPlan } from "../jwt_schema.ts";

/** Hosts that nobody in between can pretend to be. */
const OWN = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/** Ways around a check that the config leaves open. */
export function jwtWarnings(plan: JwtPlan): PolicyWarning[] {
  return [...inTheOpen(plan), ...ofAnybody(plan), ...inTheQuery(plan)];
}

function inTheOpen({ provider }: JwtPlan): PolicyWarning[] {
  return (["jwks", "discovery"] as const).flatMap((at): PolicyWarning[] => {
    const address = provider?.[at];
    if (!address || address.upstream !== null || address.scheme === "https" || OWN.test(address.authority)) return [];
    const message = "who is on the way there can answer with keys of his own, and make every token";
    return [{ at: [at], message, seen: address.to + address.path, remedy: "an https URL" }];
  });
}

function ofAnybody({ issuer, provider }: JwtPlan): PolicyWarning[] {
  if (provider === undefined || issuer.length > 0) return [];
  const message = "with these keys, whoever they belong to, the tokens of every issuer are good";
  return [{ at: ["jwks"], message, remedy: 'issuer: "https://id.example"' }];
}

function inTheQuery({ in: places }: JwtPlan): PolicyWarning[] {
  return places.flatMap((place, i): PolicyWarning[] => {
    if (!place.startsWith("query:")) return [];
    const message = "a token in the query ends up in the logs and histories of everybody who sees the URL";
    return [{ at: places.length === 1 ? ["in"] : ["in", i], message, seen: place, remedy: '"header:authorization"' }];
  });
}

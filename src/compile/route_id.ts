/** Names of routes that were given none. @module */

import type { Match } from "../routing/predicate.ts";
import type { PredicatePlan } from "./plan.ts";

/** What an id is made of. */
export interface RouteIdParts {
  readonly methods: readonly string[];
  readonly hosts: readonly string[];
  readonly path: string;
  readonly predicates: readonly PredicatePlan[];
}

/** `METHODS host path [predicates]`, absent parts left out: `GET,PATCH api.example.com /users/:id [header:x-a=1]`. */
export function routeId({ methods, hosts, path, predicates }: RouteIdParts): string {
  const parts = [methods.join(","), hosts.join(","), path];
  if (predicates.length > 0) parts.push(`[${predicates.map(predicateText).join(" ")}]`);
  return parts.filter((part) => part !== "").join(" ");
}

/** One predicate in few characters: `header:x-a=1`, `query:v~^2$`, `header:x-b`, `!query:c`, `tenant(header:x-user-id)=acme`. */
export function predicateText({ of, name, match }: PredicatePlan): string {
  const subject = of === "key" ? `tenant(${name})` : `${of}:${name}`;
  return "present" in match ? (match.present ? subject : `!${subject}`) : subject + matchText(match);
}

function matchText(match: Exclude<Match, { present: boolean }>): string {
  return "regex" in match ? `~${match.regex}` : `=${match.oneOf.join("|")}`;
}

/** Whether what one way of a route's target has answered can reach who would have gone another. @module */

import { traitsOf } from "../../core/policy.ts";
import { parseTemplate } from "../../core/template.ts";
import type { Draft, DraftRoute } from "../draft.ts";
import type { DraftPolicy } from "../draft_chain.ts";
import type { Finding } from "../finding.ts";

/** What of a request is in its URL, which caches go by anyway, or the same for all of a route. */
const OF_THE_URL = /^(?:param|query):|^(?:route|global)$/;

/** What a target goes by. */
interface GoesBy {
  /** Its name, as routes have it. */
  readonly target: string;
  readonly key: string;
}

/** Caches that do not tell apart what splits and redirects behind them do. */
export function checkReusedTargets({ policies, routes }: Draft): Finding[] {
  const known = new Set<string>();
  return routes.flatMap((route) => {
    const caches = [...policies.policies, ...route.chain.policies].filter(({ policy }) =>
      traitsOf(policy).toldApartBy !== undefined
    );
    return goesBy(route).flatMap((way) =>
      caches.filter((cache) => !tells(cache, way)).map((cache) => mixed(cache, way))
    );
  }).filter(({ at, message }) => {
    const same = JSON.stringify([at, message]), isNew = !known.has(same);
    known.add(same);
    return isNew;
  });
}

function goesBy({ parsed }: DraftRoute): GoesBy[] {
  const { split, redirect } = parsed ?? {}, template = redirect === undefined ? undefined : parseTemplate(redirect.to);
  const forced = split?.to.flatMap(({ when }) => when === undefined ? [] : [`header:${when.header}`]) ?? [];
  const inserted = template === undefined || "error" in template ? [] : template.keys;
  return [
    ...[...new Set(forced)].map((key) => ({ target: "split", key })),
    ...[...new Set(inserted)].filter((key) => !OF_THE_URL.test(key)).map((key) => ({ target: "redirect", key })),
  ];
}

function tells({ policy }: DraftPolicy, { key }: GoesBy): boolean {
  const { toldApartBy = [] } = traitsOf(policy);
  return toldApartBy.includes(key.startsWith("header:") ? key.toLowerCase() : key);
}

function mixed({ at, policy: { kind } }: DraftPolicy, { target, key }: GoesBy): Finding {
  return {
    severity: "warning",
    at,
    message: `${target} goes by ${key}, and ${kind} before it does not: what one client is answered others get`,
    remedy: `vary with ${JSON.stringify(key)}`,
  };
}

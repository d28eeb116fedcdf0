/** How long an answer is fresh, and how old it is when it comes (RFC 9111 §4.2). @module */

import { parseHttpDate } from "../../../http/http_date.ts";
import type { CachePlan } from "../cache_plan.ts";
import type { ArrivedFields } from "./arrived_fields.ts";
import { LONGEST } from "./delta_seconds.ts";
import type { ResponseDirectives } from "./response_directives.ts";
import { isHeuristic } from "./statuses.ts";

/** What the rules have to go by. */
export interface Said {
  readonly status: number;
  readonly fields: ArrivedFields;
  readonly directives: ResponseDirectives;
  /** Whether the directives are those of a targeted field, so that `Expires` does not count (RFC 9213 §2.2). */
  readonly targeted: boolean;
  /** When the upstream made it, in milliseconds since 1970; `undefined`: it does not say. */
  readonly date: number | undefined;
  /** When it came, so too. */
  readonly wall: number;
}

/** The lifetime that the upstream gives, in milliseconds; 0 where it cannot be read; `null`: it gives none (RFC 9111 §4.2.1). */
export function explicitLifetime({ fields, directives, targeted, date, wall }: Said): number | null {
  const seconds = directives.sMaxAge ?? directives.maxAge;
  if (seconds !== null) return seconds;
  if (targeted || fields.expires === null) return null;
  const expires = parseHttpDate(fields.expires, wall);
  return expires === undefined ? 0 : Math.min(Math.max(0, expires - (date ?? wall)), LONGEST);
}

/**
 * The lifetime that the config gives where the upstream says nothing, reckoned from when the answer came; `null`: the
 * config says nothing either.
 */
export function configuredLifetime({ status }: Said, { defaultTtl, negativeTtl, statuses }: CachePlan): number | null {
  const negative = negativeTtl.get(status);
  if (negative !== undefined || defaultTtl === null) return negative ?? null;
  return (statuses === null ? isHeuristic(status) : statuses.includes(status)) ? defaultTtl : null;
}

/** A share of the time for which it had not changed when it was sent (RFC 9111 §4.2.2); 0 where that is not known. */
export function heuristicLifetime(
  { status, fields, directives, date, wall }: Said,
  { heuristic }: Pick<CachePlan, "heuristic">,
): number {
  if (heuristic === null || fields.lastModified === null) return 0;
  if (!directives.isPublic && !isHeuristic(status)) return 0;
  const modified = parseHttpDate(fields.lastModified, wall);
  if (modified === undefined) return 0;
  return Math.min(Math.max(0, ((date ?? wall) - modified) * heuristic.share), heuristic.max, LONGEST);
}

/**
 * Its age when it came (RFC 9111 §4.2.3): the one that its `Date` makes apparent, or the one that other caches tell and the
 * time that it took, whichever is more, up to what every cache can write as an `Age`. A clock of the upstream's that is
 * ahead makes nothing younger.
 *
 * @param delay milliseconds from asking to the head of the answer
 */
export function initialAge({ fields, date, wall }: Said, delay: number): number {
  // Dates are in whole seconds, so ours is one too: else each answer would seem to have come up to a second late.
  const apparent = date === undefined ? 0 : Math.floor(wall / 1000) * 1000 - date;
  return Math.min(Math.max(0, apparent, fields.age + Math.max(0, delay)), LONGEST);
}

/** What of a query tells one answer from another. @module */

import type { CacheQueryPlan } from "../cache_plan.ts";

/** Names that all servers read in the same way, with or without brackets: no escapes, no dots. */
const PLAIN = /^([\w-]+)(?:\[[\w-]*\])*$/;
const WILDCARD = "*";

/** The part of a query, with its `?`, that counts; `""` for none of it. */
export type QueryText = (query: string) => string;

/**
 * Prepares the choice. Whatever a server could read as something else than its name says at first sight stays where it
 * is: who could hide a parameter from the key and show it to the upstream would put an answer in another one's place.
 */
export function queryText({ allow, deny, sort }: CacheQueryPlan): QueryText {
  if (allow !== null && allow.length === 0) return () => "";
  const denied = namesOf(deny), allowed = allow === null ? null : namesOf(allow.map(baseOf));
  const counts = (pair: string): boolean => {
    if (pair === "") return false;
    // To some servers this begins another parameter.
    if (pair.includes(";")) return true;
    const name = nameOf(pair);
    if (denied(name)) return false;
    if (allowed === null) return true;
    const base = PLAIN.exec(name)?.[1];
    return base === undefined || allowed(base.toLowerCase());
  };
  return (query) => {
    if (query.length < 2) return query;
    const pairs: string[] = [];
    for (let start = 1; start <= query.length;) {
      const and = query.indexOf("&", start), end = and < 0 ? query.length : and, pair = query.slice(start, end);
      if (counts(pair)) pairs.push(pair);
      start = end + 1;
    }
    const inOrder = sort && pairs.length > 1 ? sorted(pairs) : pairs;
    return inOrder.length === 0 ? "" : `?${inOrder.join("&")}`;
  };
}

/** Values of one name keep their order, and so does everything where two names might be one. */
function sorted(pairs: readonly string[]): readonly string[] {
  const bases: string[] = [];
  let inOrder = true;
  for (let i = 0; i < pairs.length; i++) {
    const base = pairs[i].includes(";") ? undefined : PLAIN.exec(nameOf(pairs[i]))?.[1];
    if (base === undefined) return pairs;
    bases.push(base.toLowerCase());
    if (i > 0 && bases[i] < bases[i - 1]) inOrder = false;
  }
  if (inOrder) return pairs;
  const places = bases.map((_, i) => i).sort((a, b) => bases[a] < bases[b] ? -1 : bases[a] > bases[b] ? 1 : 0);
  return places.map((i) => pairs[i]);
}

/** A name of `allow` as names are compared: `ids[]` is `ids`. */
function baseOf(name: string): string {
  return name.split("[", 1)[0].toLowerCase();
}

function nameOf(pair: string): string {
  const equals = pair.indexOf("=");
  return equals < 0 ? pair : pair.slice(0, equals);
}

/** Whether a name is among these, of which some end in `*`. */
function namesOf(names: readonly string[]): (name: string) => boolean {
  const whole = new Set(names.filter((name) => !name.endsWith(WILDCARD)));
  const starts = names.filter((name) => name.endsWith(WILDCARD)).map((name) => name.slice(0, -WILDCARD.length));
  return (name) => {
    if (whole.has(name)) return true;
    for (let i = 0; i < starts.length; i++) if (name.startsWith(starts[i])) return true;
    return false;
  };
}

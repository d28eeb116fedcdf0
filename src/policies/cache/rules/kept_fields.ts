/** Which of an answer's fields are kept (RFC 9111 §3.1). @module */

import { RESPONSE_HOP } from "../../../http/hop_by_hop.ts";
import { formatHttpDate } from "../../../http/http_date.ts";

/** `age` is reckoned anew for each use. */
const NEVER_KEPT: ReadonlySet<string> = new Set([...RESPONSE_HOP, "age"]);
const BETWEEN_TAGS = /[\s,]+/;

/**
 * The fields without those of the connection and those that are for one client only, and with one `date`: when the answer
 * came, where it does not say (RFC 9110 §6.6.1).
 *
 * @param hasDate whether the first `date` is one
 * @param wall milliseconds since 1970
 */
export function keptFields(
  fields: readonly string[],
  withheld: readonly string[],
  hasDate: boolean,
  wall: number,
): string[] {
  const kept: string[] = [];
  let dated = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    if (NEVER_KEPT.has(name) || (withheld.length > 0 && withheld.includes(name))) continue;
    if (name === "date") {
      if (dated || !hasDate) continue;
      dated = true;
    }
    kept.push(name, fields[i + 1]);
  }
  if (!dated) kept.push("date", formatHttpDate(wall));
  return kept;
}

/** The tags in fields of these names, each once: lists with commas, as in `Cache-Tag`, or blanks, as in `Surrogate-Key`. */
export function tagsIn(fields: readonly string[], names: readonly string[]): readonly string[] {
  let tags: Set<string> | null = null;
  for (let i = 0; i < fields.length; i += 2) {
    if (!names.includes(fields[i])) continue;
    for (const tag of fields[i + 1].split(BETWEEN_TAGS)) if (tag !== "") (tags ??= new Set()).add(tag);
  }
  return tags === null ? NO_TAGS : [...tags];
}

const NO_TAGS: readonly string[] = Object.freeze([]);

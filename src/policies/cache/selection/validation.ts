/** Asking the upstream whether a kept answer is still good (RFC 9111 §4.3). @module */

import { FieldSet } from "../../../core/field_set.ts";
import { RESPONSE_HOP } from "../../../http/hop_by_hop.ts";
import type { StoredResponse } from "../stored_response.ts";
import { entityTag, isStrong, sameStrongly, sameWeakly } from "./entity_tag.ts";
import { strongModifiedAt } from "./modified_date.ts";
import { onlyValue } from "./only_value.ts";
import { withoutFields } from "./without_fields.ts";

/**
 * What a later answer does not change in a kept one (RFC 9111 §3.2): what is not kept at all, and what the kept bytes
 * depend on or is said of the later one's own.
 */
const UNCHANGED = new FieldSet([
  ...[...RESPONSE_HOP, "content-digest", "content-encoding", "content-length", "content-range"],
]);

/** Fields of the kept answer that end with the later one, whether it has them or not. */
const ENDED = new FieldSet(["age", "date"]);

const TAG = new FieldSet(["etag"]);

/**
 * The request fields that ask for another answer only if this one is no longer good: `[name, value, …]`, none where it has
 * nothing to tell it by. They take the place of the client's own.
 *
 * @param stored a part of a whole is only to be asked about by a request for a range within it (RFC 9111 §4.3.1)
 */
export function validators({ fields }: Pick<StoredResponse, "fields">): readonly string[] {
  const tag = entityTag(fields), modified = onlyValue(fields, "last-modified"), asked: string[] = [];
  if (tag !== null) asked.push("if-none-match", tag);
  if (modified !== null && modified !== "") asked.push("if-modified-since", modified);
  return asked;
}

/**
 * The fields of a kept answer after a 304 to a request with its {@link validators}, to be judged as if it had come now
 * with them.
 *
 * @param fields those of the 304, names in lower case
 * @param wall now, in ms since 1970
 * @returns `null` where the 304 is about another answer (RFC 9111 §4.3.4): then the kept one is not known to be good
 */
export function refreshedFields(stored: StoredResponse, fields: readonly string[], wall: number): string[] | null {
  if (!selects(fields, stored.fields, wall)) return null;
  const own = entityTag(stored.fields), tag = entityTag(fields);
  // The kept bytes do not become the very same because the upstream calls them so without having coded them.
  const weak = own !== null && !isStrong(own) && tag !== null && isStrong(tag);
  return updatedFields(stored.fields, weak ? withoutFields(fields, TAG) : fields);
}

/**
 * Whether a 304 speaks of the answer whose validators it was asked by. A strong tag is that of the very same answer; a
 * date that is strong may say so too, where the upstream codes what it sends, calls the tag of the result weak, and
 * forgets about that in a 304. A 304 that has no validator, as many servers send it, speaks of the one asked about.
 */
function selects(fields: readonly string[], kept: readonly string[], wall: number): boolean {
  const tag = entityTag(fields), own = entityTag(kept);
  const modified = onlyValue(fields, "last-modified"), ownModified = onlyValue(kept, "last-modified");
  if (tag === null) return modified === null || modified === ownModified;
  if (!sameWeakly(tag, own)) return false;
  return !isStrong(tag) || sameStrongly(tag, own) ||
    (modified === ownModified && strongModifiedAt(kept, wall) !== null);
}

/**
 * Whether a 200 to HEAD is about the kept answer to GET (RFC 9111 §4.3.5): then {@link updatedFields} are its fields from
 * now on; if not, it counts as stale.
 */
export function headAgrees({ fields, body, part }: StoredResponse, head: readonly string[]): boolean {
  for (let i = 0; i < head.length; i += 2) {
    const name = head[i], value = head[i + 1];
    if (name === "content-length" && value !== String(part?.length ?? body.length)) return false;
    if ((name === "etag" || name === "last-modified") && value !== onlyValue(fields, name)) return false;
  }
  return true;
}

/**
 * The fields of a kept answer with those of a later one about it, each of which takes the place of all of its name
 * (RFC 9111 §3.2). `Date` and `Age` are the later one's or nobody's.
 */
export function updatedFields(kept: readonly string[], later: readonly string[]): string[] {
  const updated: string[] = [], names = new Set<string>();
  for (let i = 0; i < later.length; i += 2) if (!UNCHANGED.has(later[i])) names.add(later[i]);
  for (let i = 0; i < kept.length; i += 2) {
    if (!names.has(kept[i]) && !ENDED.has(kept[i])) updated.push(kept[i], kept[i + 1]);
  }
  for (let i = 0; i < later.length; i += 2) if (names.has(later[i])) updated.push(later[i], later[i + 1]);
  return updated;
}

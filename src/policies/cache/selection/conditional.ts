/** Requests for an answer only if it is another than the client has (RFC 9111 §4.3.2). @module */

import { FieldSet } from "../../../core/field_set.ts";
import type { HeaderList } from "../../../core/header_list.ts";
import { parseHttpDate } from "../../../http/http_date.ts";
import type { StoredResponse } from "../stored_response.ts";
import { entityTag, namesTag } from "./entity_tag.ts";
import { onlyValue } from "./only_value.ts";

/** Conditions that a cache looks at. */
export const CONDITIONAL_FIELDS = new FieldSet(["if-none-match", "if-modified-since"]);

/** Conditions that are for the upstream: a request that has one is not answered here. */
export const UPSTREAM_CONDITIONS = new FieldSet(["if-match", "if-unmodified-since"]);

/** Fields without which a kept answer is given as it is: those above, and those that ask for a part. */
export const ASKING_FIELDS = new FieldSet([
  ...["if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range", "if-range"],
]);

/**
 * What describes the content that a 304 does not have (RFC 9110 §15.4.5). `Content-Location` is to be there nonetheless,
 * and so is what is no description of it, such as `Content-Security-Policy`.
 */
const DESCRIPTION = new FieldSet([
  ...["content-digest", "content-encoding", "content-language", "content-length", "content-md5", "content-range"],
  ...["content-type", "digest", "repr-digest"],
]);

/**
 * Whether a GET or HEAD that this answer would satisfy is to be told that the client has it already. `If-None-Match`
 * counts alone where it is there; an answer without `Last-Modified` counts as changed at its `Date`. What breaks the
 * grammar counts as not there.
 *
 * @param wall now, in ms since 1970: dates may be written with two digits for the year
 */
export function notModified(headers: HeaderList, { status, fields }: StoredResponse, wall: number): boolean {
  // Of others only the upstream knows whether a condition says anything about them (RFC 9111 §4.3.2).
  if (status !== 200 && status !== 206) return false;
  const tags = headers.get("if-none-match");
  if (tags !== null) return namesTag(tags, entityTag(fields));
  const since = headers.get("if-modified-since");
  if (since === null) return false;
  const changed = changedAt(fields);
  if (changed === null) return false;
  const asked = parseHttpDate(since, wall);
  if (asked === undefined) return false;
  // Clients send back what they were given, letter by letter.
  return since === changed || (parseHttpDate(changed, wall) ?? Infinity) <= asked;
}

/** When it was changed last: by `Last-Modified`, else by `Date`; `null` where that is not clear. */
function changedAt(fields: readonly string[]): string | null {
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] === "last-modified") return onlyValue(fields, "last-modified");
  }
  return onlyValue(fields, "date");
}

/** The fields of the 304 that is sent in the place of an answer. */
export function notModifiedFields(fields: readonly string[]): string[] {
  const kept: string[] = [], tagged = entityTag(fields) !== null;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    if (DESCRIPTION.has(name) || (tagged && name === "last-modified")) continue;
    kept.push(name, fields[i + 1]);
  }
  return kept;
}

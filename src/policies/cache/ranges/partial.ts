/** Parts of a whole that are kept (RFC 9111 §3.3, §3.4). @module */

import { Buffer } from "node:buffer";
import { FieldSet } from "../../../core/field_set.ts";
import { entityTag, isStrong, sameStrongly } from "../selection/entity_tag.ts";
import { onlyValue } from "../selection/only_value.ts";
import { updatedFields } from "../selection/validation.ts";
import { withoutFields } from "../selection/without_fields.ts";
import type { Freshness, StoredResponse } from "../stored_response.ts";
import type { ByteRange } from "./byte_ranges.ts";

/** Which part of a whole a body is: where it begins, and how long the whole is. */
export type Part = NonNullable<StoredResponse["part"]>;

/**
 * What is said of the bytes of one message (RFC 9110 §8.6, §14.4; RFC 9530 §2; RFC 2616 §14.15): of more of the whole, or
 * less of it, it is wrong.
 */
export const OF_THESE_BYTES = new FieldSet(["content-length", "content-range", "content-digest", "content-md5"]);

/** `bytes 0-499/1234`; without the length of the whole there is nothing to reckon with. */
const CONTENT_RANGE = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i;

/** Which bytes of a whole, and of how long a one, an answer says that it has; `null` where that makes no sense. */
export function contentRange(fields: readonly string[]): ByteRange & { readonly length: number } | null {
  const value = onlyValue(fields, "content-range"), match = value === null ? null : CONTENT_RANGE.exec(value);
  if (match === null) return null;
  const first = Number(match[1]), last = Number(match[2]), length = Number(match[3]);
  return first <= last && last < length ? { first, last, length } : null;
}

/**
 * What part of a whole an answer has.
 *
 * @param bodyLength bytes that have come
 * @returns `null` where that cannot be told for certain, or what is said of it does not fit together: then it is not to be kept
 */
export function partOf(status: number, fields: readonly string[], bodyLength: number): Part | null {
  const range = status === 206 ? contentRange(fields) : null;
  if (range === null || range.last - range.first + 1 !== bodyLength) return null;
  return { first: range.first, length: range.length };
}

/** Bytes of the whole that an answer is, or is a part of. */
export function wholeLength({ part, body }: StoredResponse): number {
  return part === null ? body.length : part.length;
}

/** Whether all of these ranges are in what is kept. */
export function hasRanges({ part, body }: StoredResponse, ranges: readonly ByteRange[]): boolean {
  const start = part === null ? 0 : part.first, end = start + body.length;
  return ranges.every(({ first, last }) => start <= first && last < end);
}

/** What is missing of the whole; `null` where nothing is, or something at both ends. */
export function missingRange({ part, body }: StoredResponse): ByteRange | null {
  if (part === null) return null;
  const end = part.first + body.length;
  if (part.first === 0) return end === part.length ? null : { first: end, last: part.length - 1 };
  return end === part.length ? { first: 0, last: part.first - 1 } : null;
}

/**
 * The request fields that ask the upstream for what is missing, or for the whole where it is another by now.
 *
 * @returns `null` where the two could not be put together
 */
export function completingFields(stored: StoredResponse): readonly string[] | null {
  const missing = missingRange(stored), tag = entityTag(stored.fields);
  if (missing === null || tag === null || !isStrong(tag)) return null;
  const last = missing.first === 0 ? String(missing.last) : "";
  return ["range", `bytes=${missing.first}-${last}`, "if-range", tag];
}

/**
 * Two parts of the same whole as one, or as the whole. Of what they say on how long they are good the stricter counts.
 *
 * @param later the one that came later: its fields count where both have them
 * @returns `null` where they are not known to be of the same whole, or something is missing between them
 */
export function combined(kept: StoredResponse, later: StoredResponse): StoredResponse | null {
  const one = kept.part, other = later.part;
  if (one === null || other === null || one.length !== other.length) return null;
  if (!sameStrongly(entityTag(kept.fields), entityTag(later.fields))) return null;
  const body = joined(kept.body, one.first, later.body, other.first);
  if (body === null) return null;
  const first = Math.min(one.first, other.first), length = one.length;
  const fields = withoutFields(updatedFields(kept.fields, later.fields), OF_THESE_BYTES);
  const whole = body.length === length;
  if (whole) fields.push("content-length", String(length));
  else fields.push("content-range", `bytes ${first}-${first + body.length - 1}/${length}`);
  return {
    status: whole ? 200 : 206,
    fields,
    body,
    part: whole ? null : { first, length },
    receivedAt: later.receivedAt,
    took: later.took,
    freshness: stricter(kept.freshness, later.freshness),
    vary: union(kept.vary, later.vary),
    tags: union(kept.tags, later.tags),
  };
}

/** One body of two that touch or overlap; `null` where they do not, or differ in what both have. */
function joined(one: Uint8Array, oneAt: number, other: Uint8Array, otherAt: number): Uint8Array | null {
  const oneEnd = oneAt + one.length, otherEnd = otherAt + other.length;
  const from = Math.max(oneAt, otherAt), to = Math.min(oneEnd, otherEnd);
  if (from > to) return null;
  if (!same(one.subarray(from - oneAt, to - oneAt), other.subarray(from - otherAt, to - otherAt))) return null;
  const first = Math.min(oneAt, otherAt), body = new Uint8Array(Math.max(oneEnd, otherEnd) - first);
  body.set(one, oneAt - first);
  body.set(other, otherAt - first);
  return body;
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function stricter(kept: Freshness, later: Freshness): Freshness {
  return {
    initialAge: later.initialAge,
    lifetime: Math.min(kept.lifetime, later.lifetime),
    staleWhileRevalidate: Math.min(kept.staleWhileRevalidate, later.staleWhileRevalidate),
    staleIfError: Math.min(kept.staleIfError, later.staleIfError),
    mustRevalidate: kept.mustRevalidate || later.mustRevalidate,
    noCache: kept.noCache || later.noCache,
    immutable: kept.immutable && later.immutable,
  };
}

function union(one: readonly string[], other: readonly string[]): readonly string[] {
  return [...new Set([...one, ...other])].sort();
}

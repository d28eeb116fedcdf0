/** Entity tags (RFC 9110 §8.8.3). @module */

import { onlyValue } from "./only_value.ts";

/** `W/"a"`; the tag is case-sensitive, and has no escapes. */
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/** One member of a list of tags, and what stands before the next. */
const MEMBER = /[ \t]*(?:(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y;

/** The tag of an answer, `null` where it has none that is well formed. */
export function entityTag(fields: readonly string[]): string | null {
  const value = onlyValue(fields, "etag");
  return value !== null && ENTITY_TAG.test(value) ? value : null;
}

/** Whether the tag stands for these very bytes (RFC 9110 §8.8.1). */
export function isStrong(tag: string): boolean {
  return !tag.startsWith("W/");
}

/** Whether both are strong and the same (RFC 9110 §8.8.3.2). */
export function sameStrongly(one: string | null, other: string | null): boolean {
  return one !== null && one === other && isStrong(one);
}

/** Whether they are the same but for being weak (RFC 9110 §8.8.3.2). */
export function sameWeakly(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && opaque(one) === opaque(other);
}

/**
 * Whether a value of `If-None-Match` names this tag, be it as a weak one, or is `*`.
 *
 * @param tag of the answer, `null` where it has none
 * @returns false where the value breaks the grammar before the tag is met: then the condition says nothing
 */
export function namesTag(value: string, tag: string | null): boolean {
  if (value === "*") return true;
  if (tag === null) return false;
  if (value === tag) return true;
  const wanted = opaque(tag);
  for (let at = 0; at < value.length; at = MEMBER.lastIndex) {
    MEMBER.lastIndex = at;
    const match = MEMBER.exec(value);
    if (match === null) return false;
    if (match[1] === wanted) return true;
  }
  return false;
}

function opaque(tag: string): string {
  return isStrong(tag) ? tag : tag.slice(2);
}

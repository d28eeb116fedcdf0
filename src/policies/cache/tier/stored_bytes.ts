/** Answers as bytes, for a store that others read. @module */

import type { TierValue } from "../../../core/cache_tier.ts";
import { isFieldValue } from "../../../core/header_list.ts";
import { isToken } from "../../../http/token.ts";
import { ageAt, type Freshness, type StoredResponse } from "../stored_response.ts";
import { type IsCompressible, packBody, unpackBody } from "./packed_body.ts";

/** Of how an answer is written: what was written in another way is not read. */
const VERSION = 1;
/** Bytes. A longer body stays in the first tier: on its way, it would keep others waiting for longer than they wait. */
export const LARGEST_BODY = 1024 * 1024;
/** Version, and the length of the head. */
const LEAD = 5;

/** What stands before the body, as JSON. */
interface Head {
  readonly status: number;
  readonly fields: readonly string[];
  readonly part: StoredResponse["part"];
  readonly took: number;
  /** Its age when it was written. */
  readonly age: number;
  readonly freshness: Omit<Freshness, "initialAge">;
  readonly vary: readonly string[];
  readonly tags: readonly string[];
  readonly coding: string;
  readonly length: number;
}

/**
 * Writes an answer. There is no time in it: it says how old the answer is, and the store how long ago that was, so that
 * nobody's clock has to agree with another's.
 */
export function storedBytes(stored: StoredResponse, now: number, isCompressible: IsCompressible): Uint8Array {
  const { status, fields, body, part, took, freshness: { initialAge: _, ...freshness }, vary, tags } = stored;
  const { coding, bytes } = packBody(body, fields, isCompressible);
  const age = ageAt(stored, now), length = body.length;
  const head: Head = { status, fields, part, took, age, freshness, vary, tags, coding, length };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const all = new Uint8Array(LEAD + text.length + bytes.length);
  all[0] = VERSION;
  new DataView(all.buffer).setUint32(1, text.length);
  all.set(text, LEAD);
  all.set(bytes, LEAD + text.length);
  return all;
}

/**
 * Reads an answer. After a soft purge it is stale since then, as {@link madeStale} has it.
 *
 * @returns `null` for what is none, or was written by another version
 */
export function readStored({ bytes, age, stale }: TierValue, now: number): StoredResponse | null {
  try {
    if (bytes[0] !== VERSION) return null;
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(1);
    const head: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(LEAD, LEAD + length)));
    if (!isHead(head)) return null;
    const { status, fields, part, took, vary, tags, coding } = head, initialAge = head.age + age;
    const lifetime = stale === null ? head.freshness.lifetime : Math.min(head.freshness.lifetime, initialAge - stale);
    const body = unpackBody({ coding, bytes: bytes.subarray(LEAD + length) }, head.length);
    const freshness: Freshness = { ...head.freshness, initialAge, lifetime };
    return { status, fields, body, part, receivedAt: now, took, freshness, vary, tags };
  } catch {
    return null;
  }
}

/** As far as it could otherwise break something: whatever the bytes are, what is given of them is an answer. */
function isHead(value: unknown): value is Head {
  if (typeof value !== "object" || value === null) return false;
  const { status, fields, part, took, age, freshness, vary, tags, length } = value as Partial<Record<string, unknown>>;
  return isWhole(status) && status >= 200 && status <= 599 && isFields(fields) && isTexts(vary) &&
    vary.every(isToken) &&
    isTexts(tags) && isDuration(took) && isDuration(age) && isWhole(length) && length <= LARGEST_BODY && isPart(part) &&
    isFreshness(freshness);
}

function isFields(value: unknown): boolean {
  return isTexts(value) && value.length % 2 === 0 &&
    value.every((text, i) => i % 2 === 0 ? isToken(text) : isFieldValue(text));
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && value as number >= 0;
}

function isDuration(value: unknown): boolean {
  return Number.isFinite(value) && value as number >= 0;
}

function isPart(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return value === null;
  const { first, length } = value as NonNullable<StoredResponse["part"]>;
  return isWhole(first) && isWhole(length);
}

function isFreshness(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { lifetime, staleWhileRevalidate, staleIfError, mustRevalidate, noCache, immutable } = value as Freshness;
  return [lifetime, staleWhileRevalidate, staleIfError].every(isDuration) &&
    [mustRevalidate, noCache, immutable].every((flag) => typeof flag === "boolean");
}

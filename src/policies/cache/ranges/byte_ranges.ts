/** The field `Range` (RFC 9110 §14.2). @module */

import { listMembers } from "../selection/list_members.ts";

/** Bytes from the first to the last, both included, counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** More at once are asked for by nobody who means well (RFC 9110 §17.15). */
const MOST_RANGES = 16;
/** Room for that many, with numbers as large as they are in any content. */
const LONGEST = 1_024;
/** What a part of a multipart answer costs beside its bytes, roughly (RFC 9110 §15.3.7.2). */
const PART_COSTS = 80;

const UNIT = /^bytes=/i;
/** `0-499`, `500-`, `-500`. */
const RANGE_SPEC = /^(?:(\d+)-(\d*)|-(\d+))$/;

/**
 * The parts of a whole that are asked for, in the order of the request.
 *
 * @param value of `Range`
 * @param length of the whole, in bytes
 * @returns `"unsatisfiable"` where nothing of the whole is in them; `"ignore"` where the whole is the better answer: the
 * value breaks the grammar or has another unit, there are too many ranges, some overlap, or all of them together cost
 * more than the whole
 */
export function byteRanges(value: string, length: number): readonly ByteRange[] | "unsatisfiable" | "ignore" {
  // No range can be written of a whole without content.
  if (length === 0 || value.length > LONGEST || !UNIT.test(value)) return "ignore";
  const ranges: ByteRange[] = [];
  let asked = 0;
  for (const spec of listMembers(value.slice("bytes=".length))) {
    if (spec === "") continue;
    const range = ++asked > MOST_RANGES ? null : readRange(spec, length);
    if (range === null) return "ignore";
    if (range.first <= range.last) ranges.push(range);
  }
  if (ranges.length < 2) return ranges.length === 1 ? ranges : asked === 0 ? "ignore" : "unsatisfiable";
  return worthwhile(ranges, length) ? ranges : "ignore";
}

/** Numbers may have any number of digits: those that are too large are beyond every end. @returns an empty range for one beyond the whole, `null` for an invalid one */
function readRange(spec: string, length: number): ByteRange | null {
  const match = RANGE_SPEC.exec(spec);
  if (match === null) return null;
  const [, from, to, suffix] = match;
  if (suffix !== undefined) return { first: Math.max(0, length - Number(suffix)), last: length - 1 };
  const first = Number(from), last = to === "" ? Infinity : Number(to);
  return last < first ? null : { first, last: Math.min(last, length - 1) };
}

function worthwhile(ranges: readonly ByteRange[], length: number): boolean {
  const sorted = [...ranges].sort((one, other) => one.first - other.first);
  let costs = 0, before = -1;
  for (const { first, last } of sorted) {
    if (first <= before) return false;
    before = last;
    costs += last - first + 1 + PART_COSTS;
  }
  return costs < length;
}

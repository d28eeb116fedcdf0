/** `Last-Modified` as a validator (RFC 9110 §8.8.2). @module */

import { parseHttpDate } from "../../../http/http_date.ts";
import { onlyValue } from "./only_value.ts";

/** The resolution of such dates: what was changed twice within it has one date for two contents. */
const RESOLUTION = 1_000;

/**
 * The value of `Last-Modified` as a time, where it tells contents apart for certain: the answer was made at least a second
 * later (RFC 9110 §8.8.2.2).
 *
 * @param fields of the answer
 * @param wall now, in ms since 1970: dates may be written with two digits for the year
 */
export function strongModifiedAt(fields: readonly string[], wall: number): number | null {
  const modified = timeIn(fields, "last-modified", wall), date = timeIn(fields, "date", wall);
  return modified !== null && date !== null && date - modified >= RESOLUTION ? modified : null;
}

function timeIn(fields: readonly string[], name: string, wall: number): number | null {
  const value = onlyValue(fields, name);
  return value === null ? null : parseHttpDate(value, wall) ?? null;
}

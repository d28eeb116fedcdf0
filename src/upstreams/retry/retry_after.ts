/** `Retry-After` of an answer (RFC 9110 §10.2.3). @module */

const SECONDS = /^\d+$/;
/** The three forms of a date (RFC 9110 §5.6.7). The runtime would take much else for one, and C's form for local time. */
const DATE = /^[A-Z][a-z]+, [\w -]+ \d\d:\d\d:\d\d GMT$/;
const DATE_OF_C = /^[A-Z][a-z]+ [A-Z][a-z]+ [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

/**
 * Milliseconds that the endpoint asks to be left alone for; 0 where it says nothing, or nothing that can be read.
 *
 * @param value the field's value: seconds, or a date
 * @param wall milliseconds since 1970
 */
export function retryAfter(value: string | null, wall: number): number {
  if (value === null) return 0;
  if (SECONDS.test(value)) return Number(value) * 1_000;
  const date = DATE.test(value) ? value : DATE_OF_C.test(value) ? `${value} GMT` : "";
  // What is no date is not later than anything.
  return Math.max(0, Date.parse(date) - wall) || 0;
}

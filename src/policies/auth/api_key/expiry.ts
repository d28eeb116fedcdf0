/** When keys expire. @module */

import type { z } from "zod";
import { Refusal } from "../../../settings/scalar.ts";
import { text } from "../../../settings/text.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** RFC 3339 §5.6. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970. A date alone is its first moment, in UTC. */
export function readInstant(text: string): number | Refusal {
  const ms = DATE.test(text) || DATE_TIME.test(text) ? Date.parse(text) : NaN;
  // The runtime takes the 30th of February for the 2nd of March.
  const isDay = !Number.isNaN(ms) &&
    new Date(`${text.slice(0, 10)}T00:00:00Z`).toISOString().startsWith(text.slice(0, 10));
  return isDay ? ms : new Refusal('expected a date such as "2030-01-31" or "2030-01-31T12:00:00Z"');
}

/** A moment, as milliseconds since 1970. */
export function instant(): z.ZodType<number, unknown> {
  return text<number>({
    expected: 'a date such as "2030-01-31"',
    json: { pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?$" },
    read: readInstant,
  });
}

/** Statuses of answers as settings. @module */

import type { z } from "zod";
import { Refusal, scalar } from "../../settings/scalar.ts";

/** First and last. */
export type StatusRange = readonly [from: number, to: number];

const FIRST = 200, LAST = 599;
const CLASS = /^([2-5])xx$/;
const EXPECTED = 'a status such as 204, a class such as "2xx", or a range such as [200, 299]';

/** One status, all of a class, or all from one to another. Answers under way, from 100 to 199, are none. */
export function statusRange(): z.ZodType<StatusRange, unknown> {
  const status = { type: "integer", minimum: FIRST, maximum: LAST };
  const isStatus = (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= FIRST && Number(value) <= LAST;
  return scalar<StatusRange>({
    expected: EXPECTED,
    json: {
      anyOf: [status, { type: "string", pattern: CLASS.source }, {
        type: "array",
        items: status,
        minItems: 2,
        maxItems: 2,
      }],
    },
    parse(value) {
      if (isStatus(value)) return [value, value];
      if (typeof value === "number") return new Refusal(`expected a status from ${FIRST} to ${LAST}`);
      if (Array.isArray(value)) {
        const [from, to] = value;
        if (value.length !== 2 || !isStatus(from) || !isStatus(to)) {
          return new Refusal(`a range is two statuses from ${FIRST} to ${LAST}`, "[200, 299]");
        }
        return from <= to ? [from, to] : new Refusal("a range begins with the lower status", `[${to}, ${from}]`);
      }
      if (typeof value !== "string") return undefined;
      const found = CLASS.exec(value);
      if (found !== null) return [Number(found[1]) * 100, Number(found[1]) * 100 + 99];
      return new Refusal(`expected ${EXPECTED}`, meant(value, isStatus));
    },
  });
}

function meant(text: string, isStatus: (value: unknown) => boolean): string | undefined {
  if (isStatus(Number(text))) return `${Number(text)}, without quotes`;
  if (CLASS.test(text.toLowerCase())) return `"${text.toLowerCase()}"`;
  const ends = /^(\d{3})\s*-\s*(\d{3})$/.exec(text);
  return ends === null ? undefined : `[${ends[1]}, ${ends[2]}]`;
}

/** Numbers within bounds. @module */

import type { z } from "zod";
import { Refusal, scalar } from "./scalar.ts";

/** A whole number from `min` to `max`, both included. */
export function wholeNumber(min: number, max: number): z.ZodType<number, unknown> {
  return numberWhere("a whole number", "integer", min, max, Number.isInteger);
}

/** A share of the requests, against others' of the same kind: a whole number from `min` to 1000. */
export function weightFrom(min: number): z.ZodType<number, unknown> {
  return numberWhere("a whole number", "integer", min, 1000, Number.isInteger, (value) => {
    const percent = Math.round(100 * value);
    return value > 0 && value < 1 && percent > 0 ? `a whole number such as ${percent}` : undefined;
  });
}

/** A number from `min` to `max`, both included. */
export function numberBetween(min: number, max: number): z.ZodType<number, unknown> {
  return numberWhere("a number", "number", min, max, () => true);
}

/** A number above 0, up to 1. */
export function shareAboveZero(): z.ZodType<number, unknown> {
  const expected = "a number above 0, up to 1", fits = (value: number) => value > 0 && value <= 1;
  return scalar<number>({
    expected,
    json: { type: "number", exclusiveMinimum: 0, maximum: 1 },
    parse: (value) => typeof value !== "number" ? undefined : fits(value) ? value : new Refusal(`expected ${expected}`),
    remedy: (value) => withoutQuotes(value, fits),
  });
}

function numberWhere(
  what: string,
  type: "integer" | "number",
  min: number,
  max: number,
  test: (value: number) => boolean,
  meant: (value: number) => string | undefined = () => undefined,
): z.ZodType<number, unknown> {
  const expected = `${what} ${max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`}`;
  const fits = (value: number) => value >= min && value <= max && test(value);
  return scalar<number>({
    expected,
    json: { type, minimum: min, ...(max === Number.MAX_SAFE_INTEGER ? {} : { maximum: max }) },
    parse: (value) =>
      typeof value !== "number" ? undefined : fits(value) ? value : new Refusal(`expected ${expected}`, meant(value)),
    remedy: (value) => withoutQuotes(value, fits),
  });
}

/** The number that a text was meant to be. */
function withoutQuotes(value: unknown, fits: (value: number) => boolean): string | undefined {
  return typeof value === "string" && value.trim() !== "" && fits(Number(value))
    ? `${Number(value)}, without quotes`
    : undefined;
}

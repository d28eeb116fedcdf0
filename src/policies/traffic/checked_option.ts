/** One value among a policy's options, checked by a function that knows what to write instead. @module */

import { z } from "zod";

/** What is taken, and what is said of the rest. */
export interface OptionRule<T> {
  /** What stands after "expected": `a number from 0 to 1`. */
  readonly expected: string;
  /** Its JSON Schema. */
  readonly json: Readonly<Record<string, unknown>>;
  /** The value, or `undefined` where it cannot be taken. */
  read(written: unknown): T | undefined;
  /** What to write instead. */
  remedy(written: unknown): string;
}

/** A schema with one message for whatever is wrong. Its issue carries `params.remedy`. */
export function checkedOption<T>({ expected, json, read, remedy }: OptionRule<T>): z.ZodType<T, unknown> {
  return z.unknown().meta(json).transform((input, context): T => {
    const value = read(input);
    if (value !== undefined) return value;
    const message = `${input === undefined ? "this is missing: " : ""}expected ${expected}`;
    context.issues.push({ code: "custom", input, message, params: { remedy: remedy(input) } });
    return z.NEVER;
  });
}

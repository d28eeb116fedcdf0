/** Texts. @module */

import type { z } from "zod";
import { Refusal, scalar } from "./scalar.ts";

/** What a text is, besides being one. */
export interface TextOptions<T> {
  /** What stands after "expected": `a host name`. */
  readonly expected: string;
  readonly json?: Readonly<Record<string, unknown>>;
  /** What to write in place of a value of another kind. */
  remedy?(value: unknown): string | undefined;
  /** What the text becomes, or why it cannot be taken. It is not empty. */
  read(text: string): T | Refusal;
}

/** A text that is not empty and that `read` takes. */
export function text<T>({ expected, json, remedy, read }: TextOptions<T>): z.ZodType<T, unknown> {
  return scalar<T>({
    expected,
    json: { type: "string", minLength: 1, ...json },
    remedy,
    parse(value) {
      if (typeof value !== "string") return undefined;
      return value === "" ? new Refusal(`this is empty: expected ${expected}`) : read(value);
    },
  });
}

/** A text that is not empty, as it is. */
export function plainText(expected: string): z.ZodType<string, unknown> {
  return text({ expected, read: (value) => value });
}

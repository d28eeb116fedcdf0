/** Values of one piece, checked by a function that knows what to write instead. @module */

import { z } from "zod";

/** Why a value of the right kind cannot be taken. Both texts go into the issue as they are. */
export class Refusal {
  constructor(readonly message: string, readonly remedy?: string) {}
}

/** What a scalar is. */
export interface Scalar<T> {
  /** What stands after "expected": `a duration such as "250ms"`. */
  readonly expected: string;
  /** Its JSON Schema. */
  readonly json: { readonly type?: string } & Readonly<Record<string, unknown>>;
  /** The value, why it is refused, or `undefined` when it is of another kind altogether. */
  parse(value: unknown): T | Refusal | undefined;
  /** What to write in place of a value of another kind. */
  remedy?(value: unknown): string | undefined;
}

/** A schema whose messages are its own. The zod schema alone is public: unions, defaults and descriptions go on from it. */
export function scalar<T>({ expected, json, parse, remedy }: Scalar<T>): z.ZodType<T, unknown> {
  return z.unknown().meta(json).transform((input, context): T => {
    const result = parse(input);
    if (result instanceof Refusal) {
      context.issues.push({ code: "custom", input, message: result.message, params: { remedy: result.remedy } });
    } else if (result === undefined) {
      const params = { mismatch: true, remedy: remedy?.(input) };
      context.issues.push({ code: "custom", input, message: expectedText(expected, input), params });
    } else {
      return result;
    }
    return z.NEVER;
  });
}

/** `expected …`, or that nothing is there. */
export function expectedText(expected: string, input: unknown): string {
  return input === undefined ? `this is missing: expected ${expected}` : `expected ${expected}`;
}

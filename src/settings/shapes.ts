/** Settings and lists: the two shapes that hold others. @module */

import { z } from "zod";
import { expectedText } from "./scalar.ts";

/** Settings in braces; keys that are not in `shape` are errors. `expected` says what they are, in messages. */
export function settings<S extends z.core.$ZodLooseShape>(expected: string, shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape, { error: mismatch(expected) });
}

/** A list. `empty` is the message for one without entries, where it needs some. */
export function listOf<E extends z.ZodType>(expected: string, element: E, empty?: string): z.ZodArray<E> {
  const list = z.array(element, { error: mismatch(expected) });
  return empty === undefined ? list : list.min(1, { error: empty });
}

/** One of several shapes. `expected` names them all, for a value that is none of them. */
export function oneOfShapes<const O extends readonly z.ZodType[]>(expected: string, options: O): z.ZodUnion<O> {
  return z.union(options, { error: (issue) => expectedText(expected, issue.input) });
}

/** One, or a list of them, as a list. `empty` is the message for a list without entries. */
export function oneOrMore<T>(expected: string, one: z.ZodType<T, unknown>, empty: string): z.ZodType<T[], unknown> {
  return oneOfShapes(`${expected}, or a list of them`, [
    one.transform((value) => [value]),
    listOf("a list", one, empty),
  ]);
}

/** What may be switched off by `false`, which becomes `null`. */
export function orOff<T>(expected: string, schema: z.ZodType<T, unknown>): z.ZodType<T | null, unknown> {
  return oneOfShapes(`${expected}, or false`, [schema, z.literal(false).transform(() => null)]);
}

/** A value that stands in a setting, and what is wrong with it beside the others. */
export interface Misfit {
  /** From the setting on: `["maxEjectFor"]`. */
  readonly path: (string | number)[];
  readonly message: string;
  readonly remedy?: string;
  /** Whether the key is wrong, not what stands there. @default false */
  readonly onKey?: boolean;
}

/** Reports values that do not go together, inside a transform. */
export function report(context: z.core.$RefinementCtx, input: unknown, misfits: readonly Misfit[]): void {
  for (const { path, message, remedy, onKey = false } of misfits) {
    context.issues.push({ code: "custom", input, path, message, params: { remedy, onKey } });
  }
}

function mismatch(expected: string): z.core.$ZodErrorMap {
  return (issue) => issue.code === "invalid_type" ? expectedText(expected, issue.input) : undefined;
}

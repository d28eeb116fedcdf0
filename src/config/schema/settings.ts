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

function mismatch(expected: string): z.core.$ZodErrorMap {
  return (issue) => issue.code === "invalid_type" ? expectedText(expected, issue.input) : undefined;
}

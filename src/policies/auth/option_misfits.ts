/** What is wrong with an option beside the others. @module */

import type { Misfit } from "../../settings/shapes.ts";

/** An option that means nothing beside the others. */
export function alone(option: string, message: string, remedy: string): Misfit {
  return { path: [option], message, remedy, onKey: true };
}

/**
 * Members of a list that stand there before.
 *
 * @param thing what each of them is, in a word
 */
export function twice(option: string, thing: string, values: readonly string[]): Misfit[] {
  return values.flatMap((value, i) =>
    values.indexOf(value) < i
      ? [{ path: [option, i], message: `this ${thing} is here twice`, remedy: `each ${thing} once` }]
      : []
  );
}

/** Lists in which nothing stands twice. @module */

import type { z } from "zod";
import { type Misfit, report } from "../../settings/shapes.ts";

/** The list, if each of its entries is another one. */
export function eachOnce<T extends string>(list: z.ZodType<T[], unknown>): z.ZodType<T[], unknown> {
  return list.superRefine((entries, context) =>
    report(
      context,
      entries,
      entries.flatMap((entry, i): Misfit[] =>
        entries.indexOf(entry) === i ? [] : [{ path: [i], message: "this stands here already", remedy: "each once" }]
      ),
    )
  );
}

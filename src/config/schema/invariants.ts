/** Invariants that a config states. @module */

import type { z } from "zod";
import type { Invariant } from "../../core/invariant.ts";
import { functionOption } from "../../settings/function_option.ts";
import { listOf, settings } from "../../settings/shapes.ts";
import { plainText } from "../../settings/text.ts";

const invariant: z.ZodType<Invariant, unknown> = settings("an invariant such as { name, assert }", {
  name: plainText("what must hold, in words").describe("What is said of a route that breaks it."),
  assert: functionOption<Invariant["assert"]>({
    expected: "a function, which only a config in TypeScript can have",
  }),
});

/** What must hold for each route. */
export const invariantsSchema = listOf("a list of invariants", invariant).prefault([])
  .describe("What must hold for each route; a config in TypeScript only.");

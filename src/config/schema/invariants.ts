/** Invariants that a config states. @module */

import type { z } from "zod";
import type { Invariant } from "../../core/invariant.ts";
import { scalar } from "../../settings/scalar.ts";
import { listOf, settings } from "../../settings/shapes.ts";
import { plainText } from "../../settings/text.ts";

const invariant: z.ZodType<Invariant, unknown> = settings("an invariant such as { name, assert }", {
  name: plainText("what must hold, in words").describe("What is said of a route that breaks it."),
  assert: scalar<Invariant["assert"]>({
    expected: "a function, which only a config in TypeScript can have",
    json: {},
    parse: (value) => typeof value === "function" ? value as Invariant["assert"] : undefined,
  }),
});

/** What must hold for each route. */
export const invariantsSchema = listOf("a list of invariants", invariant).prefault([])
  .describe("What must hold for each route; a config in TypeScript only.");

/** What `optional` accepts. @module */

import type { z } from "zod";
import type { Policy } from "../../core/policy.ts";
import { settings } from "../../settings/shapes.ts";
import { memberSchema } from "./combined/members.ts";

/** The member, with its options as its own schema has made them. */
export interface OptionalPlan {
  readonly optional: Policy;
}

/** Schema of the options of `optional`. */
export const optionalSchema: z.ZodType<OptionalPlan, unknown> = settings("an identity policy", {
  optional: memberSchema("optional").describe("An identity policy. Those pass too who show it nothing."),
});

/** What `allOf` accepts. @module */

import type { z } from "zod";
import type { Policy } from "../../core/policy.ts";
import { settings } from "../../settings/shapes.ts";
import { membersSchema } from "./combined/members.ts";

/** The members, with their options as their own schemas have made them. */
export interface AllOfPlan {
  readonly allOf: readonly Policy[];
}

/** Schema of the options of `allOf`. */
export const allOfSchema: z.ZodType<AllOfPlan, unknown> = settings("a list of identity policies", {
  allOf: membersSchema("allOf").describe("Identity policies. Each must find its credential good."),
});

/** What `anyOf` accepts. @module */

import type { z } from "zod";
import type { Policy } from "../../core/policy.ts";
import { settings } from "../../settings/shapes.ts";
import { membersSchema } from "./combined/members.ts";

/** The members, with their options as their own schemas have made them. */
export interface AnyOfPlan {
  readonly anyOf: readonly Policy[];
}

/** Schema of the options of `anyOf`. */
export const anyOfSchema: z.ZodType<AnyOfPlan, unknown> = settings("a list of identity policies", {
  anyOf: membersSchema("anyOf").describe("Identity policies. One good credential is enough."),
});

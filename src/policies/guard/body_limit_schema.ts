/** What `bodyLimit` accepts. @module */

import type { z } from "zod";
import { settings } from "../../settings/shapes.ts";
import { size } from "../../settings/size.ts";

/** The options as they are checked. */
export interface BodyLimitPlan {
  /** Bytes. */
  readonly max: number;
}

/** Schema of the options of `bodyLimit`. One pebibyte is more than any body has. */
export const bodyLimitSchema: z.ZodType<BodyLimitPlan, unknown> = settings('settings such as { max: "1MiB" }', {
  max: size(0, 2 ** 50).describe("Longest request body; beyond it 413. 0: none at all."),
});

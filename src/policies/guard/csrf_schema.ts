/** What `csrf` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { flag } from "../../settings/flag.ts";
import { settings } from "../../settings/shapes.ts";
import { originsOption } from "./origin_option.ts";
import type { OriginsPlan } from "./origin_rule.ts";

/** The options as they are checked. */
export interface CsrfPlan {
  /** Beside the gateway's own. */
  readonly origins: OriginsPlan;
  readonly sameSite: boolean;
}

/** Schema of the options of `csrf`. */
export const csrfSchema: z.ZodType<CsrfPlan, unknown> = settings(
  'settings such as { origins: "https://app.example.com" }',
  {
    origins: originsOption(false).optional().describe("Other origins whose pages are trusted. Default: none."),
    sameSite: flag().prefault(false).describe(
      "Whether pages of the same site, such as other sub-domains, are trusted.",
    ),
  },
).transform(({ origins = [], sameSite }): CsrfPlan => ({ origins, sameSite }));

/** From the command line to a plan. @module */

import type { Plan } from "../compile/plan.ts";
import type { Issue } from "../core/issue.ts";
import type { SecretReader } from "../core/secret.ts";

/** What came of a config. */
export interface LoadedPlan {
  /** Where it came from, for messages: a file, or `--to http://…`. */
  readonly source: string;
  /** `null` when an issue is an error. */
  readonly plan: Plan | null;
  readonly issues: readonly Issue[];
  readonly secrets: SecretReader;
}

/** What `concurrencyLimit` accepts, with its defaults filled in. @module */

import type { z } from "zod";
import { isInBody } from "../../core/key.ts";
import { duration } from "../../settings/duration.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { Refusal } from "../../settings/scalar.ts";
import { settings } from "../../settings/shapes.ts";
import { type KeyOption, keySpec } from "../keys/key_spec.ts";

/** More than one process can have under way. */
export const MOST = 1_000_000;

/** The options as they are checked: durations in milliseconds. */
export interface ConcurrencyLimitPlan {
  readonly max: number;
  readonly queue: number;
  /** As it was written; there is none where nothing was. */
  readonly queueTimeout?: number;
  readonly key: KeyOption;
}

function uncountable(key: string): Refusal | null {
  if (key === "request:id") return new Refusal("each request has an id of its own: nothing would be counted", '"ip"');
  if (!isInBody(key)) return null;
  return new Refusal(`${key} is in the request's body, which is not waited for here`, '"header:…", "query:…" or "ip"');
}

/** Schema of the options of `concurrencyLimit`. */
export const concurrencyLimitSchema: z.ZodType<ConcurrencyLimitPlan, unknown> = settings(
  "settings such as { max: 100 }",
  {
    max: wholeNumber(1, MOST).describe("Most requests under way for each key."),
    queue: wholeNumber(0, MOST).prefault(0).describe("Most requests of each key that wait for a place."),
    queueTimeout: duration({ zero: false }).optional().describe("How long one may wait. Default: 1s."),
    key: keySpec(uncountable).prefault("global").describe(
      "What is counted by: a key, or the first of several that is there.",
    ),
  },
);

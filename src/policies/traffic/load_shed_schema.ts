/** What `loadShed` accepts, with its defaults filled in. @module */

import { z } from "zod";
import { choice } from "../../settings/choice.ts";
import { duration } from "../../settings/duration.ts";
import { keyWhere } from "../../settings/key_text.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { oneOfShapes, orOff, report, settings } from "../../settings/shapes.ts";
import { PRIORITIES, type Priority } from "./overload/priority.ts";

/** The options as they are checked: durations in milliseconds. */
export interface LoadShedPlan {
  /** `null`: it does not matter. */
  readonly maxEventLoopDelay: number | null;
  readonly maxInFlight?: number;
  readonly priority: Priority | PriorityPlan;
}

/** A priority that differs from request to request. */
export interface PriorityPlan {
  readonly by: string;
  readonly is: Readonly<Record<string, Priority>>;
  readonly otherwise: Priority;
}

const priority = choice(PRIORITIES);
const EXPECTED = 'settings such as { by: "route", is: { "/reports": "low" } }';

/** Schema of the options of `loadShed`. */
export const loadShedSchema: z.ZodType<LoadShedPlan, unknown> = settings("settings such as { maxInFlight: 500 }", {
  maxEventLoopDelay: orOff("a duration", duration({ zero: false, least: 10, most: 5_000 })).prefault("100ms")
    .describe("How late the event loop may be; false: it does not matter."),
  maxInFlight: wholeNumber(1, 1_000_000).optional()
    .describe("Most requests under way, of all that pass a loadShed with this setting. Default: no limit."),
  priority: oneOfShapes(`a priority, or ${EXPECTED}`, [
    priority,
    settings(EXPECTED, {
      by: keyWhere(() => null).describe("The key whose value says the priority."),
      is: z.record(z.string(), priority)
        .refine((is) => Object.keys(is).length > 0, { error: "at least one value is needed" }).describe(
          "Priorities by value.",
        ),
      otherwise: priority.prefault("normal").describe("Priority of every other value, and where there is none."),
    }),
  ]).prefault("normal").describe("What is shed first: low, then normal, then high, and critical last."),
}).superRefine(({ maxEventLoopDelay, maxInFlight }, context) => {
  if (maxEventLoopDelay !== null || maxInFlight !== undefined) return;
  const message = "there is nothing to shed by: the event loop does not matter, and there is no maxInFlight";
  report(context, maxEventLoopDelay, [{ path: ["maxEventLoopDelay"], message, remedy: "maxInFlight beside it" }]);
});

/** How many bad credentials one client may show, as a setting. @module */

import type { z } from "zod";
import { duration } from "../../settings/duration.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { orOff, settings } from "../../settings/shapes.ts";
import type { FailureRate } from "./failure_limit.ts";

const MOST_FAILURES = 1_000_000;
const DAY = 86_400_000;

/**
 * So many at once and as many again in a while; `false`: any number.
 *
 * @param bad what is counted: `Bad keys`
 * @param limit of a minute, by default
 */
export function failuresOption(bad: string, limit: number): z.ZodType<FailureRate | null, unknown> {
  const expected = `settings such as { limit: ${limit}, per: "1m" }`;
  const rate = settings(expected, {
    limit: wholeNumber(1, MOST_FAILURES).describe(`${bad} at once.`),
    per: duration({ zero: false, most: DAY }).describe("The time in which as many are forgiven."),
  });
  return orOff(expected, rate).prefault({ limit, per: "1m" });
}

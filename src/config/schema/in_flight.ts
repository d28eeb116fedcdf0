/** Limits on the requests under way. @module */

import type { z } from "zod";
import { formatDuration } from "../../core/units.ts";
import { DEFAULT_IN_FLIGHT } from "../../upstreams/default_upstream.ts";
import type { InFlightPlan } from "../../upstreams/upstream_plan.ts";
import { duration } from "../../settings/duration.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { oneOfShapes, settings } from "../../settings/shapes.ts";

const EXPECTED = "settings such as { total: 100, queue: 50 }";
const count = (least: number) => wholeNumber(least, Number.MAX_SAFE_INTEGER);

/** Most requests under way, of the whole upstream or of each endpoint. */
export const inFlightSchema: z.ZodType<InFlightPlan, unknown> = oneOfShapes(`a whole number, or ${EXPECTED}`, [
  count(1).transform((total): InFlightPlan => ({ ...DEFAULT_IN_FLIGHT, total })),
  settings(EXPECTED, {
    total: count(1).optional().describe("Of the whole upstream. Default: no limit."),
    perEndpoint: count(1).optional().describe("Of each endpoint that says nothing itself. Default: no limit."),
    queue: count(0).prefault(DEFAULT_IN_FLIGHT.queue).describe("Most requests that wait for a place."),
    queueTimeout: duration({ zero: false }).prefault(formatDuration(DEFAULT_IN_FLIGHT.queueTimeout))
      .describe("How long one may wait."),
  }).transform(({ total, perEndpoint, queue, queueTimeout }): InFlightPlan => ({
    total: total ?? null,
    perEndpoint: perEndpoint ?? null,
    queue,
    queueTimeout,
  })),
]);

/** `/metrics`: everything that is counted and measured. @module */

import type { Hono } from "hono";
import { problemAnswer, textAnswer } from "./answers.ts";
import type { Inspect } from "./inspect.ts";
import { readOnly } from "./read_only.ts";

/** In the text format of Prometheus, or in OpenMetrics for whoever prefers that; 404 where metrics are off. */
export function metricsArea({ metrics }: Inspect): Hono {
  return readOnly({
    "/metrics": async ({ req }) => {
      if (metrics === null) return problemAnswer(404, "not_found", "Metrics are off: see telemetry.metrics.");
      const { type, text } = await metrics(req.header("accept") ?? null);
      return textAnswer(type, text);
    },
  });
}

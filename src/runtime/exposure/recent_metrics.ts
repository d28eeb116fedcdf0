/** Metrics for strangers. @module */

import type { Clock } from "../../core/clock.ts";
import type { MaybePromise } from "../../core/handler.ts";
import { type Exposition, wantsOpenMetrics } from "../../telemetry/metrics/exposition.ts";
import type { MetricsPage } from "./pages.ts";

/** How long what was written is shown, in milliseconds: Prometheus asks less often than that. */
const SHOWN_MS = 1_000;

/** Has metrics written once a second at most in each format, however often they are asked for: that costs what many requests do. */
export function recentMetrics(metrics: MetricsPage, clock: Clock): MetricsPage {
  const written = new Map<boolean, { readonly at: number; readonly exposition: MaybePromise<Exposition> }>();
  return (accept) => {
    const format = wantsOpenMetrics(accept), last = written.get(format), now = clock.now();
    if (last !== undefined && now - last.at < SHOWN_MS) return last.exposition;
    const exposition = metrics(accept);
    written.set(format, { at: now, exposition });
    return exposition;
  };
}

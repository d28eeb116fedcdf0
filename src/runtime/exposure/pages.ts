/** What listeners answer beside routes. @module */

import type { Clock } from "../../core/clock.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { MaybePromise } from "../../core/handler.ts";
import { HeaderList } from "../../core/header_list.ts";
import { Reply } from "../../core/reply.ts";
import { EXPOSED_PATHS } from "../../telemetry/exposed_paths.ts";
import type { Exposition } from "../../telemetry/metrics/exposition.ts";
import type { Exposed } from "../../telemetry/telemetry_plan.ts";
import { type Health, withoutEndpoints } from "./health.ts";
import { health, live, type ProbeAnswer, ready } from "./probes.ts";
import { recentMetrics } from "./recent_metrics.ts";

/** Writes all metrics in the format that the value of `Accept` prefers; `null`: there was none. */
export type MetricsPage = (accept: string | null) => MaybePromise<Exposition>;

/** Where pages come from. */
export interface PageSources {
  notReadyReasons(): readonly string[];
  health(): Health;
  /** `null`: there are no metrics. */
  readonly metrics: MetricsPage | null;
}

/** Answers GET and HEAD at one path. */
export type Page = (exchange: Exchange) => MaybePromise<Reply>;

const encoder = new TextEncoder();

/**
 * The pages of a listener by their paths. Nobody shows a token here: probes name no endpoint's address, and metrics, which
 * do, are for listeners that only friends reach.
 */
export function pagesOf(expose: readonly Exposed[], sources: PageSources, clock: Clock): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>(), { metrics } = sources;
  if (expose.includes("health")) {
    const answers: Readonly<Record<string, () => ProbeAnswer>> = {
      "/livez": live,
      "/health": () => health(withoutEndpoints(sources.health())),
    };
    const readiness = () => ready(sources.notReadyReasons());
    for (const path of EXPOSED_PATHS.health) pages.set(path, jsonPage(answers[path] ?? readiness));
  }
  if (expose.includes("metrics") && metrics !== null) {
    const shown = metricsPage(recentMetrics(metrics, clock));
    for (const path of EXPOSED_PATHS.metrics) pages.set(path, shown);
  }
  return pages;
}

function jsonPage(answer: () => ProbeAnswer): Page {
  return () => {
    const { status, value } = answer();
    return page(status, "application/json", JSON.stringify(value) + "\n");
  };
}

function metricsPage(metrics: MetricsPage): Page {
  const reply = ({ type, text }: Exposition) => page(200, type, text);
  return ({ headers }) => {
    const written = metrics(headers.get("accept"));
    return written instanceof Promise ? written.then(reply) : reply(written);
  };
}

function page(status: number, type: string, text: string): Reply {
  const fields = HeaderList.of(
    "content-type",
    type,
    "cache-control",
    "no-store",
    "x-content-type-options",
    "nosniff",
  );
  return new Reply(status, fields, encoder.encode(text));
}

/** Metrics of circuit breakers. @module */

import type { Events } from "../../core/events.ts";
import { family } from "../../telemetry/metrics/family.ts";
import type { Collector } from "../../telemetry/metrics/metrics_registry.ts";
import type { Scrape } from "../../telemetry/metrics/scrape.ts";
import type { BreakerReport } from "../../upstreams/upstream_report.ts";

const STATE = family({
  name: "gatewright_breaker_state",
  type: "gauge",
  help: "1 for the state that the breaker is in, 0 for the others. Without an endpoint: that of the whole upstream.",
  labels: ["upstream", "endpoint", "state"],
});

const CHANGES = family({
  name: "gatewright_breaker_changes_total",
  type: "counter",
  help: "How often breakers went into a state: what opens and closes between two scrapes is seen here.",
  labels: ["upstream", "endpoint", "to"],
});

const STATES: readonly BreakerReport["state"][] = ["closed", "open", "half-open"];

/** Changes that are told apart, beyond which breakers of the past are forgotten: endpoints come and go with DNS. */
const MOST = 10_000;

/** One breaker as it is. */
export function breakerPoints(out: Scrape, breaker: BreakerReport, upstream: string, endpoint: string): void {
  for (const state of STATES) out.add(STATE, state === breaker.state ? 1 : 0, upstream, endpoint, state);
}

/** Counts changes from now on. */
export class BreakerChanges {
  readonly #counts = new Map<string, { readonly labels: readonly [string, string, string]; count: number }>();
  readonly #stop: () => void;

  constructor(events: Events) {
    this.#stop = events.on("breaker.changed", ({ upstream, endpoint, to }) => this.#count(upstream, endpoint, to));
  }

  /** Gives everything that was counted. */
  readonly collect: Collector = (out) => {
    for (const { labels, count } of this.#counts.values()) out.add(CHANGES, count, ...labels);
  };

  close(): void {
    this.#stop();
  }

  #count(...labels: [upstream: string, endpoint: string, to: string]): void {
    const key = labels.join("\n"), known = this.#counts.get(key);
    if (known !== undefined) return void known.count++;
    if (this.#counts.size >= MOST) this.#counts.clear();
    this.#counts.set(key, { labels, count: 1 });
  }
}

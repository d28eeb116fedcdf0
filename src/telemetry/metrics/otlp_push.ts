/** Metrics pushed to a collector, again and again (OTLP over HTTP). @module */

import { resourceFromAttributes } from "@opentelemetry/resources";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Clock } from "../../core/clock.ts";
import type { Log } from "../../core/log.ts";
import type { SecretReader } from "../../core/secret.ts";
import { collectorOf, exported } from "../otlp/collector.ts";
import type { MetricsPlan, ResourcePlan } from "../telemetry_plan.ts";
import { otlpMetrics } from "./otlp_metrics.ts";
import type { MetricsRegistry } from "./metrics_registry.ts";

/** How long closing waits for the collector, in milliseconds. */
const CLOSE_MS = 3000;
/** Milliseconds between two warnings of a collector that does not take what it is sent. */
const WARN_MS = 60_000;
const SCOPE = { name: "gatewright" };

/** What {@link startPush} needs of the world. */
export interface PushEnv {
  readonly clock: Clock;
  /** Hears of a collector that cannot be reached, once a minute. */
  readonly log: Log;
  readonly secrets: SecretReader;
}

/** Metrics that are being pushed. */
export interface MetricsPush {
  /** Pushes that have failed. The next one brings what they would have: numbers are totals. */
  readonly failed: number;
  /** Pushes once more, for at most 3 s, and ends. */
  close(): Promise<void>;
}

type PushPlan = NonNullable<MetricsPlan["otlp"]>;

/**
 * Pushes all metrics each `plan.every` milliseconds. One push is under way at a time: where it takes longer than that, the
 * next is left out.
 *
 * This module loads OpenTelemetry's packages: it is imported where something is pushed, and nowhere else.
 */
export async function startPush(
  plan: PushPlan,
  resource: ResourcePlan,
  registry: MetricsRegistry,
  env: PushEnv,
): Promise<MetricsPush> {
  const { OTLPMetricExporter } = plan.protocol === "http/json"
    ? await import("@opentelemetry/exporter-metrics-otlp-http")
    : await import("@opentelemetry/exporter-metrics-otlp-proto");
  const collector = await collectorOf(plan, env.secrets);
  const push = new Push(new OTLPMetricExporter(collector.init), resource, registry, env);
  const stop = env.clock.every(plan.every, () => push.begin());
  return {
    get failed() {
      return push.failed;
    },
    async close() {
      stop();
      await push.end();
      collector.close();
    },
  };
}

class Push {
  failed = 0;
  readonly #exporter: PushMetricExporter;
  readonly #resource;
  readonly #registry: MetricsRegistry;
  readonly #env: PushEnv;
  readonly #startedAt: number;
  #underWay: Promise<void> | null = null;
  #warnedAt = -Infinity;

  constructor(exporter: PushMetricExporter, resource: ResourcePlan, registry: MetricsRegistry, env: PushEnv) {
    this.#exporter = exporter;
    this.#resource = resourceFromAttributes({ ...resource.attributes, "service.name": resource.service });
    this.#registry = registry;
    this.#env = env;
    this.#startedAt = env.clock.wall();
  }

  begin(): void {
    this.#underWay ??= this.#push().finally(() => this.#underWay = null);
  }

  /** One more, as what is under way does not have the last numbers. */
  async end(): Promise<void> {
    const late = Promise.withResolvers<void>();
    const cancel = this.#env.clock.after(CLOSE_MS, late.resolve);
    const last = (this.#underWay ?? Promise.resolve()).then(() => this.#push());
    await Promise.race([last, late.promise]);
    cancel();
  }

  async #push(): Promise<void> {
    const reason = await exported((done) => {
      // A clock that was set back has not gone back beyond the start.
      const period = { from: this.#startedAt, to: Math.max(this.#startedAt, this.#env.clock.wall()) };
      const metrics = otlpMetrics(this.#registry.scrape(), period);
      this.#exporter.export({ resource: this.#resource, scopeMetrics: [{ scope: SCOPE, metrics }] }, done);
    });
    if (reason !== null) this.#fail(reason);
  }

  #fail(reason: string): void {
    this.failed++;
    const now = this.#env.clock.now();
    if (now - this.#warnedAt < WARN_MS) return;
    this.#warnedAt = now;
    this.#env.log.warn("metrics could not be pushed", { failed: this.failed, reason });
  }
}

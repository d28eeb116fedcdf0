/** One endpoint of an upstream under one plan, made of parts that outlive the plan. @module */

import type { Knob } from "../core/build_env.ts";
import type { Transport } from "../transport/transport.ts";
import type { CircuitBreaker } from "./breaker/circuit_breaker.ts";
import type { Endpoint } from "./endpoint.ts";
import type { EndpointLoad } from "./endpoint_load.ts";
import type { HealthCheck } from "./health/health_check.ts";
import type { OutlierRecord } from "./health/outlier_record.ts";
import type { SlowStart } from "./slow_start.ts";
import type { EndpointPlan } from "./upstream_plan.ts";

/** What an endpoint is put together from. */
export interface EndpointParts {
  readonly transport: Transport;
  readonly load: EndpointLoad;
  readonly slowStart: SlowStart;
  /** `null`: not asked for. */
  readonly health: HealthCheck | null;
  readonly breaker: CircuitBreaker | null;
  /** `null`: nothing turns it. */
  readonly preference: Knob | null;
}

/** The endpoint that attempts go to. */
export class LiveEndpoint implements Endpoint {
  readonly id: string;
  readonly plan: EndpointPlan;
  /** Host and port, as a Host header names it. */
  readonly authority: string;
  readonly transport: Transport;
  readonly load: EndpointLoad;
  readonly slowStart: SlowStart;
  readonly health: HealthCheck | null;
  readonly breaker: CircuitBreaker | null;
  /** Given by the upstream's detection, where there is one. */
  outlier: OutlierRecord | null = null;
  readonly maxInFlight: number;
  /** The configured weight, less while it starts slowly. */
  weight: number;
  readonly #preference: Knob | null;

  constructor(plan: EndpointPlan, authority: string, maxInFlight: number, parts: EndpointParts) {
    this.id = plan.id;
    this.plan = plan;
    this.authority = authority;
    this.transport = parts.transport;
    this.load = parts.load;
    this.slowStart = parts.slowStart;
    this.health = parts.health;
    this.breaker = parts.breaker;
    this.maxInFlight = maxInFlight;
    this.load.lowestLimit = Math.min(this.load.lowestLimit, maxInFlight);
    this.weight = plan.weight;
    this.#preference = parts.preference;
  }

  get inFlight(): number {
    return this.load.inFlight;
  }

  get latency(): number {
    return this.load.latency;
  }

  get peakLatency(): number {
    return this.load.peakLatency;
  }

  get errorRate(): number {
    return this.load.errorRate;
  }

  get preference(): number {
    // Less while it starts slowly.
    return this.#preference === null ? this.weight : this.#preference.value * this.weight / this.plan.weight;
  }

  /** Whether active checks have nothing against it. */
  get up(): boolean {
    return this.health === null || this.health.up;
  }

  get ejected(): boolean {
    return this.outlier !== null && this.outlier.ejected;
  }

  get full(): boolean {
    return this.load.inFlight >= this.maxInFlight;
  }

  /** The weight at this time. @returns whether it has changed */
  reweigh(now: number): boolean {
    const weight = this.plan.weight * this.slowStart.share(now), changed = weight !== this.weight;
    this.weight = weight;
    return changed;
  }
}

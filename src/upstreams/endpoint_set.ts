/** The endpoints of one upstream under one plan: put together, watched over, replaced when DNS says so. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Deadline } from "../core/timer_wheel.ts";
import type { OutlierDetection } from "./health/outlier_detection.ts";
import type { BuildEndpoint } from "./build_endpoint.ts";
import type { DnsEndpoints } from "./discovery/dns_endpoints.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import type { SharedParts } from "./shared_parts.ts";
import type { UpstreamLoad } from "./upstream_load.ts";
import type { EndpointPlan } from "./upstream_plan.ts";

/** Milliseconds between two looks at averages, and at shares that grow. */
const LOOK_EVERY = 1_000, STEP_EVERY = 100;

/** What a set is made with. */
export interface EndpointSetOptions {
  readonly build: BuildEndpoint;
  readonly parts: SharedParts;
  readonly load: UpstreamLoad;
  readonly outliers: OutlierDetection | null;
  readonly world: Pick<BuildEnv, "clock" | "deadlines" | "log">;
  /** Whether the balancer goes by averages, which must fade for endpoints that it avoids. */
  readonly fades: boolean;
  /** Where endpoints come from; `null`: the list is what it is. */
  readonly dns: DnsEndpoints | null;
}

interface Member {
  readonly endpoint: LiveEndpoint;
  /** Keys of its parts. */
  readonly keys: readonly string[];
}

/** Closing it lets go of every part; what other sets share lives on. */
export class EndpointSet {
  readonly #options: EndpointSetOptions;
  #members: readonly Member[] = [];
  #endpoints: readonly LiveEndpoint[] = [];
  /** Whether outlier detection knows these endpoints. */
  #enrolled = false;
  #look: Deadline | null = null;
  #step: Deadline | null = null;
  readonly #unfollow: (() => void) | null;
  #closed = false;

  /** @param plans the static list */
  constructor(plans: readonly EndpointPlan[], options: EndpointSetOptions) {
    this.#options = options;
    const { dns, fades } = options;
    this.#replace(dns === null ? plans : dns.endpoints);
    this.#unfollow = dns?.follow((found) => this.#replace(found)) ?? null;
    if (fades) this.#lookLater();
  }

  /** The endpoints now, with the shares that they have; the array is replaced, never changed. */
  readonly current = (): readonly LiveEndpoint[] => {
    if (!this.#enrolled && !this.#closed) this.#enrol();
    this.#beginSteps();
    return this.#endpoints;
  };

  /** Puts these in place of those before. What is in both keeps its state; what goes ends its work by itself. */
  #replace(plans: readonly EndpointPlan[]): void {
    if (this.#closed) return;
    const { parts, load, world } = this.#options, before = this.#members, now = world.clock.now();
    this.#members = this.#build(plans);
    this.#endpoints = this.#members.map(({ endpoint }) => endpoint);
    this.#enrolled = false;
    for (const { keys } of before) parts.release(keys);
    for (const endpoint of this.#endpoints) endpoint.reweigh(now);
    parts.settled = parts.settled || plans.length > 0;
    load.touch();
  }

  /**
   * Of what DNS finds, those that can be built.
   * @throws what an endpoint of a static list cannot be built for; then nothing is held on to
   */
  #build(plans: readonly EndpointPlan[]): readonly Member[] {
    const { build, parts, dns, world } = this.#options, members: Member[] = [];
    for (const plan of plans) {
      const keys: string[] = [];
      try {
        members.push({ endpoint: build(plan, keys), keys });
      } catch (error) {
        parts.release(keys);
        if (dns === null) {
          for (const { keys } of members) parts.release(keys);
          throw error;
        }
        world.log.error("endpoint cannot be used", { endpoint: plan.id, error });
      }
    }
    return members;
  }

  /**
   * When they are first asked for: then their plan is in force. One that comes to nothing must not have the detection
   * forget whom the plan that goes on serving has ejected.
   */
  #enrol(): void {
    this.#enrolled = true;
    const records = this.#options.outliers?.members(this.#endpoints);
    this.#endpoints.forEach((endpoint, i) => endpoint.outlier = records?.[i] ?? null);
  }

  close(): void {
    this.#closed = true;
    this.#unfollow?.();
    this.#look?.cancel();
    this.#step?.cancel();
    for (const { keys } of this.#members) this.#options.parts.release(keys);
    this.#members = [];
  }

  /** While an endpoint starts slowly, its share is looked at until it is whole. */
  #beginSteps(): void {
    if (this.#closed || this.#step !== null) return;
    // Another set may have seen the end of a start that both share.
    if (!this.#endpoints.some(({ slowStart, weight, plan }) => slowStart.under || weight !== plan.weight)) return;
    this.#step = this.#options.world.deadlines.after(STEP_EVERY, () => this.#stepUp());
    this.#reweigh();
  }

  #stepUp(): void {
    this.#step = null;
    this.#reweigh();
    this.#beginSteps();
  }

  #reweigh(): void {
    const now = this.#options.world.clock.now();
    let changed = false;
    for (const endpoint of this.#endpoints) if (endpoint.reweigh(now)) changed = true;
    if (changed) this.#options.load.touch();
  }

  #lookLater(): void {
    const { clock, deadlines } = this.#options.world;
    this.#look = deadlines.after(LOOK_EVERY, () => {
      const since = clock.now() - LOOK_EVERY;
      for (const { load } of this.#endpoints) load.fade(since);
      this.#lookLater();
    });
  }
}

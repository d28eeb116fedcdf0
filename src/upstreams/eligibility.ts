/** Which endpoints may be tried. @module */

import { heedsEjections } from "./health/heeds_ejections.ts";
import type { OutlierPlan } from "./health/outlier_plan.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import type { UpstreamLoad } from "./upstream_load.ts";

/** Why there is none: all unhealthy (or none known yet), kept away from by breakers, or busy. */
export type NoneReason = "unknown" | "unhealthy" | "open" | "full";

/** Share of failures from which an endpoint is no hope for what failed elsewhere. */
const HOPELESS = 0.5;

const NONE: readonly LiveEndpoint[] = Object.freeze([]);

/**
 * The endpoints that health, ejection, breakers and limits leave: those of the lowest tier that has any. Worked out anew
 * only when something has changed, so that balancers see the same array until then.
 */
export class Eligibility {
  readonly #load: UpstreamLoad;
  readonly #outliers: OutlierPlan | null;
  readonly #endpoints: () => readonly LiveEndpoint[];
  #version = -1;
  #now: readonly LiveEndpoint[] = NONE;
  /** Usable but for being full, of all tiers. */
  #usable: readonly LiveEndpoint[] = NONE;
  #reason: NoneReason = "unknown";

  /** @param endpoints the upstream's endpoints; a change of them touches `load` */
  constructor(endpoints: () => readonly LiveEndpoint[], load: UpstreamLoad, outliers: OutlierPlan | null) {
    this.#endpoints = endpoints;
    this.#load = load;
    this.#outliers = outliers;
  }

  /** Every endpoint that may be tried; empty: see {@link reason}. */
  get now(): readonly LiveEndpoint[] {
    this.#refresh();
    return this.#now;
  }

  /** Why {@link now} is empty, when it is. */
  get reason(): NoneReason {
    this.#refresh();
    return this.#reason;
  }

  /**
   * Those to try next: of the same tier, else of the next; where there is nobody else the tried ones once more, the last
   * of them only if it is alone. Empty: none may be tried at all, or those that were not tried are busy.
   */
  besides(tried: readonly LiveEndpoint[]): readonly LiveEndpoint[] {
    const now = this.now, others = now.filter((endpoint) => !isAmong(endpoint, tried));
    if (others.length > 0) return others;
    const left = this.#usable.filter((endpoint) => !isAmong(endpoint, tried));
    if (left.length > 0) return lowestTier(left.filter(({ full }) => !full));
    const again = now.filter(({ id }) => id !== tried[tried.length - 1]?.id);
    return again.length > 0 ? again : now;
  }

  /** Whether there is one that was not tried, be it busy. */
  hasOther(tried: readonly LiveEndpoint[]): boolean {
    this.#refresh();
    return this.#usable.some((endpoint) => !isAmong(endpoint, tried));
  }

  /** Whether one that was not tried mostly answers well: only then is a retry worth waiting for. */
  hasHope(tried: readonly LiveEndpoint[]): boolean {
    this.#refresh();
    return this.#usable.some((endpoint) => endpoint.errorRate < HOPELESS && !isAmong(endpoint, tried));
  }

  /** Whether one that was not tried could be at once, without falling back on a higher tier. */
  hasSpare(tried: readonly LiveEndpoint[]): boolean {
    return this.now.some((endpoint) => !isAmong(endpoint, tried));
  }

  #refresh(): void {
    if (this.#version !== this.#load.version) this.#work();
  }

  #work(): void {
    const all = this.#endpoints();
    this.#version = this.#load.version;
    const up = all.filter((endpoint) => endpoint.up);
    const left = admitted(heeded(up, this.#outliers));
    // Ejection never takes the last: those that it leaves may all be kept away from by their breakers.
    this.#usable = left.length > 0 ? left : admitted(up);
    const tier = lowestTier(this.#usable);
    this.#now = tier.some(({ full }) => full) ? tier.filter(({ full }) => !full) : tier;
    this.#reason = all.length === 0
      ? "unknown"
      : up.length === 0
      ? "unhealthy"
      : this.#usable.length === 0
      ? "open"
      : "full";
  }
}

/** Ejection counts only while enough are left, and never takes the last. */
function heeded(up: readonly LiveEndpoint[], plan: OutlierPlan | null): readonly LiveEndpoint[] {
  if (plan === null) return up;
  const kept = up.filter((endpoint) => !endpoint.ejected);
  if (kept.length === up.length) return up;
  return heedsEjections(plan, up.length, up.length - kept.length) ? kept : up;
}

function admitted(endpoints: readonly LiveEndpoint[]): readonly LiveEndpoint[] {
  return endpoints.filter(({ breaker }) => breaker === null || breaker.admits);
}

function lowestTier(endpoints: readonly LiveEndpoint[]): readonly LiveEndpoint[] {
  let lowest = Infinity, same = true;
  for (const { plan: { tier } } of endpoints) {
    if (tier !== endpoints[0].plan.tier) same = false;
    if (tier < lowest) lowest = tier;
  }
  return same ? endpoints : endpoints.filter(({ plan }) => plan.tier === lowest);
}

/** By id: a reload or discovery may have made the endpoint anew meanwhile. */
function isAmong(endpoint: LiveEndpoint, tried: readonly LiveEndpoint[]): boolean {
  return tried.some(({ id }) => id === endpoint.id);
}

/** Passive health: endpoints that stand out by their failures are left out for a while. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Deadline } from "../../core/timer_wheel.ts";
import { formatDuration } from "../../core/units.ts";
import type { OutlierPlan, SuccessRatePlan } from "./outlier_plan.ts";
import { type Ejectable, type OutlierJudge, OutlierRecord } from "./outlier_record.ts";
import { successFloor } from "./success_floor.ts";

/** Takes an ejection, or the return from one, and why. */
export type OnEjection = (endpoint: Ejectable, ejected: boolean, why: string) => void;

/** One endpoint, as people see it. */
export interface EjectionReport {
  readonly id: string;
  readonly ejected: boolean;
  /** When it returns, in milliseconds since 1970; `null` while it is not ejected. */
  readonly until: number | null;
  /** Why it is ejected, or `""`. */
  readonly why: string;
  /** How often it was, since it became a member. */
  readonly ejections: number;
}

/**
 * The outlier detection of one upstream. {@link OutlierDetection.members} gives each endpoint its record: an attempt
 * tells that record its outcome, and nothing is looked up.
 *
 * While an endpoint is ejected its outcomes are not counted, and it returns with none: it takes a full row of failures to
 * be ejected again.
 */
export class OutlierDetection implements OutlierJudge {
  readonly #plan: OutlierPlan;
  readonly #world: Pick<BuildEnv, "clock" | "deadlines">;
  readonly #onChange: OnEjection;
  /** By id of the endpoint. */
  #records: ReadonlyMap<string, OutlierRecord> = new Map();
  /** The returns of those that are ejected. */
  readonly #returns = new Map<OutlierRecord, Deadline>();
  #comparison: Deadline | null = null;

  /** @param onChange called at once; it may change the members */
  constructor(plan: OutlierPlan, world: Pick<BuildEnv, "clock" | "deadlines">, onChange: OnEjection) {
    this.#plan = plan;
    this.#world = world;
    this.#onChange = onChange;
  }

  /**
   * Says which endpoints the upstream has now. One whose id was there before keeps its record, with counts and ejection,
   * even if another object stands for it; those that are not listed are forgotten.
   * @returns the records, in the order of the endpoints; the same id has the same record
   */
  members(endpoints: readonly Ejectable[]): readonly OutlierRecord[] {
    const before = this.#records, now = new Map<string, OutlierRecord>();
    const records = endpoints.map((endpoint) => {
      const record = now.get(endpoint.id) ?? before.get(endpoint.id) ?? new OutlierRecord(endpoint, this.#plan, this);
      record.endpoint = endpoint;
      now.set(endpoint.id, record);
      return record;
    });
    this.#records = now;
    for (const [id, record] of before) if (!now.has(id)) this.#forget(record);
    return records;
  }

  /** Whether the endpoint is ejected: for people; traffic reads its record. */
  isEjected({ id }: Pick<Ejectable, "id">): boolean {
    return this.#records.get(id)?.ejected ?? false;
  }

  /** Every member. */
  report(): EjectionReport[] {
    return Array.from(this.#records, ([id, { ejected, ejection, ejections }]) => ({
      id,
      ejected,
      until: ejection?.until ?? null,
      why: ejection?.why ?? "",
      ejections,
    }));
  }

  /** Forgets everything. */
  close(): void {
    this.members([]);
    this.#comparison?.cancel();
    this.#comparison = null;
  }

  /** For records: an interval begins with the first outcome, so that an upstream at rest has no deadline. */
  counting(): void {
    const { successRate } = this.#plan;
    if (successRate === null) return;
    this.#comparison ??= this.#world.deadlines.after(successRate.interval, () => this.#compare(successRate));
  }

  /** For records. */
  standsOut(record: OutlierRecord, why: string): void {
    if (this.#mayEject(record)) this.#eject(record, why);
  }

  #compare({ minRequests, minEndpoints, deviations }: SuccessRatePlan): void {
    this.#comparison = null;
    const rated: { readonly record: OutlierRecord; readonly rate: number }[] = [];
    for (const record of this.#records.values()) {
      const { requests, successes } = record;
      if (requests >= Math.max(1, minRequests)) rated.push({ record, rate: successes / requests });
      record.requests = record.successes = 0;
    }
    if (rated.length < minEndpoints) return;
    const floor = successFloor(rated.map(({ rate }) => rate), deviations);
    // The worst first, for not all of them may be ejected.
    for (const { record, rate } of rated.sort((a, b) => a.rate - b.rate)) {
      if (rate < floor) this.standsOut(record, `success rate of ${percent(rate)}, below ${percent(floor)}`);
    }
  }

  /** Somebody who is up must be left, and no more than the share may be out; one may always be. */
  #mayEject(record: OutlierRecord): boolean {
    if (!record.listening) return false;
    const out = this.#returns.size;
    if (out > 0 && (out + 1) / this.#records.size > this.#plan.maxEjected) return false;
    for (const other of this.#records.values()) {
      if (other !== record && !other.ejected && other.endpoint.up) return true;
    }
    return false;
  }

  #eject(record: OutlierRecord, why: string): void {
    const { clock, deadlines } = this.#world, now = clock.now(), duration = record.time.begin(now);
    record.eject({ until: clock.wall() + duration, why });
    this.#returns.set(record, deadlines.after(duration, () => this.#restore(record, duration), now));
    this.#onChange(record.endpoint, true, why);
  }

  #restore(record: OutlierRecord, duration: number): void {
    this.#returns.delete(record);
    record.time.end(this.#world.clock.now());
    record.restore();
    this.#onChange(record.endpoint, false, `ejected for ${formatDuration(duration)}`);
  }

  #forget(record: OutlierRecord): void {
    record.forget();
    this.#returns.get(record)?.cancel();
    this.#returns.delete(record);
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

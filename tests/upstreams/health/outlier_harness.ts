/** A detection over endpoints whose health a test sets, with a turned clock. @module */

import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import { OutlierDetection } from "../../../src/upstreams/health/outlier_detection.ts";
import type { OutlierPlan } from "../../../src/upstreams/health/outlier_plan.ts";
import type { OutlierRecord } from "../../../src/upstreams/health/outlier_record.ts";
import type { OutcomeCode } from "../../../src/upstreams/outcome_set.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const PLAN: OutlierPlan = {
  consecutiveGatewayErrors: 3,
  consecutive5xx: null,
  successRate: null,
  ejectFor: 30_000,
  maxEjectFor: 300_000,
  maxEjected: 1,
  panicThreshold: 0,
};

/** An endpoint; active checks are the test. */
export interface TestEndpoint {
  readonly id: string;
  up: boolean;
}

/** Endpoints by letter: `new OutlierHarness("abc")`. */
export class OutlierHarness implements Disposable {
  readonly clock = new FakeClock();
  readonly deadlines = new TimerWheel(this.clock);
  readonly detection: OutlierDetection;
  readonly endpoints = new Map<string, TestEndpoint>();
  readonly records = new Map<string, OutlierRecord>();
  /** Every change, as `"a out: …"` or `"a back: …"`. */
  readonly changes: string[] = [];
  onChange: ((id: string, ejected: boolean) => void) | null = null;

  constructor(ids: string, plan: Partial<OutlierPlan> = {}) {
    this.detection = new OutlierDetection({ ...PLAN, ...plan }, this, ({ id }, ejected, why) => {
      this.changes.push(`${id} ${ejected ? "out" : "back"}: ${why}`);
      this.onChange?.(id, ejected);
    });
    this.members(ids);
  }

  /** Says which endpoints there are; each is a new object, up. */
  members(ids: string): void {
    const endpoints = [...ids].map((id) => ({ id, up: true }));
    const records = this.detection.members(endpoints);
    this.endpoints.clear();
    this.records.clear();
    endpoints.forEach((endpoint, i) => {
      this.endpoints.set(endpoint.id, endpoint);
      this.records.set(endpoint.id, records[i]);
    });
  }

  /** One endpoint's attempts, in order. */
  hear(id: string, ...codes: OutcomeCode[]): void {
    for (const code of codes) this.records.get(id)!.heard(code);
  }

  /** Who is ejected, as letters. */
  get out(): string {
    return [...this.endpoints.values()].filter((endpoint) => this.detection.isEjected(endpoint)).map(({ id }) => id)
      .join("");
  }

  [Symbol.dispose](): void {
    this.detection.close();
    this.deadlines.close();
  }
}

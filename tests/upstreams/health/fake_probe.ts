/** Probes whose results a test gives, and an environment whose time and chance it turns. @module */

import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import { HealthCheck } from "../../../src/upstreams/health/health_check.ts";
import type { HealthPlan } from "../../../src/upstreams/health/health_plan.ts";
import type { Probe, ProbeResult } from "../../../src/upstreams/health/probe.ts";
import { FakeClock } from "../../support/fake_clock.ts";

export const PASSED: ProbeResult = { passed: true };

/** Half-way: no jitter. */
const MIDDLE = 0.5;

const PLAN: HealthPlan = {
  probe: { kind: "tcp" },
  interval: 10_000,
  jitter: 0,
  timeout: 2_000,
  rise: 2,
  fall: 3,
  start: "up",
};

/** A check whose probes the test answers. */
export class CheckHarness implements Disposable {
  readonly clock = new FakeClock();
  readonly deadlines = new TimerWheel(this.clock);
  readonly check: HealthCheck;
  /** When probes began. */
  readonly began: number[] = [];
  /** Every change, as `"up: …"` or `"down: …"`. */
  readonly changes: string[] = [];
  /** Probes that were cancelled under way. */
  cancelled = 0;
  /** What `random()` says. */
  chance = MIDDLE;
  #settle: ((result: ProbeResult) => void) | null = null;

  constructor(plan: Partial<HealthPlan> = {}) {
    const probe: Probe = (settle) => {
      if (this.#settle !== null) throw new Error("two probes at once");
      this.began.push(this.clock.now());
      this.#settle = settle;
      return () => {
        if (this.#settle === settle) this.cancelled++;
      };
    };
    const world = { clock: this.clock, deadlines: this.deadlines, random: () => this.chance };
    this.check = new HealthCheck({ ...PLAN, ...plan }, probe, world, (up, reason) => {
      this.changes.push(`${up ? "up" : "down"}: ${reason}`);
    });
  }

  /** Whether a probe is under way. */
  get probing(): boolean {
    return this.#settle !== null;
  }

  /** Ends the probe under way. `null`: it passed; else why it failed. */
  answer(reason: string | null): void {
    const settle = this.#settle!;
    this.#settle = null;
    settle(reason === null ? PASSED : { passed: false, reason });
  }

  /** Waits for the next probe and ends it. */
  next(reason: string | null): void {
    while (!this.probing) this.clock.advance(50);
    this.answer(reason);
  }

  [Symbol.dispose](): void {
    this.check.close();
    this.deadlines.close();
  }
}

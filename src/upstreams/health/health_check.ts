/** Active health: an endpoint that is looked at again and again. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { Cancel } from "../../core/clock.ts";
import type { Deadline } from "../../core/timer_wheel.ts";
import type { HealthPlan } from "./health_plan.ts";
import type { Probe, ProbeResult } from "./probe.ts";

/** Milliseconds over which the first probes of many endpoints are spread, where the interval is not shorter. */
const SPREAD = 1_000;

/** The last probe, as people see it. */
export interface ProbeReport {
  readonly passed: boolean;
  /** Why it failed, or `""`. */
  readonly reason: string;
  /** When it ended: milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds that it took. */
  readonly duration: number;
  /** Probes with this result in a row, this one included. */
  readonly inARow: number;
}

/** Takes a change of an endpoint's health, and why it changed. */
export type OnHealth = (up: boolean, reason: string) => void;

/**
 * Probes one endpoint, however many routes use it. Probes never overlap: the interval counts from the end of one to the
 * start of the next.
 */
export class HealthCheck {
  readonly #plan: HealthPlan;
  readonly #probe: Probe;
  readonly #world: Pick<BuildEnv, "clock" | "random" | "deadlines">;
  readonly #onChange: OnHealth;
  #up: boolean;
  /** Probes passed in a row that make it up. */
  #rise: number;
  #report: ProbeReport | null = null;
  #state: "new" | "running" | "closed" = "new";
  #next: Deadline | null = null;
  #cancelProbe: Cancel | null = null;

  /** @param onChange called when it goes up or down, not for the state that it starts in */
  constructor(
    plan: HealthPlan,
    probe: Probe,
    world: Pick<BuildEnv, "clock" | "random" | "deadlines">,
    onChange: OnHealth,
  ) {
    this.#plan = plan;
    this.#probe = probe;
    this.#world = world;
    this.#onChange = onChange;
    this.#up = plan.start === "up";
    this.#rise = this.#up ? plan.rise : 1;
  }

  /** Whether it may be used. */
  get up(): boolean {
    return this.#up;
  }

  /** `null` before the first. */
  get lastProbe(): ProbeReport | null {
    return this.#report;
  }

  /**
   * Begins to probe; further calls do nothing. An endpoint that starts down is probed at once, for it waits for that; one
   * that starts up after a random part of the interval, of a second at most, so that a fleet is not asked all at once.
   */
  start(): void {
    if (this.#state !== "new") return;
    this.#state = "running";
    const { start, interval } = this.#plan, { random } = this.#world;
    if (start === "down") this.#look();
    else this.#lookAfter(random() * Math.min(interval, SPREAD));
  }

  /** Ends it, with the probe that is under way. What it was last stays readable. */
  close(): void {
    this.#state = "closed";
    this.#next?.cancel();
    this.#cancelProbe?.();
  }

  #lookAfter(ms: number): void {
    this.#next = this.#world.deadlines.after(ms, () => this.#look());
  }

  #look(): void {
    const began = this.#world.clock.now();
    this.#cancelProbe = this.#probe((result) => this.#looked(result, began));
  }

  #looked(result: ProbeResult, began: number): void {
    const { clock, random } = this.#world, { interval, jitter } = this.#plan, before = this.#report;
    this.#report = {
      passed: result.passed,
      reason: result.passed ? "" : result.reason,
      at: clock.wall(),
      duration: clock.now() - began,
      inARow: before?.passed === result.passed ? before.inARow + 1 : 1,
    };
    this.#lookAfter(interval * (1 + jitter * (2 * random() - 1)));
    this.#judge(this.#report);
  }

  #judge({ passed, reason, inARow }: ProbeReport): void {
    if (passed === this.#up || inARow < (passed ? this.#rise : this.#plan.fall)) return;
    this.#up = passed;
    this.#rise = this.#plan.rise;
    const probes = inARow === 1 ? "1 probe" : `${inARow} probes`;
    this.#onChange(passed, passed ? `${probes} passed` : `${probes} failed: ${reason}`);
  }
}

/** A circuit breaker with a clock turned by hand, and everything that it told. @module */

import type { Random } from "../../../src/core/random.ts";
import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import type { BreakerPlan } from "../../../src/upstreams/breaker/breaker_plan.ts";
import { type BreakerState, CircuitBreaker } from "../../../src/upstreams/breaker/circuit_breaker.ts";
import { FakeClock } from "../../support/fake_clock.ts";

/** Statuses that count as a success and as a failure in every plan of these tests. */
export const GOOD = 200, BAD = 503;

/** Two failures in a row open it for a second; times are whole ticks of the wheel, so that they are exact. */
export const PLAN: BreakerPlan = {
  per: "endpoint",
  failureThreshold: null,
  failureRatio: null,
  minRequests: 20,
  consecutiveFailures: 2,
  window: 10_000,
  openFor: 1_000,
  maxOpenFor: 10_000,
  jitter: 0,
  halfOpenRequests: 1,
  successThreshold: 1,
  failures: ["connect-error", "reset", "timeout", "protocol-error", "5xx"],
};

export class BreakerBed {
  readonly clock = new FakeClock();
  readonly wheel = new TimerWheel(this.clock);
  readonly knob: { readonly id: string; value: number } | null;
  readonly breaker: CircuitBreaker;
  /** `from > to`, in the order in which they were told. */
  readonly transitions: string[] = [];
  /** What somebody believes who looks at `admits` only when told. */
  believed = true;

  constructor(overrides: Partial<BreakerPlan> = {}, random: Random = () => 0) {
    const plan = { ...PLAN, ...overrides }, value = plan.failureThreshold;
    this.knob = value === null ? null : { id: "failureThreshold", value };
    this.breaker = new CircuitBreaker(plan, this.knob, { clock: this.clock, random, deadlines: this.wheel }, {
      onTransition: (from, to) => void this.transitions.push(`${from} > ${to}`),
      onAdmission: () => this.believed = this.breaker.admits,
    });
  }

  get state(): BreakerState {
    return this.breaker.state;
  }

  /** As many attempts as codes, one after the other. */
  attempts(...codes: number[]): void {
    for (const code of codes) this.breaker.settle(this.breaker.acquire(), code);
  }

  /** Trips it, if its plan is that of two failures in a row. */
  trip(): void {
    this.attempts(BAD, BAD);
  }

  /** Trips it and waits until it is half-open. */
  halfOpen(): void {
    this.trip();
    this.clock.advance(PLAN.openFor);
  }
}

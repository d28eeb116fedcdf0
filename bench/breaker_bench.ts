/**
 * What a circuit breaker costs an attempt: `deno bench bench/breaker_bench.ts`. Each run is a thousand of them, so
 * microseconds read as nanoseconds. The clock is the system's; the last group shows what reading it costs alone.
 *
 * @module
 */

import { systemClock } from "../src/core/clock.ts";
import { systemRandom } from "../src/core/random.ts";
import { TimerWheel } from "../src/core/timer_wheel.ts";
import type { BreakerPlan } from "../src/upstreams/breaker/breaker_plan.ts";
import { CircuitBreaker } from "../src/upstreams/breaker/circuit_breaker.ts";

const RUN = 1000;

const PLAN: BreakerPlan = {
  per: "endpoint",
  failureThreshold: null,
  failureRatio: null,
  minRequests: 20,
  consecutiveFailures: null,
  window: 60_000,
  openFor: 30_000,
  maxOpenFor: 300_000,
  jitter: 0.1,
  halfOpenRequests: 3,
  successThreshold: 2,
  failures: ["connect-error", "reset", "timeout", "protocol-error", "5xx"],
};

const rules: Record<string, Partial<BreakerPlan>> = {
  "failureThreshold": { failureThreshold: 5e8 },
  "failureRatio": { failureRatio: 1 },
  "consecutiveFailures": { consecutiveFailures: 5e8 },
  "all three": { failureThreshold: 5e8, failureRatio: 1, consecutiveFailures: 5e8 },
};

const world = { clock: systemClock, random: systemRandom, deadlines: new TimerWheel(systemClock) };
const events = { onTransition() {}, onAdmission() {} };

function open(overrides: Partial<BreakerPlan>): CircuitBreaker {
  const plan = { ...PLAN, ...overrides }, value = plan.failureThreshold;
  return new CircuitBreaker(plan, value === null ? null : { id: "bench", value }, world, events);
}

for (const [name, overrides] of Object.entries(rules)) {
  const breaker = open(overrides);
  Deno.bench(`1000 × acquire and settle(200), ${name}`, { group: "closed" }, () => {
    for (let i = 0; i < RUN; i++) breaker.settle(breaker.acquire(), 200);
  });
}

const given = open(rules["all three"]);
let read = systemClock.now();
Deno.bench("1000 × acquire and settle(200, now), all three, the clock read by the caller", { group: "closed" }, () => {
  for (let i = 0; i < RUN; i++) given.settle(given.acquire(), 200, read += 0.1);
});

const mixed = open(rules["all three"]);
Deno.bench("1000 × acquire and settle, one in ten a 503, all three", { group: "closed" }, () => {
  for (let i = 0; i < RUN; i++) mixed.settle(mixed.acquire(), i % 10 === 0 ? 503 : 200);
});

const tripped = open({ consecutiveFailures: 1 });
tripped.settle(tripped.acquire(), 503);
Deno.bench("1000 × acquire, refused", { group: "open" }, () => {
  let refused = 0;
  for (let i = 0; i < RUN; i++) if (tripped.acquire() === 0) refused++;
  if (refused !== RUN) throw new Error("the breaker is not open");
});

/** Keeps the compiler from leaving the work out. */
export let sink = 0;
Deno.bench("1000 × clock.now()", { group: "clock" }, () => {
  for (let i = 0; i < RUN; i++) sink += systemClock.now();
});

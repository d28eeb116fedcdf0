/** Real endpoints that nothing is sent to. @module */

import { TimerWheel } from "../../src/core/timer_wheel.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { CircuitBreaker } from "../../src/upstreams/breaker/circuit_breaker.ts";
import { EndpointLoad } from "../../src/upstreams/endpoint_load.ts";
import { HealthCheck } from "../../src/upstreams/health/health_check.ts";
import { OutlierRecord } from "../../src/upstreams/health/outlier_record.ts";
import type { OutlierPlan } from "../../src/upstreams/health/outlier_plan.ts";
import { LiveEndpoint } from "../../src/upstreams/live_endpoint.ts";
import { SlowStart } from "../../src/upstreams/slow_start.ts";
import type { EndpointPlan } from "../../src/upstreams/upstream_plan.ts";
import { FakeClock } from "../support/fake_clock.ts";

export const OUTLIERS: OutlierPlan = {
  consecutiveGatewayErrors: 1,
  consecutive5xx: null,
  successRate: null,
  ejectFor: 30_000,
  maxEjectFor: 300_000,
  maxEjected: 1,
  panicThreshold: 0,
};

/** The plan of endpoint `o/<name>`. */
export function endpointPlan(name: string, overrides: Partial<EndpointPlan> = {}): EndpointPlan {
  return {
    id: `o/${name}`,
    url: `http://${name}:80`,
    scheme: "http",
    address: { kind: "tcp", hostname: name, port: 80 },
    weight: 1,
    tier: 0,
    maxInFlight: null,
    demo: null,
    ...overrides,
  };
}

/** What a test says of an endpoint. */
export interface EndpointState {
  readonly tier?: number;
  readonly weight?: number;
  /** By active checks; absent: there are none. */
  readonly health?: "up" | "down";
  readonly ejected?: boolean;
  /** Of the breaker; absent: there is none. */
  readonly breaker?: "closed" | "open";
  readonly full?: boolean;
  /** Milliseconds. */
  readonly slowStart?: number;
}

/** An endpoint in this state, with room for one request. */
export function liveEndpoint(name: string, state: EndpointState = {}): LiveEndpoint {
  const { tier = 0, weight = 1, health, ejected = false, breaker, full = false, slowStart = 0 } = state;
  const load = new EndpointLoad();
  if (full) load.inFlight = 1;
  const endpoint = new LiveEndpoint(endpointPlan(name, { tier, weight }), `${name}`, 1, {
    transport: UNUSED,
    load,
    slowStart: new SlowStart(slowStart),
    health: health === undefined ? null : healthOf(health),
    breaker: breaker === undefined ? null : breakerOf(breaker === "open"),
    preference: { id: `weight/o/${name}`, value: weight },
  });
  endpoint.outlier = new OutlierRecord(endpoint, OUTLIERS, { counting() {}, standsOut() {} });
  if (ejected) endpoint.outlier.eject({ until: 0, why: "test" });
  return endpoint;
}

const UNUSED: Transport = {
  send() {
    throw new Error("nothing is sent here");
  },
  close() {},
};

function world() {
  const clock = new FakeClock();
  return { clock, random: () => 0, deadlines: new TimerWheel(clock) };
}

function healthOf(start: "up" | "down"): HealthCheck {
  const plan = { probe: { kind: "tcp" }, interval: 1_000, jitter: 0, timeout: 1_000, rise: 1, fall: 1, start } as const;
  return new HealthCheck(plan, () => () => {}, world(), () => {});
}

function breakerOf(open: boolean): CircuitBreaker {
  const breaker = new CircuitBreaker(
    {
      per: "endpoint",
      failureThreshold: null,
      failureRatio: null,
      minRequests: 1,
      consecutiveFailures: 1,
      window: 1_000,
      openFor: 1_000,
      maxOpenFor: 1_000,
      jitter: 0,
      halfOpenRequests: 1,
      successThreshold: 1,
      failures: [503],
    },
    null,
    world(),
    { onTransition() {}, onAdmission() {} },
  );
  if (open) breaker.settle(breaker.acquire(), 503);
  return breaker;
}

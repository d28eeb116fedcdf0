/** The gateway as somebody sets it up who wants it to survive; the same in tests and beside other proxies. @module */

import { HEALTH_PATH } from "./faulty_endpoint.ts";
import type { ProxyTimeouts } from "./scenario.ts";

/** Settings of an upstream: plain data, as they stand in a config. */
export type FaultSettings = ReturnType<typeof gatewaySettings>;

/**
 * An upstream of two endpoints with retries, probes, ejection and a breaker. Listing 500 among what is tried again is the
 * one departure from the defaults of `retry`.
 *
 * @param away milliseconds that an endpoint which fails is left alone
 */
export function gatewaySettings(endpoints: readonly [number, number], timeouts: ProxyTimeouts, away: number) {
  return {
    endpoints: endpoints.map((port) => `http://127.0.0.1:${port}` as const),
    timeouts: { connect: ms(timeouts.connect), head: ms(timeouts.head), idle: ms(timeouts.idle) },
    retry: { on: ["connect-error", "reset", "timeout", "protocol-error", 500, 502, 503, 504] as const },
    health: { path: HEALTH_PATH, interval: "500ms", timeout: ms(timeouts.connect), fall: 2 } as const,
    outliers: { consecutiveGatewayErrors: 5, consecutive5xx: 5, ejectFor: ms(away) },
    circuitBreaker: { failureThreshold: 5, openFor: ms(away) },
  };
}

function ms(value: number): `${number}ms` {
  return `${value}ms`;
}

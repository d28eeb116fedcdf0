/** A start as tests of its tellers need it. @module */

import type { Plan, RoutePlan } from "../../src/compile/plan.ts";
import type { Started } from "../../src/cli/started.ts";
import { targetTo, upstreamPlan } from "../support/upstream_plan.ts";
import { PLAIN_ACCESS_LOG, QUIET } from "../support/telemetry.ts";

/** A route to the upstream `fast`. */
export function routeTo(path: string, changes: Partial<RoutePlan> = {}): RoutePlan {
  return {
    id: path,
    path,
    hosts: [],
    methods: [],
    predicates: [],
    target: targetTo("fast"),
    policies: [],
    telemetry: { traces: null, accessLog: null },
    public: false,
    source: "routes[0]",
    ...changes,
  };
}

/** A gateway that was started with these routes. */
export function startedWith(routes: readonly RoutePlan[], changes: Partial<Plan> = {}): Started {
  return {
    version: "1.2.3",
    source: "gateway.config.ts",
    listeners: [{ hostname: "0.0.0.0", port: 8080 }, { hostname: "::1", port: 8081 }],
    admin: { hostname: "127.0.0.1", port: 9901 },
    demos: [
      { kind: "fast", url: "http://127.0.0.1:9001", plan: { kind: "fast" } },
      { kind: "slow", url: "http://127.0.0.1:9003", plan: { kind: "slow", delay: 800 } },
      { kind: "fast", url: "http://127.0.0.1:9002", plan: { kind: "fast" } },
      { kind: "faulty", url: "http://127.0.0.1:9004", plan: { kind: "faulty", failureRate: 0.3 } },
    ],
    plan: {
      listeners: [],
      admin: null,
      trustedProxies: [],
      methods: [],
      paths: { encodedSlash: "keep", mergeSlashes: false },
      requestId: { accept: "any", header: "x-request-id" },
      shutdown: { delay: 0, grace: 30_000 },
      telemetry: { ...QUIET, accessLog: PLAIN_ACCESS_LOG },
      upstreams: [upstreamPlan("fast", [9001, 9002])],
      stores: [],
      consumers: [],
      policies: [],
      routes,
      ...changes,
    },
  };
}

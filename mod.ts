/**
 * Gatewright: an API gateway whose config is TypeScript.
 *
 * A `gateway.config.ts` imports from here and exports what {@link defineGateway} returns.
 *
 * @example
 * ```ts
 * import { defineGateway } from "gatewright";
 *
 * export default defineGateway({ routes: [{ path: "/*", upstream: "http://localhost:3000" }] });
 * ```
 *
 * @module
 */

export { defineGateway } from "./src/config/define_gateway.ts";
export { defineBase } from "./src/config/define_base.ts";
export { routes } from "./src/config/define_routes.ts";
export { demo } from "./src/config/demo.ts";
export { secret } from "./src/core/secret.ts";
export { contextKey } from "./src/core/context_key.ts";
export { headers } from "./src/policies/shape/headers.ts";
export { fault } from "./src/policies/traffic/fault.ts";
export { adaptiveConcurrency } from "./src/policies/traffic/adaptive_concurrency.ts";
export { concurrencyLimit } from "./src/policies/traffic/concurrency_limit.ts";
export { loadShed } from "./src/policies/traffic/load_shed.ts";
export { rateLimit } from "./src/policies/traffic/rate_limit.ts";
export { defineAlgorithm } from "./src/policies/traffic/define_algorithm.ts";
export { memory } from "./src/state/memory.ts";
export { redis } from "./src/state/redis.ts";
export { shared } from "./src/state/shared_memory.ts";
export { defineBalancer } from "./src/upstreams/balancers/define_balancer.ts";
export { definePolicy } from "./src/policies/define_policy.ts";

export type { Gateway } from "./src/config/types/gateway.ts";
export type { RouteSet } from "./src/config/types/route_set.ts";
export type { Base } from "./src/config/types/base.ts";
export type { RouteConfig } from "./src/config/types/route.ts";
export type { Balance, InFlight, Sticky } from "./src/config/types/balance.ts";
export type { CircuitBreaker } from "./src/config/types/circuit_breaker.ts";
export type { Health, Outliers } from "./src/config/types/health.ts";
export type { Hedge, Retry } from "./src/config/types/retry.ts";
export type { Timeouts } from "./src/config/types/timeouts.ts";
export type { Mirror, Split, SplitBranch } from "./src/config/types/traffic.ts";
export type { Upstream, UpstreamConfig } from "./src/config/types/upstream.ts";
export type { Demo } from "./src/config/demo.ts";
export type { ContextKey } from "./src/core/context_key.ts";
export type { Client } from "./src/core/exchange.ts";
export type { Identity } from "./src/core/identity.ts";
export type { Fact, Key } from "./src/core/key.ts";
export type { Log } from "./src/core/log.ts";
export type { Policy } from "./src/core/policy.ts";
export type { Secret } from "./src/core/secret.ts";
export type { Duration, Size } from "./src/core/units.ts";
export type { Context, ContextReply, RouteHandler } from "./src/policies/context.ts";
export type { PolicyContext, PolicyResult } from "./src/policies/define_policy.ts";
export type { HeadersOptions } from "./src/policies/shape/headers.ts";
export type { AdaptiveConcurrencyOptions, AdaptiveProbe } from "./src/policies/traffic/adaptive_concurrency.ts";
export type { ConcurrencyLimitOptions, CountedKey } from "./src/policies/traffic/concurrency_limit.ts";
export type { LoadShedOptions, PriorityBy } from "./src/policies/traffic/load_shed.ts";
export type { Priority } from "./src/policies/traffic/overload/priority.ts";
export type { KeyFunction, KeySpec } from "./src/policies/keys/key_spec.ts";
export type {
  CustomLimit,
  LeakyBucketLimit,
  Limit,
  RateLimitOptions,
  TieredLimit,
  TokenBucketLimit,
  WindowLimit,
} from "./src/policies/traffic/rate_limit.ts";
export type { Algorithm, Rule, Verdict } from "./src/core/limit.ts";
export type {
  RedisBreakerOptions,
  RedisClusterOptions,
  RedisLeaseOptions,
  RedisOptions,
  RedisSentinelOptions,
  RedisServerOptions,
  RedisSettings,
} from "./src/state/redis.ts";
export type { SharedOptions } from "./src/state/shared_memory.ts";
export type { StoreConfig } from "./src/core/store.ts";
export type { FaultAbort, FaultDelay, FaultOptions } from "./src/policies/traffic/fault.ts";
export type { BalancerRequest, CustomBalancer } from "./src/upstreams/balancers/define_balancer.ts";
export type { Endpoint } from "./src/upstreams/endpoint.ts";

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
export { bodyLimit } from "./src/policies/guard/body_limit.ts";
export { cors } from "./src/policies/guard/cors.ts";
export { csrf } from "./src/policies/guard/csrf.ts";
export { guard } from "./src/policies/guard/guard.ts";
export { ipFilter } from "./src/policies/guard/ip_filter.ts";
export { securityHeaders } from "./src/policies/guard/security_headers.ts";
export { allOf } from "./src/policies/auth/all_of.ts";
export { allow } from "./src/policies/auth/allow.ts";
export { anyOf } from "./src/policies/auth/any_of.ts";
export { apiKey } from "./src/policies/auth/api_key.ts";
export { basicAuth } from "./src/policies/auth/basic_auth.ts";
export { forwardAuth } from "./src/policies/auth/forward_auth.ts";
export { hmac } from "./src/policies/auth/hmac.ts";
export { introspect } from "./src/policies/auth/introspect.ts";
export { mtls } from "./src/policies/auth/mtls.ts";
export { optional } from "./src/policies/auth/optional.ts";
export { cache } from "./src/policies/cache/cache.ts";
export { compress } from "./src/policies/shape/compress.ts";
export { headers } from "./src/policies/shape/headers.ts";
export { transform } from "./src/policies/shape/transform.ts";
export { validate } from "./src/policies/validate/validate.ts";
export { jwt } from "./src/policies/auth/jwt.ts";
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
export type { ConsumerCertificate, ConsumerConfig, ConsumerSubject } from "./src/config/types/consumers.ts";
export type { Health, Outliers } from "./src/config/types/health.ts";
export type { Hedge, Retry } from "./src/config/types/retry.ts";
export type { RouteTelemetry, TelemetryConfig } from "./src/config/types/telemetry.ts";
export type { Timeouts } from "./src/config/types/timeouts.ts";
export type { Mirror, Split, SplitBranch } from "./src/config/types/traffic.ts";
export type { Upstream, UpstreamConfig } from "./src/config/types/upstream.ts";
export type { Demo } from "./src/config/demo.ts";
export type { ContextKey } from "./src/core/context_key.ts";
export type { Client } from "./src/core/exchange.ts";
export type { ClientCertificate } from "./src/core/client_certificate.ts";
export type { Invariant, InvariantRoute } from "./src/core/invariant.ts";
export type { Identity } from "./src/core/identity.ts";
export type { Fact, Key } from "./src/core/key.ts";
export type { Log } from "./src/core/log.ts";
export type { Policy } from "./src/core/policy.ts";
export type { Secret } from "./src/core/secret.ts";
export type { Duration, Size } from "./src/core/units.ts";
export type { Context, ContextReply, RouteHandler } from "./src/policies/context.ts";
export type { PolicyContext, PolicyResult } from "./src/policies/define_policy.ts";
export type { BodyLimitOptions } from "./src/policies/guard/body_limit.ts";
export type { CorsOptions } from "./src/policies/guard/cors.ts";
export type { CspDirectives } from "./src/policies/guard/content_security_policy.ts";
export type { CsrfOptions } from "./src/policies/guard/csrf.ts";
export type { GuardOptions, GuardRefusal, GuardVerdict } from "./src/policies/guard/guard.ts";
export type { AddressOption, IpFilterOptions } from "./src/policies/guard/ip_filter.ts";
export type { OriginFunction, OriginRule } from "./src/policies/guard/origin_rule.ts";
export type { PermissionsPolicy } from "./src/policies/guard/permissions_policy.ts";
export type { HstsOptions, SecurityHeadersOptions } from "./src/policies/guard/security_headers.ts";
export type { AllowOptions } from "./src/policies/auth/allow.ts";
export type { ApiKeyEntry, ApiKeyOptions, KeyHash } from "./src/policies/auth/api_key.ts";
export type { FindKey, KeyOwner } from "./src/policies/auth/api_key/key_function.ts";
export type { KeyPlace } from "./src/policies/auth/api_key/key_place.ts";
export type { ClaimValue, WhenFunction } from "./src/policies/auth/allow_schema.ts";
export type { BasicAuthOptions } from "./src/policies/auth/basic_auth.ts";
export type { UserDetails, VerifyPassword } from "./src/policies/auth/basic_auth/password_function.ts";
export type { ForwardAuthOptions, ForwardCacheKey } from "./src/policies/auth/forward_auth.ts";
export type { HmacOptions, SharedKey, SignatureComponent, SigningKey } from "./src/policies/auth/hmac.ts";
export type { PublicKeyAlgorithm } from "./src/policies/auth/hmac/algorithms.ts";
export type { IntrospectOptions } from "./src/policies/auth/introspect.ts";
export type { MtlsOptions } from "./src/policies/auth/mtls.ts";
export type { CertificatePart } from "./src/policies/auth/mtls/certificate_fields.ts";
export type {
  CacheKey,
  CacheKeyOptions,
  CacheOptions,
  CacheQueryOptions,
  CacheVary,
} from "./src/policies/cache/cache_options.ts";
export type { CompressOptions } from "./src/policies/shape/compress.ts";
export type { HeadersOptions } from "./src/policies/shape/headers.ts";
export type {
  RequestBodyFunction,
  ResponseBodyFunction,
  TransformOptions,
  TransformResponse,
  TransformSide,
} from "./src/policies/shape/transform.ts";
export type { BodyTemplate } from "./src/policies/shape/transform/body_template.ts";
export type { StatusText } from "./src/policies/shape/transform/status_filter.ts";
export type {
  OpenApiOperation,
  ParamsSchema,
  ResponseValidation,
  ValidateOptions,
} from "./src/policies/validate/validate.ts";
export type { JsonSchema } from "./src/policies/validate/json_schema.ts";
export type { JwtOptions, PublicJwk } from "./src/policies/auth/jwt.ts";
export type { JwtAlgorithm } from "./src/policies/auth/jwt/algorithms.ts";
export type { ClaimPath } from "./src/policies/auth/claims/claim_path.ts";
export type { ClaimRule } from "./src/policies/auth/jwt/claim_rules.ts";
export type { TokenPlace } from "./src/policies/auth/jwt/token_places.ts";
export type { AdaptiveConcurrencyOptions, AdaptiveProbe } from "./src/policies/traffic/adaptive_concurrency.ts";
export type { ConcurrencyLimitOptions, CountedKey } from "./src/policies/traffic/concurrency_limit.ts";
export type { LoadShedOptions, PriorityBy } from "./src/policies/traffic/load_shed.ts";
export type { Priority } from "./src/policies/traffic/overload/priority.ts";
export type { KeyFunction, KeySpec } from "./src/policies/keys/key_spec.ts";
export type { ServiceOption } from "./src/policies/service/service_address.ts";
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

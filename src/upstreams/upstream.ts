/** A named pool of endpoints, built from its plan. @module */

import type { BuildEnv } from "../core/build_env.ts";
import type { Exchange } from "../core/exchange.ts";
import { ConfigError } from "../core/issue.ts";
import type { Reply } from "../core/reply.ts";
import type { Balancer } from "./balancers/balancer.ts";
import { buildBalancer } from "./balancers/build_balancer.ts";
import { buildBreaker } from "./breaker/build_breaker.ts";
import type { CircuitBreaker } from "./breaker/circuit_breaker.ts";
import { endpointBuilder, type UpstreamClient } from "./build_endpoint.ts";
import { DnsEndpoints } from "./discovery/dns_endpoints.ts";
import { dnsResolve } from "./discovery/dns_resolve.ts";
import { Eligibility } from "./eligibility.ts";
import { EndpointSet } from "./endpoint_set.ts";
import { h2Limits } from "./h2_limits.ts";
import { OutlierDetection } from "./health/outlier_detection.ts";
import type { LiveEndpoint } from "./live_endpoint.ts";
import { SharedParts } from "./shared_parts.ts";
import { StickyCookie } from "./sticky/sticky_cookie.ts";
import { UpstreamLoad } from "./upstream_load.ts";
import type { UpstreamPlan } from "./upstream_plan.ts";
import { readTls } from "./upstream_tls.ts";

/** What an upstream is put together from. */
interface UpstreamParts {
  readonly load: UpstreamLoad;
  readonly endpoints: EndpointSet;
  readonly balancer: Balancer;
  readonly breaker: CircuitBreaker | null;
  readonly outliers: OutlierDetection | null;
  readonly sticky: StickyCookie | null;
  readonly dns: DnsEndpoints | null;
}

/** An upstream ready for traffic. */
export class Upstream {
  readonly name: string;
  readonly plan: UpstreamPlan;
  readonly load: UpstreamLoad;
  readonly eligibility: Eligibility;
  /** The breaker of the whole. */
  readonly breaker: CircuitBreaker | null;
  readonly outliers: OutlierDetection | null;
  readonly dns: DnsEndpoints | null;
  /** Requests under way at once. */
  readonly maxActive: number;
  readonly #endpoints: EndpointSet;
  readonly #balancer: Balancer;
  readonly #sticky: StickyCookie | null;
  /** Those that sticky cookies are known for. */
  #signed: readonly LiveEndpoint[] | null = null;

  constructor(plan: UpstreamPlan, parts: UpstreamParts) {
    this.name = plan.name;
    this.plan = plan;
    this.load = parts.load;
    this.breaker = parts.breaker;
    this.outliers = parts.outliers;
    this.dns = parts.dns;
    this.maxActive = plan.maxInFlight.total ?? Infinity;
    this.#endpoints = parts.endpoints;
    this.#balancer = parts.balancer;
    this.#sticky = parts.sticky;
    this.eligibility = new Eligibility(parts.endpoints.current, parts.load, plan.outliers);
  }

  /** The endpoints that there are now. */
  get endpoints(): readonly LiveEndpoint[] {
    return this.#endpoints.current();
  }

  /** Milliseconds until a breaker lets an attempt pass; 0: not known. */
  get openFor(): number {
    const waits = this.endpoints.flatMap(({ breaker }) => breaker?.opensFor || []);
    return waits.length === 0 ? 0 : Math.min(...waits);
  }

  /** Where an exchange goes: where it went before, if it may, else as the balancer says. @throws what a custom balancer throws */
  pick(eligible: readonly LiveEndpoint[], exchange: Exchange): LiveEndpoint {
    const stuck = this.#sticky === null ? undefined : this.#stuckTo(this.#sticky, eligible, exchange);
    // Balancers know less of endpoints than there is to know, and give back one of those that they were given.
    return stuck ?? this.#balancer.pick(eligible, exchange) as LiveEndpoint;
  }

  /** Whether a cookie leads the client to an endpoint that there is. */
  leads(exchange: Exchange): boolean {
    return this.#sticky !== null && this.#sticky.endpointOf(exchange) !== null;
  }

  /** Gives the client a cookie, unless it has the one that leads here. */
  stick({ id }: LiveEndpoint, exchange: Exchange, reply: Reply): void {
    if (this.#sticky === null || this.#sticky.endpointOf(exchange) === id) return;
    reply.headers.add("set-cookie", this.#sticky.setCookie(id, exchange.scheme === "https"));
  }

  /** The Host that an endpoint is sent. */
  hostFor(exchange: Exchange, { authority }: LiveEndpoint): string {
    const { host } = this.plan;
    if (host === "endpoint") return authority;
    // A client in HTTP/1.0 may name no host, and every request in HTTP/1.1 has one (RFC 9112 §3.2).
    return host === "client" ? exchange.authority || authority : host.value;
  }

  #stuckTo(
    sticky: StickyCookie,
    eligible: readonly LiveEndpoint[],
    exchange: Exchange,
  ): LiveEndpoint | undefined {
    const { endpoints } = this;
    if (this.#signed !== endpoints) {
      sticky.setEndpoints(endpoints.map(({ id }) => id));
      this.#signed = endpoints;
    }
    const id = sticky.endpointOf(exchange);
    return id === null ? undefined : eligible.find((endpoint) => endpoint.id === id);
  }
}

/**
 * Builds an upstream. What counts and remembers is kept over a reload for as long as what it depends on is the same.
 * @throws ConfigError when a secret cannot be read, or the protocol does not go with the rest
 */
export function buildUpstream(plan: UpstreamPlan, client: UpstreamClient, env: Omit<BuildEnv, "dispatch">): Upstream {
  refuseLimits(plan);
  const { name } = plan, tls = readTls(plan, env.secrets);
  const load = env.state(`upstream/${name}`, null, () => new UpstreamLoad());
  const parts = env.state(`endpoint parts/${name}`, null, () => new SharedParts());
  const dns = plan.dns &&
    env.state(`dns/${name}`, plan.dns, () => new DnsEndpoints(name, plan.dns!, dnsResolve(env.deadlines), env));
  const outliers = plan.outliers && env.state(`outliers/${name}`, plan.outliers, () => detection(plan, load, env));
  const { endpoints: list, slowStart, maxInFlight, health, circuitBreakers, pool, protocol, balance } = plan;
  const fades = balance.kind === "peak-ewma" || balance.kind === "weighted-latency";
  const endpoints = env.state(
    `endpoints/${name}`,
    {
      list,
      dns: plan.dns,
      tls,
      slowStart,
      maxInFlight,
      health,
      circuitBreakers,
      pool,
      protocol,
      fades,
      outliers: plan.outliers,
    },
    () => {
      const build = endpointBuilder({ upstream: plan, tls, client, env, parts, load });
      return new EndpointSet(list, { build, parts, load, outliers, dns, fades, world: env });
    },
  );
  const breakerPlan = circuitBreakers.find(({ per }) => per === "upstream");
  return new Upstream(plan, {
    load,
    endpoints,
    dns,
    outliers,
    balancer: balancerOf(plan, env),
    breaker: breakerPlan === undefined ? null : env.state(
      `breaker/${name}`,
      breakerPlan,
      () => buildBreaker(breakerPlan, { upstream: name, endpoint: "" }, env, () => load.admit()),
    ),
    sticky: stickyOf(plan, env),
  });
}

function balancerOf({ name, balance }: UpstreamPlan, { state, random, log }: Omit<BuildEnv, "dispatch">): Balancer {
  const build = () => buildBalancer(balance, random, log);
  // Two functions cannot be compared: what has one begins anew with each plan.
  const hasFunction = balance.kind === "custom" || balance.kind === "hash" && typeof balance.by === "function";
  return hasFunction ? build() : state(`balancer/${name}`, balance, build);
}

function detection(
  { name, outliers }: UpstreamPlan,
  load: UpstreamLoad,
  env: Omit<BuildEnv, "dispatch">,
): OutlierDetection {
  return new OutlierDetection(outliers!, env, (endpoint, ejected, reason) => {
    const event = { upstream: name, endpoint: endpoint.id, ejected, reason };
    env.log[ejected ? "warn" : "info"](ejected ? "endpoint is ejected" : "endpoint is no longer ejected", event);
    env.events.emit("endpoint.ejected", event);
    // Members of a detection are the endpoints that it was given.
    if (!ejected) (endpoint as LiveEndpoint).slowStart.begin(env.clock.now());
    load.touch();
  });
}

function stickyOf({ name, sticky }: UpstreamPlan, { secrets }: Omit<BuildEnv, "dispatch">): StickyCookie | null {
  if (sticky === null) return null;
  const found = secrets(sticky.secret);
  if ("value" in found) return new StickyCookie(name, sticky, found.value);
  throw new ConfigError([{ severity: "error", path: `upstreams.${name}.sticky.secret`, message: found.error }]);
}

/** Nothing that guards a connection is left out in silence, even where nobody ran the check. */
function refuseLimits(plan: UpstreamPlan): void {
  const limits = h2Limits(plan);
  if (limits.length === 0) return;
  throw new ConfigError(limits.map(({ at, message, seen, remedy }) => ({
    severity: "error",
    path: `upstreams.${plan.name}${at.map((key) => typeof key === "number" ? `[${key}]` : `.${key}`).join("")}`,
    message,
    seen,
    remedy,
  })));
}

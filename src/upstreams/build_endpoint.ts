/** How an endpoint is put together. @module */

import type { BuildEnv } from "../core/build_env.ts";
import { ConfigError } from "../core/issue.ts";
import { thrownMessage } from "../core/thrown.ts";
import { Histogram } from "../telemetry/metrics/histogram.ts";
import { FetchTransport } from "../transport/fetch_transport.ts";
import type { Http1Client } from "../transport/http1_client.ts";
import type { Address } from "../transport/socket.ts";
import type { Transport } from "../transport/transport.ts";
import { buildBreaker } from "./breaker/build_breaker.ts";
import type { CircuitBreaker } from "./breaker/circuit_breaker.ts";
import { endpointAuthority, hostAuthority } from "./endpoint_authority.ts";
import { EndpointLoad } from "./endpoint_load.ts";
import { HealthCheck } from "./health/health_check.ts";
import type { HealthPlan } from "./health/health_plan.ts";
import { httpProbe } from "./health/http_probe.ts";
import { openHttp1 } from "./health/open_transport.ts";
import type { Probe } from "./health/probe.ts";
import { tcpProbe } from "./health/tcp_probe.ts";
import { LiveEndpoint } from "./live_endpoint.ts";
import type { SharedParts } from "./shared_parts.ts";
import { SlowStart } from "./slow_start.ts";
import type { UpstreamLoad } from "./upstream_load.ts";
import type { EndpointPlan, UpstreamPlan } from "./upstream_plan.ts";
import { addressOf, type SharedTls } from "./upstream_tls.ts";

/** Makes an endpoint; the keys of what it takes from the upstream's parts go into `keys`. */
export type BuildEndpoint = (plan: EndpointPlan, keys: string[]) => LiveEndpoint;

/** What opens connections to endpoints. */
export type UpstreamClient = Pick<Http1Client, "transport" | "connect">;

/** What the endpoints of an upstream have in common. */
export interface EndpointContext {
  readonly upstream: UpstreamPlan;
  readonly tls: SharedTls;
  readonly client: UpstreamClient;
  readonly env: Omit<BuildEnv, "dispatch">;
  readonly parts: SharedParts;
  readonly load: UpstreamLoad;
}

/** Bounds of what a controller may make of a weight. */
const PREFERENCE = { min: 0.001, max: 1_000 };

/** Makes the function that makes an upstream's endpoints. It throws a ConfigError where a client cannot be opened. */
export function endpointBuilder(context: EndpointContext): BuildEndpoint {
  const { upstream, tls, env, parts } = context;
  // Whoever asks for the endpoint's own Host means the name that DNS was asked for.
  const named = upstream.dns === null ? null : hostAuthority(upstream.dns);
  return (plan, keys) => {
    const { id } = plan, authority = named ?? endpointAuthority(plan), address = addressOf(plan, tls);
    const reach: Reach = { id, authority, address };
    const use: UsePart = (part, shape, create) => parts.use(`${part}/${id}`, shape, create, keys);
    const joins = parts.settled, limit = plan.maxInFlight ?? upstream.maxInFlight.perEndpoint ?? Infinity;
    const slowStart = use("slow start", upstream.slowStart, () => new SlowStart(upstream.slowStart));
    const load = use("load", null, () => {
      // Endpoints that come to a running upstream begin slowly, those that were there from the start do not.
      if (joins) slowStart.begin(env.clock.now());
      return new EndpointLoad();
    });
    const bounds = env.durationBounds;
    load.latencies = bounds === undefined ? null : use("latencies", bounds, () => new Histogram(bounds));
    return new LiveEndpoint(plan, authority, limit, {
      transport: use(
        "transport",
        [address, upstream.pool, upstream.protocol],
        () => openTransport(context, address, authority),
      ),
      load,
      slowStart,
      health: healthOf(context, reach, slowStart, use),
      breaker: breakerOf(context, id, use),
      // Who does not go by it leaves no knob behind.
      preference: upstream.balance.kind === "weighted-latency"
        ? env.knob(`weight/${id}`, plan.weight, PREFERENCE)
        : null,
    });
  };
}

type UsePart = <T extends object>(part: string, shape: unknown, create: () => T) => T;

/** How an endpoint is reached. */
interface Reach {
  readonly id: string;
  readonly authority: string;
  readonly address: Address;
}

function openTransport({ upstream, client, env }: EndpointContext, address: Address, authority: string): Transport {
  const { name, pool, protocol } = upstream;
  if (protocol === "h1") return client.transport(address, pool);
  try {
    return new FetchTransport(address, authority, pool, env.deadlines);
  } catch (error) {
    // The runtime reads certificates, and the permissions that it wants, when its client is made.
    const part = error instanceof Deno.errors.NotCapable ? "protocol" : "tls";
    const message = thrownMessage(error);
    throw new ConfigError([{ severity: "error", path: `upstreams.${name}.${part}`, message }]);
  }
}

function healthOf(context: EndpointContext, reach: Reach, slowStart: SlowStart, use: UsePart): HealthCheck | null {
  const { upstream: { name, health, protocol }, env, load } = context, endpoint = reach.id;
  if (health === null) return null;
  return use("health", [health, reach, protocol], () => {
    const check = new HealthCheck(health, probeOf(context, health, reach), env, (up, reason) => {
      if (up) slowStart.begin(env.clock.now());
      const event = { upstream: name, endpoint, up, reason };
      env.log[up ? "info" : "warn"](up ? "endpoint is healthy" : "endpoint is unhealthy", event);
      env.events.emit("endpoint.health", event);
      load.touch();
    });
    check.start();
    return check;
  });
}

function probeOf({ upstream, client, env }: EndpointContext, plan: HealthPlan, { address, authority }: Reach): Probe {
  const { probe, timeout } = plan, { deadlines } = env;
  if (probe.kind === "tcp") return tcpProbe(client.connect, address, timeout, deadlines);
  const open = upstream.protocol === "h1"
    ? openHttp1(client.connect, address, deadlines)
    : () => new FetchTransport(address, authority, { max: 1, idle: 0 }, deadlines);
  return httpProbe(open, probe, authority, timeout, deadlines);
}

function breakerOf({ upstream, env, load }: EndpointContext, endpoint: string, use: UsePart): CircuitBreaker | null {
  const plan = upstream.circuitBreakers.find(({ per }) => per === "endpoint");
  if (plan === undefined) return null;
  return use("breaker", plan, () => buildBreaker(plan, { upstream: upstream.name, endpoint }, env, () => load.touch()));
}

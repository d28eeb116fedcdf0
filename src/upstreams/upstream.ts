/** A named pool of endpoints, built from its plan. @module */

import type { BuildEnv } from "../core/build_env.ts";
import { ConfigError } from "../core/issue.ts";
import type { Secret } from "../core/secret.ts";
import { FetchTransport } from "../transport/fetch_transport.ts";
import type { Http1Client } from "../transport/http1_client.ts";
import type { TlsSettings } from "../transport/socket.ts";
import type { Transport } from "../transport/transport.ts";
import type { Balancer } from "./balancers/balancer.ts";
import { RoundRobin } from "./balancers/round_robin.ts";
import { type Endpoint, endpointAuthority } from "./endpoint.ts";
import { h2Limits } from "./h2_limits.ts";
import type { EndpointPlan, TimeoutsPlan, UpstreamPlan, UpstreamTlsPlan } from "./upstream_plan.ts";

/** An upstream ready for traffic. */
export interface Upstream {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  readonly balancer: Balancer;
  readonly host: UpstreamPlan["host"];
  readonly timeouts: TimeoutsPlan;
}

/**
 * Builds an upstream. Pools and the balancer's scores are kept over a reload for as long as what they depend on is the same.
 * @throws ConfigError when a secret of its TLS settings cannot be read, or its protocol does not go with the rest
 */
export function buildUpstream(plan: UpstreamPlan, client: Http1Client, env: BuildEnv): Upstream {
  refuseLimits(plan);
  const tls = plan.tls === null ? null : readTls(plan.tls, env, plan.name);
  const endpoints = plan.endpoints.map((endpoint, index): Endpoint => ({
    id: endpoint.id,
    index,
    weight: endpoint.weight,
    authority: endpointAuthority(endpoint),
    transport: buildTransport(endpoint, plan, tls, client, env),
  }));
  const shape = plan.endpoints.map(({ id, weight }) => ({ id, weight }));
  const balancer = env.state(`balancer/${plan.name}`, shape, () => new RoundRobin(endpoints.length));
  return { name: plan.name, endpoints, balancer, host: plan.host, timeouts: plan.timeouts };
}

/** The parts of TLS settings that are the same for all endpoints. */
type SharedTls = Omit<TlsSettings, "serverName"> & { readonly serverName: string | null };

function buildTransport(
  endpoint: EndpointPlan,
  plan: UpstreamPlan,
  tls: SharedTls | null,
  client: Http1Client,
  env: BuildEnv,
): Transport {
  const at = endpoint.address;
  const { hostname, port } = at.kind === "tcp" ? at : { hostname: "localhost", port: 0 };
  const settings: TlsSettings | null = endpoint.scheme === "http"
    ? null
    : { ca: null, cert: null, key: null, insecureSkipVerify: false, ...tls, serverName: tls?.serverName ?? hostname };
  const address = { hostname, port, tls: settings, ...(at.kind === "unix" ? { path: at.path } : {}) };
  const { pool: limits, protocol } = plan;
  return env.state(
    `transport/${endpoint.id}`,
    { address, limits, protocol },
    () =>
      protocol === "h1"
        ? client.transport(address, limits)
        : openFetch(plan.name, () => new FetchTransport(address, endpointAuthority(endpoint), limits, env.deadlines)),
  );
}

/** The runtime reads certificates, and the permissions that it wants, when its client is made. */
function openFetch(upstream: string, create: () => FetchTransport): FetchTransport {
  try {
    return create();
  } catch (error) {
    const part = error instanceof Deno.errors.NotCapable ? "protocol" : "tls";
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError([{ severity: "error", path: `upstreams.${upstream}.${part}`, message }]);
  }
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

function readTls(plan: UpstreamTlsPlan, env: BuildEnv, upstream: string): SharedTls {
  const read = (name: string, secret: Secret | null): string | null => {
    if (secret === null) return null;
    const found = env.secrets(secret);
    if ("value" in found) return found.value;
    throw new ConfigError([{ severity: "error", path: `upstreams.${upstream}.tls.${name}`, message: found.error }]);
  };
  return {
    serverName: plan.serverName,
    ca: read("ca", plan.ca),
    cert: read("cert", plan.cert),
    key: read("key", plan.key),
    insecureSkipVerify: plan.insecureSkipVerify,
  };
}

/** A named pool of endpoints, built from its plan. @module */

import type { BuildEnv } from "../core/build_env.ts";
import { ConfigError } from "../core/issue.ts";
import type { Secret } from "../core/secret.ts";
import type { Http1Client } from "../transport/http1_client.ts";
import type { Pool } from "../transport/pool.ts";
import type { TlsSettings } from "../transport/socket.ts";
import type { Balancer } from "./balancers/balancer.ts";
import { RoundRobin } from "./balancers/round_robin.ts";
import { type Endpoint, endpointAuthority } from "./endpoint.ts";
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
 * @throws ConfigError when a secret of its TLS settings cannot be read
 */
export function buildUpstream(plan: UpstreamPlan, client: Http1Client, env: BuildEnv): Upstream {
  const tls = plan.tls === null ? null : readTls(plan.tls, env, plan.name);
  const endpoints = plan.endpoints.map((endpoint, index): Endpoint => ({
    id: endpoint.id,
    index,
    weight: endpoint.weight,
    authority: endpointAuthority(endpoint),
    pool: buildPool(endpoint, plan, tls, client, env),
  }));
  const shape = plan.endpoints.map(({ id, weight }) => ({ id, weight }));
  const balancer = env.state(`balancer/${plan.name}`, shape, () => new RoundRobin(endpoints.length));
  return { name: plan.name, endpoints, balancer, host: plan.host, timeouts: plan.timeouts };
}

/** The parts of TLS settings that are the same for all endpoints. */
type SharedTls = Omit<TlsSettings, "serverName"> & { readonly serverName: string | null };

function buildPool(
  endpoint: EndpointPlan,
  plan: UpstreamPlan,
  tls: SharedTls | null,
  client: Http1Client,
  env: BuildEnv,
): Pool {
  const at = endpoint.address;
  const { hostname, port } = at.kind === "tcp" ? at : { hostname: "localhost", port: 0 };
  const settings: TlsSettings | null = endpoint.scheme === "http"
    ? null
    : { ca: null, cert: null, key: null, insecureSkipVerify: false, ...tls, serverName: tls?.serverName ?? hostname };
  const address = { hostname, port, tls: settings, ...(at.kind === "unix" ? { path: at.path } : {}) };
  return env.state(`pool/${endpoint.id}`, { address, limits: plan.pool }, () => client.pool(address, plan.pool));
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

/** What an upstream in HTTP/2 cannot have, because the runtime's client that speaks it cannot do it. @module */

import { BLOCKED_PORTS } from "../transport/fetch_ports.ts";
import { endpointAuthority } from "./endpoint_authority.ts";
import { upstreamScheme } from "./upstream_scheme.ts";
import type { EndpointPlan, UpstreamPlan } from "./upstream_plan.ts";

/** A setting that would not be honoured. */
export interface H2Limit {
  /** Where in the upstream: `["tls", "serverName"]`, `["endpoints", 1]`. */
  readonly at: readonly (string | number)[];
  readonly message: string;
  readonly seen: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** What is checked; endpoints have no ids yet when a config is. */
export type H2Upstream = Pick<UpstreamPlan, "health" | "dns" | "host" | "tls" | "protocol"> & {
  readonly endpoints: readonly Omit<EndpointPlan, "id">[];
};

/** Every setting of the upstream that keeps it from being spoken to in HTTP/2; none where it is not to be. */
export function h2Limits(upstream: H2Upstream): H2Limit[] {
  if (upstream.protocol === "h1") return [];
  return [
    ...foundNames(upstream),
    ...blockedPorts(upstream),
    ...tlsLimits(upstream),
    ...hostLimits(upstream),
    ...probeLimits(upstream),
  ];
}

/** It asks for a certificate of the host that it connects to, which is then an address. */
function foundNames({ dns }: H2Upstream): H2Limit[] {
  if (dns === null || dns.scheme === "http") return [];
  return [{
    at: ["protocol"],
    message: "over HTTP/2 with TLS an endpoint is asked for by its own name, and DNS finds addresses",
    seen: '"h2"',
    remedy: `protocol: "h1", or endpoints: ["https://${dns.hostname}${portText(dns.port)}"]`,
  }];
}

function blockedPorts({ endpoints }: H2Upstream): H2Limit[] {
  return endpoints.flatMap(({ address, url }, i) =>
    address.kind === "unix" || !BLOCKED_PORTS.has(address.port) ? [] : [{
      at: ["endpoints", i],
      message: `the runtime's client, which speaks HTTP/2, never connects to port ${address.port}`,
      seen: url,
      remedy: 'another port, or protocol: "h1"',
    }]
  );
}

function tlsLimits({ endpoints, tls }: H2Upstream): H2Limit[] {
  const limits: H2Limit[] = [], name = tls?.serverName?.toLowerCase() ?? null;
  const other = endpoints.find(({ address }) => address.kind === "tcp" && address.hostname !== name);
  if (name !== null && other?.address.kind === "tcp") {
    limits.push({
      at: ["tls", "serverName"],
      message: `over HTTP/2 the name asked for is the endpoint's own host, ${other.address.hostname}`,
      seen: JSON.stringify(tls?.serverName),
      remedy: `the endpoint "https://${name}${portText(other.address.port)}", or protocol: "h1"`,
    });
  }
  if (tls?.insecureSkipVerify) {
    limits.push({
      at: ["tls", "insecureSkipVerify"],
      message: "over HTTP/2 certificates are always verified",
      seen: "true",
      remedy: "ca: the certificate of the authority that signed the upstream's",
    });
  }
  return limits;
}

function portText(port: number): string {
  return port === 443 ? "" : `:${port}`;
}

/** In cleartext any Host can be sent; over TLS it is one with the name in the certificate. */
function hostLimits(upstream: H2Upstream): H2Limit[] {
  const { endpoints, dns, host } = upstream;
  if (dns !== null || upstreamScheme(upstream) === "http" || host === "endpoint") return [];
  if (host !== "client" && endpoints.every((endpoint) => endpointAuthority(endpoint) === host.value)) return [];
  return [{
    at: ["host"],
    message: "over HTTP/2 with TLS the Host sent is the endpoint's own",
    seen: JSON.stringify(host === "client" ? host : host.value),
    remedy: '"endpoint", or protocol: "h1"',
  }];
}

/** Probes go the same way as requests. */
function probeLimits(upstream: H2Upstream): H2Limit[] {
  const { endpoints, dns, health } = upstream;
  if (dns !== null || upstreamScheme(upstream) === "http" || health?.probe.kind !== "http") return [];
  const { host } = health.probe;
  if (host === null || endpoints.every((endpoint) => endpointAuthority(endpoint) === host)) return [];
  return [{
    at: ["health", "host"],
    message: "over HTTP/2 with TLS the Host sent is the endpoint's own",
    seen: JSON.stringify(host),
    remedy: 'no host, or protocol: "h1"',
  }];
}

/** Where and how the endpoints of an upstream are connected to. @module */

import type { BuildEnv } from "../core/build_env.ts";
import { ConfigError } from "../core/issue.ts";
import type { Secret } from "../core/secret.ts";
import type { Address, TlsSettings } from "../transport/socket.ts";
import type { EndpointPlan, UpstreamPlan } from "./upstream_plan.ts";

/** The parts of TLS settings that are the same for all endpoints. */
export type SharedTls = Omit<TlsSettings, "serverName"> & { readonly serverName: string | null };

const PLAIN_TLS: SharedTls = { serverName: null, ca: null, cert: null, key: null, insecureSkipVerify: false };

/** @throws ConfigError when a secret cannot be read */
export function readTls({ name, tls, dns }: UpstreamPlan, secrets: BuildEnv["secrets"]): SharedTls {
  // An address that DNS gave is in no certificate.
  const serverName = tls?.serverName ?? dns?.hostname ?? null;
  if (tls === null) return { ...PLAIN_TLS, serverName };
  const read = (part: string, secret: Secret | null): string | null => {
    if (secret === null) return null;
    const found = secrets(secret);
    if ("value" in found) return found.value;
    throw new ConfigError([{ severity: "error", path: `upstreams.${name}.tls.${part}`, message: found.error }]);
  };
  const { insecureSkipVerify } = tls;
  return {
    serverName,
    ca: read("ca", tls.ca),
    cert: read("cert", tls.cert),
    key: read("key", tls.key),
    insecureSkipVerify,
  };
}

/** The address of one endpoint, with the TLS that is spoken there. */
export function addressOf({ address, scheme }: EndpointPlan, tls: SharedTls): Address {
  const { hostname, port } = address.kind === "tcp" ? address : { hostname: "localhost", port: 0 };
  const settings = scheme === "http" ? null : { ...tls, serverName: tls.serverName ?? hostname };
  return { hostname, port, tls: settings, ...(address.kind === "unix" ? { path: address.path } : {}) };
}

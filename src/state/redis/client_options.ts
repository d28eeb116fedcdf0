/** How the client is to be set up. @module */

import type { ClusterOptions, RedisOptions } from "ioredis";
import type { Secret, SecretReader } from "../../core/secret.ts";
import { isSecret } from "../../core/secret.ts";
import { Refusal } from "../../settings/scalar.ts";
import type { RedisPlan } from "./redis_plan.ts";
import { parseServerUrl, type ServerUrl } from "./server_url.ts";

const PORT = 6379, SENTINEL_PORT = 26379;

/** Milliseconds for a sentinel, or a node of a cluster, to tell where to go; then another one is asked. */
const PATIENCE = 1000;

/** A client of one server, found directly or through sentinels, or of a cluster. */
export type ClientOptions =
  | { readonly kind: "server"; readonly options: RedisOptions }
  | {
    readonly kind: "cluster";
    readonly nodes: { readonly host: string; readonly port: number }[];
    readonly options: ClusterOptions;
  };

/**
 * What the client is told. It neither reconnects nor queues nor repeats: a decision is wanted now or not at all, and one
 * that may have been made must not be made again.
 *
 * @throws Error where a secret cannot be had, in words without its value
 */
export function clientOptions(plan: RedisPlan, secrets: SecretReader, name: string): ClientOptions {
  const read = (what: string, secret: Secret): string => {
    const value = secrets(secret);
    if ("value" in value) return value.value;
    throw new Error(`store "${name}": ${what}, ${shown(secret)}, cannot be had: ${value.error}`);
  };
  const { server } = plan;
  const urls = server.kind === "cluster" ? server.nodes : server.kind === "sentinel" ? server.sentinels : [
    isSecret(server.url) ? parsed(read("url", server.url), server.url, name) : server.url,
  ];
  const named = urls.find(({ username, password }) => username !== null || password !== null);
  const ca = plan.tls?.ca ?? null;
  const tls = plan.tls === null && !urls.some(({ tls }) => tls)
    ? undefined
    : ca === null
    ? {}
    : { ca: read("ca of tls", ca) };
  const access = {
    username: plan.username ?? named?.username ?? undefined,
    password: plan.password === null ? named?.password ?? undefined : read("password", plan.password),
    tls,
  };
  if (server.kind === "cluster") {
    const nodes = urls.map((url) => address(url, PORT));
    return { kind: "cluster", nodes, options: { ...CLUSTER, redisOptions: { ...COMMON, ...access } } };
  }
  const common = { ...COMMON, ...access, enableOfflineQueue: false, retryStrategy: null };
  if (server.kind === "single") {
    return { kind: "server", options: { ...common, ...address(urls[0], PORT), db: urls[0].db } };
  }
  const sentinels = urls.map((url) => address(url, SENTINEL_PORT));
  const sentinelTLS = tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true };
  return {
    kind: "server",
    options: { ...common, ...SENTINEL, ...sentinelTLS, sentinels, name: server.name },
  };
}

const COMMON = {
  lazyConnect: true,
  connectionName: "gatewright",
  // Else it reads its own package's files to introduce itself.
  disableClientInfo: true,
  // Whether Redis can be used is asked by other means, which need no permission for INFO.
  enableReadyCheck: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  // Without: the whole attempt has a time limit of its own.
  connectTimeout: 0,
  // There is nothing to wait for: no answer is of use any more.
  disconnectTimeout: 0,
} satisfies RedisOptions;

const SENTINEL = {
  connectTimeout: PATIENCE,
  sentinelCommandTimeout: PATIENCE,
  sentinelRetryStrategy: () => null,
} satisfies RedisOptions;

const CLUSTER: ClusterOptions = {
  lazyConnect: true,
  // It would ask some node, without a time limit; and one that hangs must not keep anyone from the others.
  enableReadyCheck: false,
  clusterRetryStrategy: () => null,
  slotsRefreshTimeout: PATIENCE,
  maxRedirections: 5,
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  retryDelayOnTryAgain: 1,
  // Names go to the socket as they are: with TLS it is they that the certificate is for.
  dnsLookup: (host, callback) => callback(null, host),
};

function address({ host, port }: ServerUrl, standard: number): { host: string; port: number } {
  return { host, port: port ?? standard };
}

function parsed(text: string, secret: Secret, name: string): ServerUrl {
  const url = parseServerUrl(text);
  if (url instanceof Refusal) throw new Error(`store "${name}": url, ${shown(secret)}: ${url.message}`);
  return url;
}

function shown(secret: Secret): string {
  return secret.env === undefined ? `secret.file("${secret.file}")` : `secret.env("${secret.env}")`;
}

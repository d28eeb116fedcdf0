/** Upstreams. @module */

import { z } from "zod";
import type { ValidEndpoint, ValidUpstream } from "../valid_config.ts";
import { choice } from "./choice.ts";
import { duration } from "./duration.ts";
import { endpointSchema, urlEndpointSchema } from "./endpoint.ts";
import { flag } from "./flag.ts";
import { hostSetting, serverName } from "./host_text.ts";
import { wholeNumber } from "./number_between.ts";
import { fileOrSecret, secretValue } from "./secret_value.ts";
import { listOf, oneOfShapes, settings } from "./settings.ts";
import { upstreamTimeoutsSchema } from "./timeouts.ts";

const endpointsSchema = listOf("a list of endpoints", endpointSchema, "an upstream has at least one endpoint");

const tlsSchema = settings("settings of TLS", {
  serverName: serverName().optional().describe("Name asked for and expected in the certificate."),
  ca: fileOrSecret("certificate").optional().describe("PEM of the authority that signed the upstream's certificate."),
  cert: fileOrSecret("certificate").optional().describe(
    "PEM of the certificate that this gateway shows. Goes with key.",
  ),
  key: secretValue().optional().describe("PEM of the private key of cert."),
  insecureSkipVerify: flag().prefault(false).describe("Believes any certificate."),
});

const upstreamSettings = settings("the settings of an upstream", {
  endpoints: endpointsSchema.describe("Where the upstream is; at least one."),
  balance: choice(["round-robin"]).prefault("round-robin").describe("How an endpoint is picked."),
  host: hostSetting().optional()
    .describe('The Host sent: "client", "endpoint" or a text. Default: client for http, endpoint for https.'),
  timeouts: upstreamTimeoutsSchema,
  pool: settings("settings of the pool", {
    max: wholeNumber(1, Number.MAX_SAFE_INTEGER).prefault(256).describe("Most connections to one endpoint."),
    idle: duration({ zero: false }).prefault("60s").describe("How long an unused connection is kept."),
  }).prefault({}).describe("The connections kept to each endpoint."),
  tls: tlsSchema.optional().describe("TLS towards https endpoints."),
  protocol: choice(["h1", "h2"]).prefault("h1")
    .describe("HTTP/1.1, or HTTP/2: by ALPN with https endpoints, with prior knowledge (h2c) with http ones."),
}).meta({ id: "UpstreamSettings", description: "A pool of servers with the settings they share." });

/** An upstream without its name. */
export type UnnamedUpstream = Omit<ValidUpstream, "name">;

/** An upstream of endpoints alone, with every default. */
export function upstreamOf(endpoints: readonly ValidEndpoint[]): UnnamedUpstream {
  return {
    endpoints,
    balance: "round-robin",
    host: defaultHost(endpoints),
    timeouts: upstreamTimeoutsSchema.parse({}),
    pool: upstreamSettings.shape.pool.parse({}),
    tls: null,
    protocol: "h1",
  };
}

/** An upstream: a URL, a list of endpoints, or settings. */
export const upstreamSchema: z.ZodType<UnnamedUpstream, unknown> = oneOfShapes(
  "a URL, a list of endpoints, or settings such as { endpoints: [ … ] }",
  [
    urlEndpointSchema.transform((endpoint) => upstreamOf([endpoint])),
    endpointsSchema.transform(upstreamOf),
    upstreamSettings.transform(({ tls, host, ...rest }): UnnamedUpstream => ({
      ...rest,
      host: host ?? defaultHost(rest.endpoints),
      tls: tls === undefined ? null : {
        serverName: tls.serverName ?? null,
        ca: tls.ca ?? null,
        cert: tls.cert ?? null,
        key: tls.key ?? null,
        insecureSkipVerify: tls.insecureSkipVerify,
      },
    })),
  ],
).meta({ id: "Upstream", description: "A pool of servers: a URL, a list of endpoints, or settings." });

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The upstreams by name. */
export const upstreamsSchema = z.record(
  z.string().regex(NAME, { error: "an upstream's name is letters, digits, dots, dashes and underscores" }),
  upstreamSchema,
  { error: (issue) => issue.code === "invalid_type" ? "expected upstreams by name" : undefined },
).prefault({}).describe("Pools of servers by name: a URL, a list of endpoints, or settings.");

/** A virtual host mostly answers to its own name behind TLS, and to the client's without. */
function defaultHost(endpoints: readonly ValidEndpoint[]): "client" | "endpoint" {
  return endpoints[0].scheme === "https" ? "endpoint" : "client";
}

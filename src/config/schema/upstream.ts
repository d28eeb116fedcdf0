/** Upstreams. @module */

import { z } from "zod";
import { formatDuration } from "../../core/units.ts";
import type { KeyOption } from "../../policies/keys/key_spec.ts";
import type { BalancePlan } from "../../upstreams/balancers/balance_plan.ts";
import { DEFAULT_IN_FLIGHT, DEFAULT_POOL, DEFAULT_SETTINGS } from "../../upstreams/default_upstream.ts";
import { upstreamScheme } from "../../upstreams/upstream_scheme.ts";
import type { ValidEndpoint, ValidUpstream } from "../valid_config.ts";
import { balanceSchema, boundedLoadSchema, hashBySchema, stickySchema } from "./balance.ts";
import { choice } from "../../settings/choice.ts";
import { circuitBreakersSchema } from "./circuit_breaker.ts";
import { dnsSchema } from "./discovery.ts";
import { duration } from "../../settings/duration.ts";
import { endpointSchema, urlEndpointSchema } from "./endpoint.ts";
import { flag } from "../../settings/flag.ts";
import { healthSchema } from "./health.ts";
import { hostSetting, serverName } from "./host_text.ts";
import { inFlightSchema } from "./in_flight.ts";
import { wholeNumber } from "../../settings/number_between.ts";
import { outliersSchema } from "./outliers.ts";
import { hedgeSchema, upstreamRetrySchema } from "./retry.ts";
import { fileOrSecret, secretValue } from "./secret_value.ts";
import { listOf, oneOfShapes, settings } from "../../settings/shapes.ts";
import { upstreamTimeoutsSchema } from "./timeouts.ts";

const endpointList = listOf("a list of endpoints", endpointSchema, "an upstream has at least one endpoint");

/** Where an upstream is. */
type Whereabouts = Pick<ValidUpstream, "endpoints" | "dns">;

const endpointsSchema: z.ZodType<Whereabouts, unknown> = oneOfShapes('a list of endpoints, or { dns: "http://…" }', [
  endpointList.transform((endpoints) => ({ endpoints, dns: null })),
  dnsSchema.transform((dns) => ({ endpoints: [], dns })),
]);

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
  endpoints: endpointsSchema.describe("Where the upstream is: a list of endpoints, or { dns } where DNS finds them."),
  balance: balanceSchema,
  hashBy: hashBySchema.optional(),
  boundedLoad: boundedLoadSchema.optional(),
  sticky: stickySchema.optional().describe("Leads a client back to its endpoint by a cookie."),
  slowStart: duration({ zero: true }).prefault("0s")
    .describe("How long an endpoint that comes, or comes back, takes to its full share."),
  maxInFlight: inFlightSchema.optional()
    .describe("Most requests under way, of the whole upstream; or settings. Default: no limit."),
  health: healthSchema.optional().describe("Probes that take endpoints out which fail them."),
  outliers: outliersSchema.optional().describe("Takes endpoints out for a while at which requests fail."),
  circuitBreaker: circuitBreakersSchema.optional().describe("Stops sending where requests fail."),
  host: hostSetting().optional()
    .describe('The Host sent: "client", "endpoint" or a text. Default: client for http, endpoint for https.'),
  timeouts: upstreamTimeoutsSchema,
  retry: upstreamRetrySchema.describe("When and how often a request is tried again; false: never."),
  hedge: hedgeSchema.optional().describe("A second request while the first takes long. Default: none."),
  pool: settings("settings of the pool", {
    max: wholeNumber(1, Number.MAX_SAFE_INTEGER).prefault(DEFAULT_POOL.max)
      .describe("Most connections to one endpoint."),
    idle: duration({ zero: false }).prefault(formatDuration(DEFAULT_POOL.idle))
      .describe("How long an unused connection is kept."),
  }).prefault({}).describe("The connections kept to each endpoint."),
  tls: tlsSchema.optional().describe("TLS towards https endpoints."),
  protocol: choice(["h1", "h2"]).prefault("h1")
    .describe("HTTP/1.1, or HTTP/2: by ALPN with https endpoints, with prior knowledge (h2c) with http ones."),
  required: flag().prefault(false)
    .describe("Whether the gateway is ready only while one of the endpoints may take requests."),
}).meta({ id: "UpstreamSettings", description: "A pool of servers with the settings they share." });

/** An upstream without its name. */
export type UnnamedUpstream = Omit<ValidUpstream, "name">;

/** An upstream of endpoints alone, with every default. */
export function upstreamOf(endpoints: readonly ValidEndpoint[]): UnnamedUpstream {
  const where = { endpoints, dns: null };
  return { ...where, ...DEFAULT_SETTINGS, host: defaultHost(where) };
}

/** An upstream: a URL, a list of endpoints, or settings. */
export const upstreamSchema: z.ZodType<UnnamedUpstream, unknown> = oneOfShapes(
  "a URL, a list of endpoints, or settings such as { endpoints: [ … ] }",
  [
    urlEndpointSchema.transform((endpoint) => upstreamOf([endpoint])),
    endpointList.transform(upstreamOf),
    upstreamSettings.transform(withDefaults),
  ],
).meta({ id: "Upstream", description: "A pool of servers: a URL, a list of endpoints, or settings." });

function withDefaults(written: z.output<typeof upstreamSettings>): UnnamedUpstream {
  const { endpoints: { endpoints, dns }, balance, hashBy, boundedLoad, circuitBreaker, tls, hedge } = written;
  return {
    endpoints,
    dns,
    balance: balancePlan(balance, hashBy, boundedLoad),
    sticky: written.sticky ?? null,
    slowStart: written.slowStart,
    maxInFlight: written.maxInFlight ?? DEFAULT_IN_FLIGHT,
    health: written.health ?? null,
    outliers: written.outliers ?? null,
    circuitBreakers: circuitBreaker ?? [],
    host: written.host ?? defaultHost({ endpoints, dns }),
    timeouts: written.timeouts,
    retry: written.retry,
    hedge: hedge === undefined || hedge === null ? null : { after: hedge.after, max: hedge.max ?? 1 },
    pool: written.pool,
    tls: tls === undefined ? null : {
      serverName: tls.serverName ?? null,
      ca: tls.ca ?? null,
      cert: tls.cert ?? null,
      key: tls.key ?? null,
      insecureSkipVerify: tls.insecureSkipVerify,
    },
    protocol: written.protocol,
    required: written.required,
  };
}

/** Without a key a hash is refused by the checks. */
function balancePlan(
  balance: z.output<typeof balanceSchema>,
  by: KeyOption = [],
  boundedLoad: number | null = null,
): BalancePlan {
  if (typeof balance === "object") return { kind: "custom", balancer: balance };
  return balance === "hash" ? { kind: balance, by, boundedLoad } : { kind: balance };
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The upstreams by name. */
export const upstreamsSchema = z.record(
  z.string().regex(NAME, { error: "an upstream's name is letters, digits, dots, dashes and underscores" }),
  upstreamSchema,
  { error: (issue) => issue.code === "invalid_type" ? "expected upstreams by name" : undefined },
).prefault({}).describe("Pools of servers by name: a URL, a list of endpoints, or settings.");

/** A virtual host mostly answers to its own name behind TLS, and to the client's without. */
function defaultHost(where: Whereabouts): "client" | "endpoint" {
  return upstreamScheme(where) === "https" ? "endpoint" : "client";
}

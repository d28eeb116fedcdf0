/** The valid config, made of a draft in which nothing is wrong. @module */

import type { Policy } from "../core/policy.ts";
import type { z } from "zod";
import type { Draft, DraftRoute } from "./draft.ts";
import { type Locate, type Path, pathText } from "./finding.ts";
import type { gatewaySchema } from "./schema/gateway.ts";
import type { ParsedListener } from "./schema/listener.ts";
import { hopOf } from "./route_hop.ts";
import { routeUpstreams, upstreamName } from "./route_upstreams.ts";
import { plainEndpoint } from "./schema/endpoint.ts";
import type { Origin } from "./schema/origin.ts";
import type { ParsedRoute } from "./schema/route.ts";
import { upstreamOf } from "./schema/upstream.ts";
import { DEFAULT_STORE, defaultStore } from "./store_names.ts";
import type {
  ValidConfig,
  ValidForwarding,
  ValidListener,
  ValidPredicate,
  ValidRoute,
  ValidStore,
  ValidTarget,
  ValidUpstream,
} from "./valid_config.ts";

/**
 * Puts the parts together.
 *
 * @param parsed what the schema made of the same config
 */
export function buildConfig(parsed: z.output<typeof gatewaySchema>, draft: Draft, locate: Locate): ValidConfig {
  const { listen, trustedProxies, methods, paths, requestId, shutdown, telemetry } = parsed;
  return {
    listen: listen.map(validListener),
    admin: draft.admin ?? null,
    trustedProxies,
    methods,
    paths,
    requestId,
    shutdown,
    telemetry,
    upstreams: [...declared(parsed.upstreams), ...ofRoutes(draft.routes)],
    stores: storesOf(draft.stores),
    consumers: draft.consumers.map(({ name, parsed, chain }) => ({ name, ...parsed!, policies: policiesOf(chain) })),
    policies: policiesOf(draft.policies),
    invariants: parsed.invariants,
    routes: draft.routes.map((route) => validRoute(route, route.parsed!, locate)),
  };
}

/** Bytes that a target may have where nothing is said: what RFC 9112 §3 recommends, and most servers have. */
const LONGEST_TARGET = 8 * 1024;

function validListener({ port, hostname = "0.0.0.0", path, tls, redirect, ...rest }: ParsedListener): ValidListener {
  const { engine, proxyProtocol, timeouts, limits, expose } = rest;
  const { headerBytes, headerCount, target, body, connections, perClient, inFlight, minRate } = limits;
  return {
    address: path === undefined ? { kind: "tcp", hostname, port: port! } : { kind: "unix", path },
    engine,
    tls: tls === undefined ? null : { ...tls, clientCertificates: tls.clientCertificates ?? null },
    redirect: redirect ?? null,
    proxyProtocol,
    timeouts,
    expose,
    limits: {
      headerBytes,
      headerCount,
      target: target ?? Math.min(LONGEST_TARGET, headerBytes),
      body,
      connections,
      perClient: perClient ?? null,
      inFlight,
      minRate,
    },
  };
}

function declared(upstreams: z.output<typeof gatewaySchema>["upstreams"]): ValidUpstream[] {
  return Object.entries(upstreams).map(([name, upstream]) => ({ name, ...upstream }));
}

/** One upstream for each address that a route names directly. */
function ofRoutes(routes: readonly DraftRoute[]): ValidUpstream[] {
  const origins = new Map<string, Origin>();
  for (const { upstream } of routes.flatMap(({ written }) => routeUpstreams(written))) {
    if (typeof upstream === "object") origins.set(upstream.url, upstream);
  }
  return [...origins.values()].map((origin) => ({ name: origin.url, ...upstreamOf([plainEndpoint(origin)]) }));
}

function storesOf(stores: Draft["stores"]): ValidStore[] {
  const declared = stores.map(({ name, store }) => ({ name, store: store! }));
  const hasDefault = declared.some(({ name }) => name === DEFAULT_STORE);
  return hasDefault ? declared : [{ name: DEFAULT_STORE, store: defaultStore() }, ...declared];
}

function validRoute({ at, chain }: DraftRoute, route: ParsedRoute, locate: Locate): ValidRoute {
  return {
    name: route.name ?? null,
    path: route.path,
    hosts: route.host ?? [],
    methods: route.methods ?? [],
    predicates: predicatesOf(route),
    target: targetOf(route),
    policies: policiesOf(chain),
    telemetry: route.telemetry ?? { traces: null, accessLog: null },
    public: route.public ?? false,
    source: sourceOf(at, locate),
  };
}

function predicatesOf({ headers = {}, query = {}, tenant }: ParsedRoute): ValidPredicate[] {
  return [
    ...Object.entries(headers).map(([name, match]) => ({ of: "header" as const, name: name.toLowerCase(), match })),
    ...Object.entries(query).map(([name, match]) => ({ of: "query" as const, name, match })),
    ...(tenant === undefined ? [] : [{ of: "key" as const, name: tenant.key, match: { oneOf: tenant.is } }]),
  ];
}

function targetOf(route: ParsedRoute): ValidTarget {
  const { upstream, split, redirect, respond, handler } = route;
  if (redirect !== undefined) return { kind: "redirect", ...redirect };
  if (respond !== undefined) return { kind: "respond", ...respond };
  if (handler !== undefined) return { kind: "handler", handler };
  if (split === undefined) {
    return { kind: "upstream", upstream: upstreamName(upstream!), ...hopOf(route), ...forwardingOf(route) };
  }
  const branches = split.to.map(({ upstream, weight, when }) => ({
    upstream: upstreamName(upstream),
    weight,
    when: when ?? null,
  }));
  return { kind: "split", branches, stickyBy: split.stickyBy ?? [], ...hopOf(route), ...forwardingOf(route) };
}

function forwardingOf({ rewrite, stripPrefix, onClientAbort, mirror, fallback }: ParsedRoute): ValidForwarding {
  return {
    path: rewrite !== undefined ? { rewrite } : stripPrefix !== undefined ? { stripPrefix } : null,
    onClientAbort: onClientAbort ?? "cancel",
    mirror: mirror === undefined ? null : { ...mirror, upstream: upstreamName(mirror.upstream) },
    fallback: fallback === undefined ? null : {
      on: fallback.on,
      target: fallback.upstream === undefined
        ? { kind: "respond", ...fallback.respond! }
        : { kind: "upstream", upstream: upstreamName(fallback.upstream) },
    },
  };
}

function policiesOf({ policies }: Draft["policies"]): readonly Policy[] {
  return policies.map(({ policy }) => policy);
}

function sourceOf(at: Path, locate: Locate): ValidRoute["source"] {
  return { path: pathText(at), ...locate(at, "value") };
}

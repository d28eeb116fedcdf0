/** The valid config, made of a draft in which nothing is wrong. @module */

import type { Policy } from "../core/policy.ts";
import type { z } from "zod";
import type { Draft, DraftRoute } from "./draft.ts";
import { type Locate, type Path, pathText } from "./finding.ts";
import type { gatewaySchema } from "./schema/gateway.ts";
import type { Origin } from "./schema/origin.ts";
import type { ParsedRoute } from "./schema/route.ts";
import { upstreamOf } from "./schema/upstream.ts";
import type { ValidConfig, ValidPredicate, ValidRoute, ValidTarget, ValidUpstream } from "./valid_config.ts";

/**
 * Puts the parts together.
 *
 * @param parsed what the schema made of the same config
 */
export function buildConfig(parsed: z.output<typeof gatewaySchema>, draft: Draft, locate: Locate): ValidConfig {
  const { listen, trustedProxies, paths, requestId, shutdown, telemetry } = parsed;
  return {
    listen,
    admin: draft.admin ?? null,
    trustedProxies,
    paths,
    requestId,
    shutdown,
    telemetry,
    upstreams: [...declared(parsed.upstreams), ...ofRoutes(draft.routes)],
    policies: policiesOf(draft.policies),
    routes: draft.routes.map((route) => validRoute(route, route.parsed!, locate)),
  };
}

function declared(upstreams: z.output<typeof gatewaySchema>["upstreams"]): ValidUpstream[] {
  return Object.entries(upstreams).map(([name, upstream]) => ({ name, ...upstream }));
}

/** One upstream for each address that a route names directly. */
function ofRoutes(routes: readonly DraftRoute[]): ValidUpstream[] {
  const origins = new Map<string, Origin>();
  for (const { parsed } of routes) {
    if (typeof parsed?.upstream === "object") origins.set(parsed.upstream.url, parsed.upstream);
  }
  return [...origins.values()].map((origin) => ({
    name: origin.url,
    ...upstreamOf([{ ...origin, weight: 1, demo: null }]),
  }));
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

function targetOf({ upstream, redirect, respond, handler, rewrite, stripPrefix, timeouts }: ParsedRoute): ValidTarget {
  if (redirect !== undefined) return { kind: "redirect", ...redirect };
  if (respond !== undefined) return { kind: "respond", ...respond };
  if (handler !== undefined) return { kind: "handler", handler };
  return {
    kind: "upstream",
    upstream: typeof upstream === "object" ? upstream.url : upstream!,
    path: rewrite !== undefined ? { rewrite } : stripPrefix !== undefined ? { stripPrefix } : null,
    timeouts: timeouts ?? {},
  };
}

function policiesOf({ policies }: Draft["policies"]): readonly Policy[] {
  return policies.map(({ policy }) => policy);
}

function sourceOf(at: Path, locate: Locate): ValidRoute["source"] {
  return { path: pathText(at), ...locate(at, "value") };
}

/** Keys that are right, but elsewhere. @module */

import { definitionOf } from "../core/policy.ts";
import type { Finding, Path } from "./finding.ts";
import { UNKNOWN_KEY } from "./issues_from_zod.ts";
import { BUILT_IN_POLICIES } from "./policy_names.ts";
import { dnsSchema } from "./schema/discovery.ts";
import { endpointSchema } from "./schema/endpoint.ts";
import { gatewaySchema } from "./schema/gateway.ts";
import { routeSchema } from "./schema/route.ts";
import { upstreamSchema } from "./schema/upstream.ts";
import { childrenOf, keysOf } from "./schema_words.ts";
import { BUILT_IN_STORES } from "./store_names.ts";

/** The unknown key's finding, with the place where the key is known when there is one. */
export function sayWhereItBelongs(finding: Finding): Finding {
  const key = finding.at.at(-1);
  if (finding.message !== UNKNOWN_KEY || typeof key !== "string") return finding;
  if (key === "dns" && isEndpoint(finding.at.slice(0, -1))) {
    const message = "unknown key: what DNS finds stands in place of a list", remedy = 'endpoints: { dns: "http://…" }';
    return { ...finding, message, remedy };
  }
  if (!isSection(finding.at)) return finding;
  const policy = BUILT_IN_POLICIES.get(key);
  if (typeof policy === "function" && definitionOf(policy({})) !== undefined) {
    return { ...finding, message: `unknown key: ${key} is a policy`, remedy: `policies, with ${key} in the list` };
  }
  if (BUILT_IN_STORES.has(key)) {
    return { ...finding, message: `unknown key: ${key} is a store`, remedy: `stores: { default: { ${key}: … } }` };
  }
  const owner = owners().find(([, keys]) => keys.includes(key))?.[0];
  if (owner === undefined) return finding;
  return { ...finding, message: `unknown key: ${key} is a setting of ${owner}`, remedy: `${key} there` };
}

/** Whether the key stands in the config itself, an included file, a route or an upstream, and not deep in a setting. */
function isSection(at: Path): boolean {
  return at.length === 1 || at.at(-3) === "routes" || at.length === 3 && (at[0] === "upstreams" || at[0] === "include");
}

/** Whether one endpoint of a list stands there. */
function isEndpoint(at: Path): boolean {
  return at[0] === "upstreams" && typeof at.at(-1) === "number" && (at.length === 3 || at.at(-2) === "endpoints");
}

function owners(): readonly (readonly [string, readonly string[]])[] {
  return [
    ["a route", keysOf(routeSchema)],
    ["an upstream", keysOf(upstreamSchema)],
    ["a listener, under listen", childrenOf(gatewaySchema, "listen").flatMap(keysOf)],
    ["the whole config", keysOf(gatewaySchema)],
    ["telemetry", childrenOf(gatewaySchema, "telemetry").flatMap(keysOf)],
    ["an upstream's endpoints", keysOf(dnsSchema)],
    ["an upstream's endpoint", keysOf(endpointSchema)],
  ];
}

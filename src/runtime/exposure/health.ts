/** How the gateway does, upstream by upstream. @module */

import type { Engine } from "../engine.ts";
import type { EndpointReport, UpstreamReport } from "../../upstreams/upstream_report.ts";

/** `warn`: requests are served, but not all is well. */
export type HealthStatus = "pass" | "warn" | "fail";

/** Plain JSON. */
export interface Health {
  /** `fail`: it is not ready. */
  readonly status: HealthStatus;
  /** Whether requests should be sent here. */
  readonly ready: boolean;
  /** Why not, in words. */
  readonly reasons: readonly string[];
  readonly upstreams: readonly UpstreamHealth[];
}

/** One upstream. */
export interface UpstreamHealth {
  readonly name: string;
  /** `warn`: only some of its endpoints may take requests, or DNS does not answer; `fail`: none may. */
  readonly status: HealthStatus;
  /** Whether the gateway is not ready without it. */
  readonly required: boolean;
  /** Endpoints that may take requests, of all that are known. */
  readonly usable: number;
  readonly known: number;
  /** Why DNS has not answered; `null`: it has, or is not asked. */
  readonly dns: string | null;
  /** Left out where strangers may look. */
  readonly endpoints?: readonly EndpointHealth[];
}

/** One endpoint. */
export interface EndpointHealth {
  readonly id: string;
  readonly status: "pass" | "fail";
  /** Why it may take no requests; `""` where it may. */
  readonly reason: string;
}

/** Sums up. @param reasons why it is not ready, as {@link notReady} has them */
export function healthOf(reasons: readonly string[], reports: readonly UpstreamReport[]): Health {
  const upstreams = reports.map(upstreamHealth);
  const ready = reasons.length === 0, well = upstreams.every(({ status }) => status === "pass");
  return { status: !ready ? "fail" : well ? "pass" : "warn", ready, reasons, upstreams };
}

/** The same without addresses, for whoever may ask on the listeners of the traffic. */
export function withoutEndpoints(health: Health): Health {
  return {
    ...health,
    upstreams: health.upstreams.map(({ endpoints: _, dns, ...rest }) => ({ ...rest, dns: dns && "failed" })),
  };
}

/** Why requests should not be sent here, as far as listeners and required upstreams go; empty: they should. */
export function notReady(
  engines: readonly Pick<Engine, "address" | "listening">[],
  reports: readonly UpstreamReport[],
): string[] {
  const deaf = engines.filter(({ listening }) => !listening).map(({ address }) =>
    `not listening on ${address.hostname}:${address.port}`
  );
  const out = reports.filter(({ required }) => required).map(unusable).filter((why) => why !== null);
  return [...deaf, ...out];
}

/** Why an upstream can take no request; `null` where it can. */
function unusable({ name, endpoints, dns }: UpstreamReport): string | null {
  if (endpoints.some(isUsable)) return null;
  if (endpoints.length === 0) {
    return `upstream ${name}: DNS ${dns?.lastError ? "has failed" : "has not answered yet"}`;
  }
  const whys = [...new Set(endpoints.map(({ withheld }) => withheld))].join(", ");
  return `upstream ${name}: no endpoint may take requests (${whys})`;
}

/** A busy one is well, and one that stands by is not needed: neither is a reason to send traffic elsewhere. */
function isUsable({ withheld }: EndpointReport): boolean {
  return withheld === null || withheld === "busy" || withheld === "standby";
}

function upstreamHealth({ name, required, endpoints, dns }: UpstreamReport): UpstreamHealth {
  const known = endpoints.length, usable = endpoints.filter(isUsable).length;
  const failed = dns?.lastError ?? null;
  const status = usable === 0 ? "fail" : usable < known || failed !== null ? "warn" : "pass";
  return { name, status, required, usable, known, dns: failed, endpoints: endpoints.map(endpointHealth) };
}

function endpointHealth(endpoint: EndpointReport): EndpointHealth {
  const { id } = endpoint;
  return isUsable(endpoint) ? { id, status: "pass", reason: "" } : { id, status: "fail", reason: reasonOf(endpoint) };
}

function reasonOf({ withheld, health, ejection }: EndpointReport): string {
  const why = withheld === "unhealthy" ? health?.lastProbe?.reason : withheld === "ejected" ? ejection?.why : "";
  return why ? `${withheld}: ${why}` : `${withheld}`;
}

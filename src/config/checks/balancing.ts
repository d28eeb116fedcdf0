/** Whether each upstream's balancer can honour what is asked of it, and its endpoints leave it something to pick. @module */

import { usesSlowStart, usesWeights } from "../../upstreams/balancers/weight_use.ts";
import type { Draft, DraftUpstream } from "../draft.ts";
import { endpointPath } from "../endpoint_path.ts";
import type { Finding } from "../finding.ts";
import { settingsOf } from "../read_part.ts";
import type { UnnamedUpstream } from "../schema/upstream.ts";
import { seenText } from "../seen.ts";

/** Keys without a hash and a hash without keys; weights, slow starts and limits that nothing heeds; upstreams of backups. */
export function checkBalancing({ upstreams }: Draft): Finding[] {
  return upstreams.flatMap((upstream) => {
    const { parsed } = upstream;
    return parsed === undefined ? [] : [
      ...hashSettings(upstream, parsed),
      ...unusedWeights(upstream, parsed),
      ...unusedServiceWeights(upstream, parsed),
      ...unusedSlowStart(upstream, parsed),
      ...noLimit(upstream, parsed),
      ...onlyBackups(upstream, parsed),
      ...oneEndpoint(upstream, parsed),
    ];
  });
}

function hashSettings({ at, written }: DraftUpstream, { balance }: UnnamedUpstream): Finding[] {
  const settings = settingsOf(written);
  if (balance.kind !== "hash") {
    return ["hashBy", "boundedLoad"].filter((key) => settings[key] !== undefined).map((key) => ({
      at: [...at, key],
      on: "key",
      message: `${key} is for balance: "hash", and this is ${balanceText(balance)}`,
      remedy: `balance: "hash", or no ${key}`,
    }));
  }
  if (typeof balance.by === "function" || balance.by.length > 0) return [];
  const message = "a hash goes by a key, and hashBy names none";
  return [{ at: [...at, "balance"], message, seen: '"hash"', remedy: 'hashBy: "ip", or another key' }];
}

function unusedWeights(upstream: DraftUpstream, { balance, endpoints }: UnnamedUpstream): Finding[] {
  if (usesWeights(balance.kind)) return [];
  return endpoints.flatMap(({ weight }, i) =>
    weight === 1 ? [] : [{
      at: [...endpointPath(upstream, i), "weight"],
      message: `${balanceText(balance)} does not use weights`,
      seen: String(weight),
      remedy: 'no weight, or balance: "least-requests"',
    }]
  );
}

function unusedServiceWeights({ at }: DraftUpstream, { balance, dns }: UnnamedUpstream): Finding[] {
  if (dns === null || dns.record !== "srv" || usesWeights(balance.kind)) return [];
  return [{
    at: [...at, "balance"],
    severity: "warning",
    message: `${balanceText(balance)} does not use weights, which SRV records have`,
    seen: balanceText(balance),
    remedy: '"least-requests", where the weights of the records matter',
  }];
}

function unusedSlowStart({ at, written }: DraftUpstream, { balance, slowStart }: UnnamedUpstream): Finding[] {
  if (slowStart === 0 || usesSlowStart(balance.kind)) return [];
  return [{
    at: [...at, "slowStart"],
    message: `${balanceText(balance)} has no use for a weight that grows, which is what a slow start is`,
    seen: seenText(settingsOf(written).slowStart),
    remedy: 'no slowStart, or balance: "least-requests"',
  }];
}

function balanceText(balance: UnnamedUpstream["balance"]): string {
  return balance.kind === "custom" ? `the balancer ${balance.balancer.name}` : `"${balance.kind}"`;
}

function noLimit({ at, written }: DraftUpstream, { maxInFlight, endpoints }: UnnamedUpstream): Finding[] {
  const value = settingsOf(written).maxInFlight;
  const limits = [maxInFlight.total, maxInFlight.perEndpoint, ...endpoints.map((endpoint) => endpoint.maxInFlight)];
  if (value === undefined || limits.some((limit) => limit !== null)) return [];
  const message = "this limits nothing", remedy = "total, or perEndpoint, or maxInFlight on an endpoint";
  return [{ at: [...at, "maxInFlight"], message, seen: seenText(value), remedy }];
}

function onlyBackups({ at, written }: DraftUpstream, { endpoints, dns }: UnnamedUpstream): Finding[] {
  if (dns !== null || endpoints.some(({ tier }) => tier === 0)) return [];
  const message = "an upstream needs an endpoint that is no backup";
  const place = Array.isArray(written) ? at : [...at, "endpoints"];
  return [{ at: place, message, remedy: "an endpoint without backup and tier" }];
}

function oneEndpoint({ at, written }: DraftUpstream, { outliers, endpoints, dns }: UnnamedUpstream): Finding[] {
  if (outliers === null || dns !== null || endpoints.length > 1) return [];
  return [{
    at: [...at, "outliers"],
    severity: "warning",
    message: "ejection never removes the last endpoint, and there is one",
    seen: seenText(settingsOf(written).outliers),
    remedy: "a circuitBreaker, or more endpoints",
  }];
}

/** What a cache does, in a few words. @module */

import { formatDuration, formatSize } from "../../core/units.ts";
import { describeKey } from "../keys/key_spec.ts";
import type { CacheKeyPlan, CachePlan } from "./cache_plan.ts";
import { namedParts } from "./key/named_parts.ts";

/** Milliseconds: the default, which goes without saying. */
const USUAL_GRACE = 10_000;

/** For `routes`: how long answers are good, what tells them apart, and how many are kept. */
export function cacheInWords(plan: CachePlan): string {
  return `cache: ${[...times(plan), ...whose(plan), ...room(plan)].join(", ")}`;
}

function times({ forceTtl, defaultTtl, statuses, negativeTtl, staleWhileRevalidate, staleIfError, grace }: CachePlan) {
  const of = statuses === null ? "" : ` for ${statuses.join(", ")}`;
  return [
    ...forceTtl === null ? [] : [`${formatDuration(forceTtl)} whatever the upstream says${of || " for 200"}`],
    ...defaultTtl === null ? [] : [`${formatDuration(defaultTtl)} where the upstream says nothing${of}`],
    ...forceTtl === null && defaultTtl === null ? ["as the upstream says"] : [],
    ...[...negativeTtl].map(([status, ms]) => `${status} for ${formatDuration(ms)}`),
    ...staleWhileRevalidate === 0 ? [] : [`stale for ${formatDuration(staleWhileRevalidate)} while revalidating`],
    ...staleIfError === 0 ? [] : [`stale for ${formatDuration(staleIfError)} on errors`],
    ...grace === USUAL_GRACE
      ? []
      : [`stale for ${grace === 0 ? "no time" : formatDuration(grace)} while the upstream cannot be reached`],
  ];
}

function whose({ key, vary, shared }: CachePlan): string[] {
  const by = [...partsOf(key), ...vary.map(describeKey)];
  return [
    ...by.length === 0 ? [] : [`by ${by.join(", ")}`],
    ...without(key),
    ...shared ? ["shared by all who may pass"] : [],
  ];
}

function partsOf(key: CacheKeyPlan): string[] {
  return [
    ...key.methods.length === 0 ? [] : ["method"],
    ...(key.query?.allow ?? []).map((name) => `query:${name}`),
    ...namedParts(key),
  ];
}

function without({ host, path, query }: CacheKeyPlan): string[] {
  const left = [
    ...host ? [] : ["host"],
    ...path ? [] : ["path"],
    ...query === null ? [] : query.allow?.length === 0 ? ["query"] : query.deny.map((name) => `query:${name}`),
  ];
  return left.length === 0 ? [] : [`without ${left.join(", ")}`];
}

function room({ maxBytes, maxEntries, store }: CachePlan): string[] {
  return [
    `up to ${maxEntries} answers in ${formatSize(maxBytes)}`,
    ...store === undefined ? [] : [`behind them store ${store}`],
  ];
}

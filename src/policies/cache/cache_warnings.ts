/** What is worth a warning about options of `cache` that are right. @module */

import type { PolicyWarning } from "../../core/policy.ts";
import { formatSize } from "../../core/units.ts";
import type { CachePlan } from "./cache_plan.ts";

/** Methods whose requests mostly have content. */
const WITH_CONTENT = ["POST", "QUERY", "SEARCH", "REPORT"];

/** Statuses that a field which is in no key can bring about: one that is too long, or has a word in it that a guard forbids. */
const OF_FIELDS = [400, 403, 406, 413, 415, 422];

/** One answer that takes more than this share of the room drives out what is asked for more often. */
const LARGE_SHARE = 1 / 4;

/** The warnings. */
export function cacheWarnings({ statuses, negativeTtl, key, vary, maxBytes, maxBody }: CachePlan): PolicyWarning[] {
  const warnings: PolicyWarning[] = [
    ...(statuses ?? []).flatMap((status, i) => ofFields(status, ["statuses", i])),
    ...[...negativeTtl.keys()].flatMap((status) => ofFields(status, ["negativeTtl", String(status)])),
    ...key.methods.flatMap((method, i) => withContent(method, ["key", "methods", i])),
  ];
  if (!key.path && vary.length === 0) {
    warnings.push({
      at: ["key", "path"],
      message: "all paths that come this way get one and the same answer",
      seen: "false",
      remedy: "path: true, or vary with what tells the answers apart",
    });
  }
  if (maxBody > maxBytes * LARGE_SHARE) {
    warnings.push({
      at: ["maxBody"],
      message: `a few bodies of this size fill ${formatSize(maxBytes)}, which is maxBytes`,
      seen: formatSize(maxBody),
      remedy: `up to "${formatSize(Math.floor(maxBytes * LARGE_SHARE))}", or more maxBytes`,
    });
  }
  return warnings;
}

function ofFields(status: number, at: PolicyWarning["at"]): PolicyWarning[] {
  if (!OF_FIELDS.includes(status)) return [];
  return [{
    at,
    message: `whoever sends fields that the upstream answers with ${status} has that kept for everybody`,
    remedy: "a status that depends on the URL alone, such as 404",
  }];
}

function withContent(method: string, at: PolicyWarning["at"]): PolicyWarning[] {
  if (!WITH_CONTENT.includes(method)) return [];
  return [{
    at,
    message: `requests with content go past the cache, and those with ${method} mostly have some`,
    seen: JSON.stringify(method),
    remedy: "a method without content",
  }];
}

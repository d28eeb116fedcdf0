/** The upstreams that a route may send requests to. @module */

import type { TargetPlan } from "./plan.ts";

/** Their names, each once: the target's, the mirror's and the fallback's. */
export function targetUpstreams(target: TargetPlan): string[] {
  if (target.kind !== "upstream" && target.kind !== "split") return [];
  const { mirror, fallback } = target, names = new Set<string>();
  for (const { upstream } of target.kind === "split" ? target.branches : [target]) names.add(upstream);
  if (mirror !== null) names.add(mirror.upstream);
  if (fallback?.target.kind === "upstream") names.add(fallback.target.upstream);
  return [...names];
}

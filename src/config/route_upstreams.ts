/** Every place of a route that names an upstream. @module */

import type { Path } from "./finding.ts";
import { entriesOf, readPart, settingsOf } from "./read_part.ts";
import type { Origin } from "./schema/origin.ts";
import { upstreamTargetSchema } from "./schema/target.ts";

/** A name, or the address of an upstream that is declared nowhere else. */
export interface UpstreamReference {
  /** From the route on: `["split", "to", 0, "upstream"]`. */
  readonly at: Path;
  readonly upstream: string | Origin;
}

/** What can be read of the upstreams that a route names; whatever else is wrong with it. */
export function routeUpstreams(written: Readonly<Record<string, unknown>>): UpstreamReference[] {
  const branches = entriesOf(settingsOf(written.split).to);
  const places: readonly (readonly [Path, unknown])[] = [
    [["upstream"], written.upstream],
    ...branches.map((branch, i) => [["split", "to", i, "upstream"], settingsOf(branch).upstream] as const),
    [["mirror", "upstream"], settingsOf(written.mirror).upstream],
    [["fallback", "upstream"], settingsOf(written.fallback).upstream],
  ];
  return places.flatMap(([at, value]) => {
    const upstream = readPart(upstreamTargetSchema, value);
    return upstream === undefined ? [] : [{ at, upstream }];
  });
}

/** The name that an upstream has in the plan. */
export function upstreamName(upstream: string | Origin): string {
  return typeof upstream === "object" ? upstream.url : upstream;
}

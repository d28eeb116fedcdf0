/** Options of `cache` that do not go together. @module */

import { formatSize } from "../../core/units.ts";
import type { Misfit } from "../../settings/shapes.ts";
import type { ParsedCache } from "./cache_schema.ts";

/** The statuses that `forceTtl` is for where none are written. */
const FORCED: readonly number[] = [200];

/** What is wrong with options each of which by itself is right. */
export function cacheMisfits(options: ParsedCache): Misfit[] {
  const { defaultTtl, forceTtl, statuses, negativeTtl, heuristic, maxBytes, maxBody } = options;
  const misfits: Misfit[] = [];
  const useless = (key: string, message: string, remedy: string) =>
    misfits.push({ path: [key], message, remedy, onKey: true });
  if (statuses !== undefined && forceTtl === undefined && defaultTtl === undefined) {
    useless(
      "statuses",
      "these are the statuses of forceTtl and defaultTtl, of which there is neither",
      "forceTtl or defaultTtl",
    );
  }
  if (statuses !== undefined && forceTtl !== undefined && defaultTtl !== undefined) {
    useless("defaultTtl", "forceTtl is for the same statuses, whatever the upstream says", "forceTtl or defaultTtl");
  }
  if (heuristic && defaultTtl !== undefined && statuses === undefined) {
    useless("heuristic", "defaultTtl takes its place", "defaultTtl or heuristic");
  }
  if (forceTtl !== undefined) {
    const twice = [...negativeTtl?.keys() ?? []].filter((status) => (statuses ?? FORCED).includes(status));
    for (const status of twice) {
      misfits.push({
        path: ["negativeTtl"],
        message: `forceTtl is for ${status} too, whatever the upstream says`,
        remedy: `statuses without ${status}`,
      });
    }
  }
  if (maxBody !== undefined && maxBody > maxBytes) {
    misfits.push({
      path: ["maxBody"],
      message: `a body of this size has no place in ${formatSize(maxBytes)}, which is maxBytes`,
      remedy: `"${formatSize(Math.floor(maxBytes / 4))}"`,
    });
  }
  return misfits;
}

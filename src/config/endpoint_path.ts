/** Where an upstream's endpoint was written. @module */

import type { DraftUpstream } from "./draft.ts";
import type { Path } from "./finding.ts";

/** The place of the endpoint with this number, whichever form the upstream has. */
export function endpointPath({ at, written }: DraftUpstream, endpoint: number): Path {
  if (typeof written === "string") return at;
  return Array.isArray(written) ? [...at, endpoint] : [...at, "endpoints", endpoint];
}

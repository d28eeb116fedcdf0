/** How long endpoints take to answer, as metrics tell it. @module */

import type { Histogram } from "../telemetry/metrics/histogram.ts";
import type { Upstream } from "./upstream.ts";

/** Latencies of one endpoint, since it was there first. */
export interface EndpointLatencies {
  readonly upstream: string;
  readonly endpoint: string;
  /** From the start of an attempt to the head of its answer, or to its failure. It goes on counting. */
  readonly seconds: Histogram;
}

/** Those of all endpoints that there are now; none where nobody counts them. */
export function endpointLatencies({ name, endpoints }: Upstream): EndpointLatencies[] {
  return endpoints.flatMap(({ id, load: { latencies } }) =>
    latencies === null ? [] : { upstream: name, endpoint: id, seconds: latencies }
  );
}

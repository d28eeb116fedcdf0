/** The quicker of two. @module */

import type { Random } from "../../core/random.ts";
import type { Endpoint } from "../endpoint.ts";
import { PowerOfTwo } from "./power_of_two.ts";

/** More than any latency comes to, and small enough that requests under way still count beside it. */
const UNKNOWN = 2 ** 40;

/** Of two endpoints picked by chance, the one at which a request waits less: peak latency × (requests under way + 1). */
export class PeakEwma extends PowerOfTwo {
  constructor(random: Random) {
    super(random, expectedWait);
  }
}

/**
 * An endpoint that was never measured is tried at once, but by one request at a time: until that one is answered, every
 * measured endpoint is the better choice. (Finagle's PeakEwma does the same.)
 */
function expectedWait({ peakLatency, inFlight }: Endpoint): number {
  if (peakLatency > 0) return peakLatency * (inFlight + 1);
  return inFlight === 0 ? 0 : UNKNOWN + inFlight;
}

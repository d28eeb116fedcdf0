/** The choice among endpoints. @module */

import type { Endpoint } from "../endpoint.ts";

/** Picks one of the endpoints that may be tried. Eligibility (health, breaker, tried already) is decided elsewhere. */
export interface Balancer {
  /** `eligible` has at least one endpoint. */
  pick(eligible: readonly Endpoint[]): Endpoint;
}

/** The choice among endpoints. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { Endpoint } from "../endpoint.ts";

/** Picks one of the endpoints that may be tried. Eligibility (health, breaker, tried already) is decided elsewhere. */
export interface Balancer {
  /**
   * @param eligible at least one endpoint; never changed here. The same array comes again, unchanged, until something
   *   about an endpoint changes (its weight included): what is prepared for it can be kept by identity
   *   (`Prepared`). A retry may bring another array, once, without the endpoints that were tried.
   * @returns one of `eligible`
   */
  pick(eligible: readonly Endpoint[], exchange: Exchange): Endpoint;
}

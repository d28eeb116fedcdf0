/** Outlier ejection as the plan has it. @module */

/** Times in milliseconds; shares from 0 to 1. */
export interface OutlierPlan {
  /** Connect failures, resets, time-outs, broken answers and 502, 503, 504 in a row that eject; `null`: off. */
  readonly consecutiveGatewayErrors: number | null;
  /** The same with every 5xx; `null`: off. */
  readonly consecutive5xx: number | null;
  readonly successRate: SuccessRatePlan | null;
  /** How long the first ejection lasts; each further one adds as much, up to `maxEjectFor`. */
  readonly ejectFor: number;
  readonly maxEjectFor: number;
  /** Largest share of the endpoints that is ejected at once; one may always be, if another is left. */
  readonly maxEjected: number;
  /** While the share of endpoints that are not ejected is below this, ejections are not heeded; 0: off. */
  readonly panicThreshold: number;
}

/** Ejects whose share of successes is far below that of the others. */
export interface SuccessRatePlan {
  /** How often endpoints are compared. */
  readonly interval: number;
  /** Requests that an endpoint must have had since, and endpoints that must have had them. */
  readonly minRequests: number;
  readonly minEndpoints: number;
  /** Standard deviations below the mean. */
  readonly deviations: number;
}

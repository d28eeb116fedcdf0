/** An endpoint as balancers see it. @module */

/** One address of an upstream, with what is known of it. */
export interface Endpoint {
  /** `<upstream>/<url>`. */
  readonly id: string;
  /** Its share against the others'; below the configured one while it starts slowly. Above 0. */
  readonly weight: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Milliseconds to the head of an answer: an average that forgets. 0 before the first answer; failures count as slow. */
  readonly latency: number;
  /** The same, but a slower answer counts in full at once: what peak EWMA goes by. */
  readonly peakLatency: number;
  /** Share of attempts that failed, or were answered with a 5xx, from 0 to 1: an average that forgets. */
  readonly errorRate: number;
  /** What `weighted-latency` multiplies its score by; a controller turns it. @default its configured weight */
  readonly preference: number;
}

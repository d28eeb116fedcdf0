/** Active health checks as the plan has them. @module */

/** Times in milliseconds. */
export interface HealthPlan {
  readonly probe: ProbePlan;
  /** From the end of a probe to the start of the next. */
  readonly interval: number;
  /** Share of the interval that chance may add or take. */
  readonly jitter: number;
  readonly timeout: number;
  /** Passed probes in a row that make an endpoint healthy, failed ones that make it unhealthy. */
  readonly rise: number;
  readonly fall: number;
  /** What an endpoint is before its first probe; from `down`, one passed probe is enough. */
  readonly start: "up" | "down";
}

export type ProbePlan = { readonly kind: "tcp" } | {
  readonly kind: "http";
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** The Host sent; `null`: the endpoint's own. */
  readonly host: string | null;
  /** `[name, value]`, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** First and last of each range of statuses that pass. */
  readonly statuses: readonly (readonly [from: number, to: number])[];
  /** Source of a regular expression that the first 64 KiB of the body must match; `null`: any body passes. */
  readonly body: string | null;
};

/** Parts of the gateway that entries of its log tell of. @module */

/** The first word of a category; behind `policies` there is the policy's kind. */
export const LOG_PARTS = ["admin", "handlers", "listeners", "policies", "stores", "telemetry", "upstreams"] as const;

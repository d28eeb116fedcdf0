/** How long a client says that it waits. @module */

import { parseDuration } from "../../core/units.ts";

const GRPC = /^(\d{1,8})([HMSmun])$/;
const GRPC_UNITS: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };
const SECONDS = /^\d{1,9}(?:\.\d{1,9})?$/;

/**
 * Milliseconds, or `undefined` for what is no time: `5S` and `100m` as gRPC writes them (field `grpc-timeout` only), else
 * seconds (`2`, `1.5`) or a duration (`250ms`, `2s`).
 *
 * @param field name of the field, in lower case
 */
export function clientDeadline(field: string, value: string): number | undefined {
  if (field === "grpc-timeout") {
    const [, count, unit] = GRPC.exec(value) ?? [];
    return count === undefined ? undefined : Number(count) * GRPC_UNITS[unit];
  }
  return SECONDS.test(value) ? Number(value) * 1_000 : parseDuration(value);
}

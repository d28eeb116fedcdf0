/** Ways to limit a rate that users write. @module */

import type { Algorithm } from "../../core/limit.ts";

/**
 * Makes an algorithm for `rateLimit({ algorithm })`. Times are in microseconds; what it keeps of a key are plain numbers,
 * 1 to 16 of them, and what it decides are finite ones, `retryAfter` excepted.
 *
 * @example
 * ```ts
 * import { defineAlgorithm, rateLimit } from "gatewright";
 *
 * // As many as the limit says, until nothing has passed for as long as that.
 * const onlySoMany = defineAlgorithm({
 *   name: "only-so-many",
 *   size: 2, // until when the key is remembered, and how many there were
 *   take(state, now, cost, { limit, per }) {
 *     const used = now < state[0] ? state[1] : 0, remaining = limit - used - cost;
 *     if (remaining < 0 && cost > 0) {
 *       return { admitted: false, remaining: limit - used, resetAfter: state[0] - now, retryAfter: Infinity, delay: 0 };
 *     }
 *     if (cost > 0) [state[0], state[1]] = [now + per, used + cost];
 *     return { admitted: true, remaining: Math.max(0, remaining), resetAfter: per, retryAfter: 0, delay: 0 };
 *   },
 *   charge(state, now, amount) {
 *     if (now < state[0]) state[1] = Math.max(0, state[1] + amount);
 *   },
 * });
 *
 * const policy = rateLimit({ algorithm: onlySoMany, limit: 3, per: "1h", key: "ip" });
 * console.log(policy.kind); // rateLimit
 * ```
 */
export function defineAlgorithm(algorithm: Algorithm): Algorithm {
  return Object.freeze({ ...algorithm });
}

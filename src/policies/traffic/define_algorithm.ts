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
 * const quietTime = defineAlgorithm({
 *   name: "quiet-time",
 *   size: 2, // numbers kept of each key: until when, and how many there were
 *   take(state, now, cost, { limit, per }) {
 *     const rest = Math.max(0, state[0] - now), used = rest > 0 ? state[1] : 0;
 *     const admitted = cost === 0 || used + cost <= limit, spent = admitted ? used + cost : used;
 *     if (admitted && cost > 0) [state[0], state[1]] = [now + per, spent];
 *     return {
 *       admitted,
 *       remaining: Math.max(0, limit - spent),
 *       resetAfter: Math.max(0, state[0] - now),
 *       retryAfter: admitted ? 0 : cost > limit ? Infinity : rest,
 *       delay: 0,
 *     };
 *   },
 *   charge(state, now, amount) {
 *     if (now < state[0]) state[1] = Math.max(0, state[1] + amount);
 *   },
 * });
 *
 * const policy = rateLimit({ algorithm: quietTime, limit: 3, per: "1h", key: "ip" });
 * console.log(policy.kind); // rateLimit
 * ```
 */
export function defineAlgorithm(algorithm: Algorithm): Algorithm {
  return Object.freeze({ ...algorithm });
}

/** The token bucket. @module */

import type { Algorithm } from "../../../core/limit.ts";
import { admitted, refused } from "./verdicts.ts";

/**
 * A bucket of `burst` tokens that fills at `limit` per `per`, as the generic cell rate algorithm has it (ITU-T I.371,
 * §A): the only thing kept is the time at which the bucket will be full.
 *
 * Bound: in any window of length w at most `burst + limit · w / per` units are admitted.
 */
export const tokenBucket: Algorithm = {
  name: "token-bucket",
  size: 1,
  take(state, now, cost, { burst, interval }) {
    const full = Math.max(state[0], now), capacity = burst * interval;
    const next = full + cost * interval, over = next - now - capacity;
    if (over > 0 && cost > 0) {
      const left = Math.floor((now + capacity - full) / interval);
      return refused(Math.max(0, left), full - now, cost > burst ? Infinity : over);
    }
    state[0] = next;
    return admitted(Math.max(0, Math.floor(-over / interval)), next - now);
  },
  charge(state, now, amount, { interval }) {
    state[0] = Math.max(now, Math.max(state[0], now) + amount * interval);
  },
  moreAfter: ({ resetAfter }, { interval }) => resetAfter === 0 ? 0 : resetAfter % interval || interval,
  lua: `{
    take = function(state, now, cost, rule)
      local full, capacity = math.max(state[1], now), rule.burst * rule.interval
      local after = full + cost * rule.interval
      local over = after - now - capacity
      if over > 0 and cost > 0 then
        local left = math.floor((now + capacity - full) / rule.interval)
        return false, math.max(0, left), full - now, cost > rule.burst and math.huge or over, 0
      end
      state[1] = after
      return true, math.max(0, math.floor(-over / rule.interval)), after - now, 0, 0
    end,
    charge = function(state, now, amount, rule)
      state[1] = math.max(now, math.max(state[1], now) + amount * rule.interval)
    end,
  }`,
};

/** The leaky bucket, which shapes. @module */

import type { Algorithm } from "../../../core/limit.ts";
import { admitted, refused } from "./verdicts.ts";

/**
 * A line in which requests wait until they may go on, one each `per / limit`; who would wait longer than `maxDelay` is
 * refused, and so is a request of cost c where the last of its c places would be later. Kept: when the last in the line goes on, and its interval is over.
 *
 * Bound: in any window of length w at most `1 + limit · w / per` requests go on, as far as timers keep time: they fire up
 * to a millisecond late. A request of cost c has the next one wait c intervals. A client that leaves does not give its
 * place back.
 */
export const leakyBucket: Algorithm = {
  name: "leaky-bucket",
  size: 1,
  take(state, now, cost, { interval, maxDelay }) {
    const turn = Math.max(state[0], now), delay = turn - now;
    const places = Math.max(0, Math.floor((maxDelay - delay) / interval) + 1);
    if (cost === 0) return admitted(places, delay);
    const over = delay + (cost - 1) * interval - maxDelay;
    if (over > 0) return refused(places, delay, (cost - 1) * interval > maxDelay ? Infinity : over);
    state[0] = turn + cost * interval;
    return admitted(places - cost, delay + cost * interval, delay);
  },
  charge(state, now, amount, { interval }) {
    state[0] = Math.max(now, Math.max(state[0], now) + amount * interval);
  },
  moreAfter: ({ resetAfter }, { interval }) => resetAfter === 0 ? 0 : resetAfter % interval || interval,
  lua: `{
    take = function(state, now, cost, rule)
      local turn = math.max(state[1], now)
      local delay = turn - now
      local places = math.max(0, math.floor((rule.maxDelay - delay) / rule.interval) + 1)
      if cost == 0 then return true, places, delay, 0, 0 end
      local rest = (cost - 1) * rule.interval
      local over = delay + rest - rule.maxDelay
      if over > 0 then return false, places, delay, rest > rule.maxDelay and math.huge or over, 0 end
      state[1] = turn + cost * rule.interval
      return true, places - cost, delay + cost * rule.interval, 0, delay
    end,
    charge = function(state, now, amount, rule)
      state[1] = math.max(now, math.max(state[1], now) + amount * rule.interval)
    end,
  }`,
};

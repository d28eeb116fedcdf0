/** The sliding window by two counters. @module */

import type { Algorithm } from "../../../core/limit.ts";
import { admitted, refused } from "./verdicts.ts";

/**
 * Counts in windows of `per`, one behind the other, and reckons the last `per` as this window's count and as much of the
 * one before as still reaches into it, as if that one's requests had been spread evenly. Kept: when both are over, and
 * the two counts.
 *
 * Bound: in any window of length w ≤ `per` at most `limit · (1 + w / per)` units are admitted: up to `2 · limit` in `per`
 * where all of the window before came at its very end, `limit` where they came evenly. A client that asks for more all the
 * time gets less: half of the limit, as what it had in the window before counts as spread over it.
 */
export const slidingWindow: Algorithm = {
  name: "sliding-window",
  size: 3,
  take(state, now, cost, { limit, per }) {
    let start = state[0] - 2 * per, before = state[1], current = state[2];
    if (now >= state[0] || now < start) {
      start = now;
      before = current = 0;
    } else if (now >= start + per) {
      start += per;
      before = current;
      current = 0;
    }
    // Times `per`, so that it stays whole: up to 2⁵³, and beyond that it refuses rather than not.
    const rest = start + per - now, room = limit * per - before * rest - current * per;
    const left = room - cost * per, untouched = before === 0 && current === 0;
    const resetAfter = untouched ? 0 : current > 0 ? rest + per : rest;
    if (left < 0 && cost > 0) {
      return refused(Math.max(0, Math.floor(room / per)), resetAfter, wait(limit - cost, before, current, rest, per));
    }
    if (cost === 0) return admitted(Math.max(0, Math.floor(room / per)), resetAfter);
    state[0] = start + 2 * per;
    state[1] = before;
    state[2] = current + cost;
    return admitted(Math.floor(left / per), rest + per);
  },
  charge(state, now, amount, { per }) {
    let start = state[0] - 2 * per;
    if (now >= state[0] || now < start) {
      start = now;
      state[1] = state[2] = 0;
    } else if (now >= start + per) {
      start += per;
      state[1] = state[2];
      state[2] = 0;
    }
    state[0] = start + 2 * per;
    state[2] = Math.max(0, state[2] + amount);
  },
  lua: `{
    roll = function(state, now, per)
      local start, before, current = state[1] - 2 * per, state[2], state[3]
      if now >= state[1] or now < start then return now, 0, 0 end
      if now >= start + per then return start + per, current, 0 end
      return start, before, current
    end,
    take = function(state, now, cost, rule, self)
      local limit, per = rule.limit, rule.per
      local start, before, current = self.roll(state, now, per)
      local rest = start + per - now
      local room = limit * per - before * rest - current * per
      local left = room - cost * per
      local reset = rest
      if before == 0 and current == 0 then reset = 0 elseif current > 0 then reset = rest + per end
      if left < 0 and cost > 0 then
        local most, wait = limit - cost, math.huge
        if most >= current then
          wait = rest - math.floor((most - current) * per / before)
        elseif most >= 0 then
          wait = rest + per - math.floor(most * per / current)
        end
        return false, math.max(0, math.floor(room / per)), reset, wait, 0
      end
      if cost == 0 then return true, math.max(0, math.floor(room / per)), reset, 0, 0 end
      state[1], state[2], state[3] = start + 2 * per, before, current + cost
      return true, math.floor(left / per), rest + per, 0, 0
    end,
    charge = function(state, now, amount, rule, self)
      local start, before, current = self.roll(state, now, rule.per)
      state[1], state[2], state[3] = start + 2 * rule.per, before, math.max(0, current + amount)
    end,
  }`,
};

/** Until no more than `most` count: in this window, while the one before fades, or in the next, while this one does. */
function wait(most: number, before: number, current: number, rest: number, per: number): number {
  if (most >= current) return rest - Math.floor((most - current) * per / before);
  return most < 0 ? Infinity : rest + per - Math.floor(most * per / current);
}

/** The fixed window. @module */

import type { Algorithm } from "../../../core/limit.ts";
import { admitted, refused } from "./verdicts.ts";

/**
 * Counts up to `limit` in a window of `per` that begins with a key's first request, so that not all clients begin anew
 * together. Kept: the window's end, and the count.
 *
 * Bound: in any window of length `per` at most `2 · limit` units are admitted.
 */
export const fixedWindow: Algorithm = {
  name: "fixed-window",
  size: 2,
  take(state, now, cost, { limit, per }) {
    const goesOn = now < state[0], end = goesOn ? state[0] : now + per, used = goesOn ? state[1] : 0;
    const left = limit - used - cost;
    if (left < 0 && cost > 0) {
      return refused(Math.max(0, limit - used), goesOn ? end - now : 0, cost > limit ? Infinity : end - now);
    }
    if (cost === 0) return admitted(Math.max(0, left), goesOn ? end - now : 0);
    state[0] = end;
    state[1] = used + cost;
    return admitted(left, end - now);
  },
  charge(state, now, amount, { per }) {
    const goesOn = now < state[0];
    state[1] = Math.max(0, (goesOn ? state[1] : 0) + amount);
    if (!goesOn) state[0] = now + per;
  },
  lua: `{
    take = function(state, now, cost, rule)
      local ends, used = now + rule.per, 0
      local goesOn = now < state[1]
      if goesOn then ends, used = state[1], state[2] end
      local rest = goesOn and ends - now or 0
      local left = rule.limit - used - cost
      if left < 0 and cost > 0 then
        return false, math.max(0, rule.limit - used), rest, cost > rule.limit and math.huge or ends - now, 0
      end
      if cost == 0 then return true, math.max(0, left), rest, 0, 0 end
      state[1] = ends
      state[2] = used + cost
      return true, left, ends - now, 0, 0
    end,
    charge = function(state, now, amount, rule)
      local goesOn = now < state[1]
      state[2] = math.max(0, (goesOn and state[2] or 0) + amount)
      if not goesOn then state[1] = now + rule.per end
    end,
  }`,
};

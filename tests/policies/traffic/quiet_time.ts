/** A rate limit's algorithm as a user writes it, and what becomes of requests under it, in any store. @module */

import { strict as assert } from "node:assert";
import { defineAlgorithm } from "../../../src/policies/traffic/define_algorithm.ts";
import type { AnyLimits, LimitBed } from "./rate_limit_bed.ts";

/** As many as the limit says, until a key has kept away for `per`. Kept: until when, and how many there were. */
export const quietTime = defineAlgorithm({
  name: "quiet-time",
  size: 2,
  take(state, now, cost, { limit, per }) {
    const rest = Math.max(0, state[0] - now), used = rest > 0 ? state[1] : 0;
    const admitted = cost === 0 || used + cost <= limit, spent = admitted ? used + cost : used;
    if (admitted && cost > 0) [state[0], state[1]] = [now + per, spent];
    return {
      admitted,
      remaining: Math.max(0, limit - spent),
      resetAfter: Math.max(0, state[0] - now),
      retryAfter: admitted ? 0 : cost > limit ? Infinity : rest,
      delay: 0,
    };
  },
  charge(state, now, amount) {
    if (now < state[0]) state[1] = Math.max(0, state[1] + amount);
  },
  lua: `{
    take = function(state, now, cost, rule)
      local rest = math.max(0, state[1] - now)
      local used = rest > 0 and state[2] or 0
      if cost > 0 and used + cost > rule.limit then
        return false, math.max(0, rule.limit - used), rest, cost > rule.limit and math.huge or rest, 0
      end
      if cost > 0 then
        state[1] = now + rule.per
        state[2] = used + cost
        rest = rule.per
      end
      return true, math.max(0, rule.limit - used - cost), rest, 0, 0
    end,
    charge = function(state, now, amount)
      if now < state[1] then state[2] = math.max(0, state[2] + amount) end
    end,
  }`,
});

/** The limit that {@link passHistory} is about. */
export const QUIET_MINUTE: AnyLimits = {
  algorithm: quietTime,
  limit: 3,
  per: "1m",
  key: "header:x-user",
  cost: (ctx) => Number(ctx.header("x-asks") ?? 1),
  costHeader: "x-cost",
};

interface Step {
  /** Seconds before it. */
  readonly pass?: number;
  readonly user: string;
  /** What it is said to cost beforehand. @default 1 */
  readonly asks?: number;
  /** What its answer says that it did cost. */
  readonly cost?: number;
  /** Its status, what is left, and `Retry-After`. */
  readonly answer: string;
}

const HISTORY: readonly Step[] = [
  { user: "ann", answer: "200 r=2;t=60" },
  { pass: 59, user: "ann", answer: "200 r=1;t=60" },
  { user: "bob", answer: "200 r=2;t=60" },
  { pass: 59, user: "ann", answer: "200 r=0;t=60" },
  { pass: 59, user: "ann", answer: "429 r=0;t=1 after 1" },
  { user: "ann", asks: 0, answer: "200 r=0;t=1" },
  { pass: 1, user: "ann", answer: "200 r=2;t=60" },
  { user: "ann", asks: 3, answer: "429 r=2;t=60 after 60" },
  { user: "ann", asks: 4, answer: "429 r=2;t=60" },
  { user: "new", asks: 4, answer: "429 r=3" },
  { user: "charged", cost: 3, answer: "200 r=2;t=60" },
  { user: "charged", answer: "429 r=0;t=60 after 60" },
  { user: "given back", asks: 3, cost: 1, answer: "200 r=0;t=60" },
  { user: "given back", answer: "200 r=1;t=60" },
];

/** Sends requests to a bed with {@link QUIET_MINUTE}, one after the other, and looks at each answer. */
export async function passHistory(bed: LimitBed): Promise<void> {
  for (const [i, { pass = 0, user, asks = 1, cost, answer }] of HISTORY.entries()) {
    bed.env.clock.advance(pass * 1000);
    bed.fields = cost === undefined ? [] : ["x-cost", `${cost}`];
    const { reply } = await bed.askLater({ headers: [["x-user", user], ["x-asks", `${asks}`]] });
    const wait = reply.header("retry-after"), left = reply.header("ratelimit")?.replace('"3-per-1m";', "");
    assert.equal(`${reply.status} ${left}${wait === null ? "" : ` after ${wait}`}`, answer, `step ${i}, ${user}`);
  }
}

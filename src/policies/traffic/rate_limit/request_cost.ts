/** What a request costs. @module */

import type { Exchange } from "../../../core/exchange.ts";
import type { Log } from "../../../core/log.ts";
import type { Context } from "../../context.ts";
import { contextOf } from "../../exchange_context.ts";
import type { RateLimitPlan } from "./rate_limit_plan.ts";

/** Units: a key that is charged more would be shut for longer than anybody means. */
const MOST_COST = 1_000_000_000;

/** Prepares the cost in whole units. @throws TypeError, then, for a function that returns no number from 0 on */
export function costReader(
  cost: RateLimitPlan["cost"],
  log: Log,
  id: string,
): number | ((exchange: Exchange) => number) {
  if (typeof cost === "number") return cost;
  return (exchange) => wholeCost(cost, contextOf(exchange, log), id);
}

function wholeCost(cost: (ctx: Context) => number, ctx: Context, id: string): number {
  const value: unknown = cost(ctx);
  if (typeof value === "number" && value >= 0 && value <= MOST_COST) return Math.ceil(value);
  throw new TypeError(`${id}: cost returned ${String(value)}: return a number from 0 to ${MOST_COST}`);
}

/** What a response says that its request did cost; `null` where it says nothing that can be. */
export function costInHeader(value: string | null): number | null {
  const cost = value !== null && /^\d{1,10}(?:\.\d{1,10})?$/.test(value) ? Math.ceil(Number(value)) : Infinity;
  return cost <= MOST_COST ? cost : null;
}

/** The rule that a limit has for a request. @module */

import type { BuildEnv, Knob } from "../../../core/build_env.ts";
import type { Exchange } from "../../../core/exchange.ts";
import { type KeyReader, parseKey } from "../../../core/key.ts";
import { type Rule, ruleOf } from "../../../core/limit.ts";
import type { LimitPlan } from "./rate_limit_plan.ts";

/** How far a controller may turn a limit: down to a hundredth, up to the hundredfold. */
const LEEWAY = 100;

/** The rule for an exchange: one for all, or by the value of a key. */
export type RuleReader = (exchange: Exchange) => Rule;

/**
 * @param least what a limit is never turned below: what a request costs
 * @param id of the limit, for its knobs
 */
export function ruleReader(plan: LimitPlan, least: number, id: string, env: Pick<BuildEnv, "knob">): RuleReader {
  const { limit } = plan;
  const turned = (name: string, limit: number) => new TurnedRule(plan, { limit, least }, name, env);
  if (typeof limit === "number") {
    const rule = turned(id, limit);
    return () => rule.current;
  }
  const by: KeyReader | undefined = parseKey(limit.by), otherwise = turned(`${id}/otherwise`, limit.otherwise);
  if (by === undefined) throw new TypeError(`"${limit.by}" is not a key`);
  const tiers = new Map(Object.entries(limit.is).map(([value, limit]) => [value, turned(`${id}/is/${value}`, limit)]));
  return (exchange) => {
    const value = by(exchange);
    return ((value === undefined ? undefined : tiers.get(value)) ?? otherwise).current;
  };
}

/** A rule whose limit a controller may turn. */
class TurnedRule {
  readonly #plan: LimitPlan;
  readonly #written: number;
  readonly #knob: Knob;
  #rule: Rule;

  constructor(
    plan: LimitPlan,
    { limit, least }: { readonly limit: number; readonly least: number },
    id: string,
    env: Pick<BuildEnv, "knob">,
  ) {
    this.#plan = plan;
    this.#written = limit;
    const floor = Math.max(leastLimit(plan, limit, least), Math.floor(limit / LEEWAY));
    const range = { min: Math.min(limit, floor), max: limit * LEEWAY };
    this.#knob = env.knob(id, limit, range);
    this.#rule = this.#ruleFor(limit);
  }

  get current(): Rule {
    // A turned limit may have a fraction, which windows could make nothing of.
    const limit = Math.max(1, Math.floor(this.#knob.value));
    if (limit !== this.#rule.limit) this.#rule = this.#ruleFor(limit);
    return this.#rule;
  }

  /** A burst goes along: what clients have used is kept as time, which would be another time otherwise. */
  #ruleFor(limit: number): Rule {
    const { burst } = this.#plan, turned = burst === undefined ? limit : Math.max(1, burst * limit / this.#written);
    return ruleOf({ ...this.#plan, limit, burst: turned });
  }
}

/** The least limit under which a request of this cost can still pass. */
function leastLimit({ per, burst, maxDelay }: LimitPlan, limit: number, cost: number): number {
  const inBurst = burst === undefined ? cost : Math.ceil(cost * limit / burst);
  // One more, as intervals are rounded up.
  const inLine = maxDelay === 0 || cost === 1 ? 1 : Math.ceil((cost - 1) * per / maxDelay) + 1;
  return Math.max(inBurst, inLine);
}

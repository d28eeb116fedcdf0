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

/** @param id of the limit, for its knobs */
export function ruleReader(plan: LimitPlan, id: string, env: Pick<BuildEnv, "knob">): RuleReader {
  const { limit } = plan, turned = (name: string, limit: number) => new TurnedRule(plan, limit, name, env);
  if (typeof limit === "number") {
    const rule = turned(id, limit);
    return () => rule.current;
  }
  const by: KeyReader | undefined = parseKey(limit.by), otherwise = turned(`${id}/otherwise`, limit.otherwise);
  if (by === undefined) throw new TypeError(`"${limit.by}" is not a key`);
  const tiers = new Map(Object.entries(limit.is).map(([value, limit]) => [value, turned(`${id}/${value}`, limit)]));
  return (exchange) => {
    const value = by(exchange);
    return ((value === undefined ? undefined : tiers.get(value)) ?? otherwise).current;
  };
}

/** A rule whose limit a controller may turn. */
class TurnedRule {
  readonly #plan: LimitPlan;
  readonly #knob: Knob;
  #rule: Rule;

  constructor(plan: LimitPlan, limit: number, id: string, env: Pick<BuildEnv, "knob">) {
    this.#plan = plan;
    const range = { min: Math.max(1, Math.floor(limit / LEEWAY)), max: limit * LEEWAY };
    this.#knob = env.knob(id, limit, range);
    this.#rule = ruleOf({ ...plan, limit });
  }

  get current(): Rule {
    // A turned limit may have a fraction, which windows could make nothing of.
    const limit = Math.max(1, Math.floor(this.#knob.value));
    if (limit !== this.#rule.limit) this.#rule = ruleOf({ ...this.#plan, limit });
    return this.#rule;
  }
}

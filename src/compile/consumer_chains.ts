/** The policies of consumers: what runs behind the policy that has found one out. @module */

import type { BuildEnv } from "../core/build_env.ts";
import { contextKey } from "../core/context_key.ts";
import type { Handler, Middleware } from "../core/handler.ts";
import { buildPolicy, type BuiltPolicy } from "./built_policy.ts";
import { foldChain } from "./fold_chain.ts";
import type { ConsumerPlan } from "./plan.ts";

/** Consumers whose policies have run for an exchange: a second identity policy may find the same one again. */
const RAN = contextKey<readonly string[]>("consumer policies");

/** One consumer's policies, built once: whatever the route, they count together. */
interface Chain {
  readonly middlewares: readonly Middleware[];
  readonly alone: readonly string[];
}

/**
 * Prepares what puts each consumer's policies behind an identity policy.
 *
 * @returns a policy as it is where no consumer has any, or where it does not find out who is asking
 */
export function consumerChains(plans: readonly ConsumerPlan[], env: BuildEnv): (policy: BuiltPolicy) => BuiltPolicy {
  const chains = new Map<string, Chain>();
  for (const { name, policies } of plans) {
    if (policies.length === 0) continue;
    chains.set(name, { middlewares: policies.map((node) => buildPolicy(node, env).middleware), alone: [name] });
  }
  if (chains.size === 0) return (policy) => policy;
  const ofConsumer = runChains(chains);
  return ({ middleware, traits }) => ({
    middleware: traits.identity === undefined ? middleware : (next) => middleware(ofConsumer(next)),
    traits,
  });
}

function runChains(chains: ReadonlyMap<string, Chain>): Middleware {
  return (next) => {
    // Folded when a consumer first comes this way: routes times consumers would be many, and most never meet.
    const folded = new Map<string, Handler>();
    return (exchange) => {
      const name = exchange.identity?.consumer, chain = name === undefined ? undefined : chains.get(name);
      if (name === undefined || chain === undefined) return next(exchange);
      const ran = exchange.get(RAN);
      if (ran?.includes(name)) return next(exchange);
      exchange.set(RAN, ran === undefined ? chain.alone : [...ran, name]);
      let handler = folded.get(name);
      if (handler === undefined) folded.set(name, handler = foldChain(chain.middlewares, next));
      return handler(exchange);
    };
  };
}

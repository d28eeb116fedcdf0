/** A circuit breaker with its knob, and who hears of it. @module */

import type { BuildEnv } from "../../core/build_env.ts";
import type { BreakerPlan } from "./breaker_plan.ts";
import { CircuitBreaker } from "./circuit_breaker.ts";

/** Bounds of what a controller may make of `failureThreshold`. */
const THRESHOLD = { min: 1, max: 1_000_000 };

/**
 * The endpoints of an upstream share one knob: discovery brings endpoints without end.
 *
 * @param of whose breaker it is; `endpoint` is `""` for that of a whole upstream
 * @param onAdmission told when it may have begun, or ceased, to let attempts pass
 */
export function buildBreaker(
  plan: BreakerPlan,
  of: { readonly upstream: string; readonly endpoint: string },
  env: Omit<BuildEnv, "dispatch">,
  onAdmission: () => void,
): CircuitBreaker {
  const { failureThreshold, per } = plan;
  const knob = failureThreshold === null
    ? null
    : env.knob(`breaker/${of.upstream}/${per}/failureThreshold`, failureThreshold, THRESHOLD);
  return new CircuitBreaker(plan, knob, env, {
    onTransition(from, to) {
      const event = { ...of, from, to };
      env.log[to === "open" ? "warn" : "info"](`circuit breaker is ${to}`, event);
      env.events.emit("breaker.changed", event);
    },
    onAdmission,
  });
}

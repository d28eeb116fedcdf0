/** The end of serving, without losing anybody. @module */

import type { Clock } from "../core/clock.ts";
import type { Engine } from "./engine.ts";

/** Milliseconds. */
export interface DrainLimits {
  /** How long connections are still taken, so that load balancers notice that readiness is off. */
  readonly delay: number;
  /** How long exchanges may take to end once the listeners are closed. */
  readonly grace: number;
}

/**
 * Takes connections for `delay`, closes the listeners, waits for every exchange up to `grace`, then cuts what is left.
 * @returns whether every exchange ended by itself
 */
export async function drain(engines: readonly Engine[], limits: DrainLimits, clock: Clock): Promise<boolean> {
  if (limits.delay > 0) await new Promise<void>((resolve) => clock.after(limits.delay, resolve));
  const over = Promise.withResolvers<boolean>();
  const cancel = clock.after(limits.grace, () => over.resolve(false));
  Promise.all(engines.map((engine) => engine.drain())).then(() => over.resolve(true), (error) => over.reject(error));
  const drained = await over.promise;
  cancel();
  if (!drained) await Promise.all(engines.map((engine) => engine.abort()));
  return drained;
}

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

/** Milliseconds that connections get to close once their exchanges are given up. */
const LAST_WORDS = 1_000;

/**
 * Takes connections for `delay`, closes the listeners, waits for every exchange up to `grace`, then gives up what is left.
 * @returns whether every exchange ended by itself
 */
export async function drain(engines: readonly Engine[], limits: DrainLimits, clock: Clock): Promise<boolean> {
  if (limits.delay > 0) await new Promise<void>((resolve) => clock.after(limits.delay, resolve));
  const all = Promise.all(engines.map((engine) => engine.drain()));
  if (await within(all, limits.grace, clock)) return true;
  for (const engine of engines) engine.abort();
  await within(all, LAST_WORDS, clock);
  return false;
}

/** Whether the work is done before the time is over. */
async function within(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const cancel = clock.after(ms, () => resolve(false));
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    cancel();
  }
}

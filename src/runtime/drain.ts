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
 * Closing a listener closes its idle connections, and one whose next request is on its way looks idle. So answers say
 * `Connection: close` for a while first, until no request has come for two looks, these milliseconds apart.
 */
const LOOK_EVERY = 20, MOST_LOOKS = 25;

/** Milliseconds that connections get to close once their exchanges are given up. */
const LAST_WORDS = 1_000;

/**
 * Takes connections for `delay`, closes the listeners, waits for every exchange up to `grace`, then gives up what is left.
 * @returns whether every exchange ended by itself
 */
export async function drain(engines: readonly Engine[], limits: DrainLimits, clock: Clock): Promise<boolean> {
  if (limits.delay > 0) await pause(limits.delay, clock);
  await quiet(engines, clock);
  const all = Promise.all(engines.map((engine) => engine.drain()));
  if (await within(all, limits.grace, clock)) return true;
  for (const engine of engines) engine.abort();
  await within(all, LAST_WORDS, clock);
  return false;
}

async function quiet(engines: readonly Engine[], clock: Clock): Promise<void> {
  const count = () => engines.reduce((sum, engine) => sum + engine.requests, 0);
  for (let looks = 0, still = 0, before = count(); looks < MOST_LOOKS && still < 2; looks++) {
    await pause(LOOK_EVERY, clock);
    const now = count();
    still = now === before ? still + 1 : 0;
    before = now;
  }
}

function pause(ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve));
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

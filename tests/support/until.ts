/** Waiting for what the event loop is about to bring, without guessing a time. @module */

import { turn } from "./turn.ts";
import type { FakeClock } from "./fake_clock.ts";

const GUARD_MS = 10_000;

/** Lets the event loop turn until `condition` holds. @throws when that takes longer than the guard of 10 s */
export async function until(condition: () => boolean, what: string = condition.toString()): Promise<void> {
  const end = performance.now() + GUARD_MS;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${GUARD_MS} ms in vain for ${what}`);
    await turn();
  }
}

/** Turns the clock in steps, sockets getting their turns between, until the promise is settled. */
export async function passUntil(clock: FakeClock, promise: Promise<unknown>, step: number): Promise<void> {
  let settled = false;
  promise.then(() => settled = true, () => settled = true);
  const end = performance.now() + GUARD_MS;
  while (!settled) {
    if (performance.now() > end) throw new Error(`${clock.now()} ms passed in vain`);
    await clock.pass(step);
  }
}

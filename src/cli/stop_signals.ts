/** SIGINT and SIGTERM. @module */

import type { Clock } from "../core/clock.ts";

/** Exit codes of a process that a signal ended: 128 and its number. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that asks for the end. */
export type StopSignal = keyof typeof CODES;

/** Windows knows no SIGTERM. */
const SIGNALS: readonly StopSignal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/**
 * Milliseconds in which further signals are taken for the first one again: Ctrl-C under `deno task` arrives twice, from
 * the terminal and handed on by the task runner.
 */
const SAME_MS = 250;

/** Resolves at the first signal. A second one ends the process at once, with that signal's code. */
export function stopSignal(clock: Clock): Promise<StopSignal> {
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  let first: number | null = null;
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      const now = clock.now();
      if (first === null) {
        first = now;
        resolve(signal);
      } else if (now - first > SAME_MS) Deno.exit(CODES[signal]);
    });
  }
  return promise;
}

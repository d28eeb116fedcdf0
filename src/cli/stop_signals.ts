/** SIGINT and SIGTERM. @module */

/** Exit codes of a process that a signal ended: 128 and its number. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that asks for the end. */
export type StopSignal = keyof typeof CODES;

/** Windows knows no SIGTERM. */
const SIGNALS: readonly StopSignal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];

/** Resolves at the first signal. A second one ends the process at once, with that signal's code. */
export function stopSignal(): Promise<StopSignal> {
  const { promise, resolve } = Promise.withResolvers<StopSignal>();
  let asked = false;
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      if (asked) Deno.exit(CODES[signal]);
      asked = true;
      resolve(signal);
    });
  }
  return promise;
}

/** Modules of users: code that may throw, wait for ever or leave a promise alone. @module */

import { fileURLToPath } from "node:url";
import type { Clock } from "../core/clock.ts";
import type { Finding } from "./finding.ts";
import type { ImportModule } from "./import_module.ts";
import { moduleError, strayError } from "./module_error.ts";

/** How long a module may take, in milliseconds: files and a look-up are read by then. */
const LONGEST_MS = 10_000;

/** What loading takes from outside. */
export interface ModuleWorld {
  readonly load: ImportModule;
  /** For the time that a module may take. */
  readonly clock: Clock;
  /** How messages name a file. */
  readonly display: (path: string) => string;
}

/** Why a module cannot be used. */
export interface ModuleFailure {
  readonly findings: readonly Pick<Finding, "message" | "remedy" | "place">[];
  /** What was thrown, in the same order; a module that took too long threw nothing. */
  readonly causes: readonly unknown[];
}

/**
 * Loads a module. Errors that it leaves to nobody while it loads make it fail too: they would end the process.
 *
 * @param url the module's `file:` URL
 * @param what what it is to its user: `config`
 */
export async function loadUserModule(
  url: string,
  what: string,
  { load, clock, display }: ModuleWorld,
): Promise<{ readonly exports: Readonly<Record<string, unknown>> } | ModuleFailure> {
  using strays = new Strays();
  const late = Promise.withResolvers<null>();
  const cancel = clock.after(LONGEST_MS, () => late.resolve(null));
  const findings: ModuleFailure["findings"][number][] = [], causes: unknown[] = [];
  let exports: Readonly<Record<string, unknown>> | null = null;
  try {
    exports = await Promise.race([load(url), late.promise]);
  } catch (error) {
    causes.push(error);
    findings.push(await moduleError(error, url, display));
  } finally {
    cancel();
  }
  // A promise that is exported is not left alone: who takes the export judges it.
  for (const value of Object.values(exports ?? {})) if (value instanceof Promise) value.catch(() => {});
  if (exports !== null || findings.length > 0) {
    // The runtime tells of rejections only after the microtasks.
    await new Promise<void>((resolve) => void clock.after(0, resolve));
  } else {
    const file = display(fileURLToPath(url));
    const message = `waited ${LONGEST_MS / 1000} s for ${file} to load`;
    findings.push({ message, remedy: `a ${what} without endless await`, place: { file } });
  }
  for (const { how, error } of strays.seen) {
    if (causes.includes(error)) continue;
    causes.push(error);
    findings.push(strayError(how, error, url, display));
  }
  return exports === null || findings.length > 0 ? { findings, causes } : { exports };
}

/** Keeps errors that nobody catches from ending the process. */
class Strays implements Disposable {
  readonly seen: { readonly how: string; readonly error: unknown }[] = [];

  constructor() {
    globalThis.addEventListener("unhandledrejection", this.#rejected);
    globalThis.addEventListener("error", this.#thrown);
  }

  readonly #rejected = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    this.seen.push({ how: "a promise was rejected and nobody caught it", error: event.reason });
  };

  readonly #thrown = (event: ErrorEvent): void => {
    event.preventDefault();
    this.seen.push({ how: "an error was thrown and nobody caught it", error: event.error });
  };

  [Symbol.dispose](): void {
    globalThis.removeEventListener("unhandledrejection", this.#rejected);
    globalThis.removeEventListener("error", this.#thrown);
  }
}

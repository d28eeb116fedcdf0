/** Errors that nobody caught. @module */

import type { Log } from "../core/log.ts";

/**
 * Logs what would otherwise end the process: a promise that user code left alone, say. Every other request goes on.
 */
export function surviveErrors(log: Log): void {
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    log.error("a promise was rejected and nobody caught it", details(event.reason));
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    log.error("an error was thrown and nobody caught it", details(event.error));
  });
}

// With the stack: it alone tells whose code it was.
function details(error: unknown): Record<string, unknown> {
  return error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) };
}

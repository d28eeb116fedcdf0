/** Why something could not be done, in one line with the remedy. @module */

import { dirname } from "node:path";
import { ConfigError } from "../core/issue.ts";

/** Something that stops a command; the message is one line that says what, why and what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/**
 * Does one step, synchronous or not.
 *
 * @param what what the step does, to stand after "cannot"
 * @throws ConfigError as it is, and StartError for everything else: the reason in words, and what was thrown as its cause
 */
export async function step<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new StartError(`cannot ${what}: ${reason(error)}`, { cause: error });
  }
}

/** What went wrong, for people: a missing permission as the flag that gives it. */
export function reason(error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) return missingPermission(error);
  const text = error instanceof Error ? error.message.split("\n")[0] : String(error);
  if (error instanceof Deno.errors.PermissionDenied) return `the system does not permit it (${text})`;
  return text;
}

/** `needs --allow-write=/var/log`: the flag itself, as narrow as it can be. */
function missingPermission({ message }: Error): string {
  const [, kind, place] = /^Requires (\w+) access(?: to "(.*?)")?/.exec(message) ?? [];
  if (kind === undefined) return message;
  // The folder, not the file: a log's older parts lie beside it.
  const scope = kind === "write" && place !== undefined ? dirname(place) : place;
  return `needs --allow-${kind}${
    scope === undefined ? "" : `=${scope}`
  }; add it to deno run, or to the task in deno.json`;
}

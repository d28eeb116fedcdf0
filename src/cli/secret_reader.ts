/** Secrets of the process. @module */

import { resolve } from "node:path";
import type { SecretReader } from "../core/secret.ts";

/**
 * Reads environment variables and files, at each call anew.
 *
 * @param folder where relative paths start: the config's
 */
export function systemSecrets(folder: string): SecretReader {
  return ({ env, file }) => env === undefined ? fromFile(resolve(folder, file), file) : fromEnvironment(env);
}

function fromEnvironment(name: string): ReturnType<SecretReader> {
  try {
    const value = Deno.env.get(name);
    return value === undefined ? { error: `the environment variable ${name} is not set` } : { value };
  } catch (error) {
    // A denied permission must not look like a missing value.
    if (error instanceof Deno.errors.NotCapable) {
      return { error: `Deno has no permission to read the environment variable ${name}: --allow-env=${name}` };
    }
    return { error: `the environment variable ${name} cannot be read: ${(error as Error).message}` };
  }
}

/** @param shown the path as the config has it */
function fromFile(path: string, shown: string): ReturnType<SecretReader> {
  try {
    return { value: Deno.readTextFileSync(path).replace(/\r?\n$/, "") };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { error: `there is no file ${shown}` };
    if (error instanceof Deno.errors.NotCapable) {
      return { error: `Deno has no permission to read ${shown}: --allow-read=${path}` };
    }
    return { error: `${shown} cannot be read: ${(error as Error).message}` };
  }
}

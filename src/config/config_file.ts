/** Files of a config, as they are read and as messages name them. @module */

import { dirname, isAbsolute, join, relative, resolve } from "node:path";

/** What keeps a file from being read. */
export interface FileError {
  readonly message: string;
  readonly remedy: string;
}

/** The text of a file, without a byte order mark, or why it cannot be had. */
export async function readConfigFile(file: string): Promise<string | FileError> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(file));
  } catch (error) {
    return fileError(error, file);
  }
}

/** How a message names a file that belongs to the config in `file`: as the config was named itself. */
export function displayName(file: string, other: string): string {
  const folder = dirname(resolve(file)), inside = relative(folder, other);
  return isAbsolute(inside) ? other : join(dirname(file), inside);
}

function fileError(error: unknown, file: string): FileError {
  if (error instanceof Deno.errors.NotFound) {
    return { message: `there is no file ${file}`, remedy: "the path of a file that is there" };
  }
  if (error instanceof Deno.errors.NotCapable) {
    return { message: `Deno has no permission to read ${file}`, remedy: `--allow-read=${file}` };
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return { message: `this user may not read ${file}`, remedy: `chmod u+r ${file}, as its owner` };
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return { message: `${file} is a folder`, remedy: `a file in it, such as ${join(file, "gateway.config.ts")}` };
  }
  if (error instanceof TypeError) return { message: `${file} is not UTF-8 text`, remedy: "the file saved as UTF-8" };
  return { message: `${file} cannot be read: ${(error as Error).message}`, remedy: "a file that can be read" };
}

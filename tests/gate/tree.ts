/** The repository's files. @module */

import type { Source } from "./architecture.ts";

/** The top folder, without a slash at the end. */
export const ROOT: string = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** Every file below a folder whose name ends as given, sorted by path. */
export function sources(folder: string, ending = ".ts"): Source[] {
  const found: Source[] = [];
  for (const entry of Deno.readDirSync(`${ROOT}/${folder}`)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...sources(path, ending));
    else if (entry.name.endsWith(ending)) found.push(source(path));
  }
  return found.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** One file, by its path from the top folder. */
export function source(path: string): Source {
  return { path, text: Deno.readTextFileSync(`${ROOT}/${path}`) };
}

/** Whether there is such a file or folder. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(`${ROOT}/${path}`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

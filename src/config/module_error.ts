/** Why a module could not be loaded, in one line. @module */

import { fileURLToPath } from "node:url";
import type { Finding } from "./finding.ts";
import { importModule } from "./import_module.ts";
import { nearest } from "../settings/nearest.ts";

/** The name under which configs import the gateway. */
const PACKAGE = "gatewright";

/** Frames in here are ours, and not where the mistake is. */
const OWN_CODE = new URL("../", import.meta.url).href;

/**
 * What `import()` threw, in words and with the place that it names.
 *
 * @param url the module that was loaded
 * @param display how messages name a file
 */
export async function moduleError(
  error: unknown,
  url: string,
  display: (path: string) => string,
): Promise<Pick<Finding, "message" | "remedy" | "place">> {
  const text = textOf(error);
  return { ...(await explain(error, text, display)), place: placeOf(error, text, url, display) };
}

/** What a module left to nobody to catch; arguments as those of {@link moduleError}. @param how how it did */
export function strayError(
  how: string,
  error: unknown,
  url: string,
  display: (path: string) => string,
): Pick<Finding, "message" | "place"> {
  const text = error instanceof Error ? textOf(error) : String(error);
  return { message: `${how}: ${named(error, lineOf(text))}`, place: placeOf(error, text, url, display) };
}

function textOf(error: unknown): string {
  return plain(error instanceof Error ? error.message : `it threw ${JSON.stringify(error)}`);
}

function lineOf(text: string): string {
  return text.split("\n")[0].replace(/ at file:\S+$/, "");
}

function named(error: unknown, line: string): string {
  return error instanceof Error && error.name !== "Error" ? `${error.name}: ${line}` : line;
}

async function explain(
  error: unknown,
  text: string,
  display: (path: string) => string,
): Promise<Pick<Finding, "message" | "remedy">> {
  const line = lineOf(text);
  const missing = /^Module not found "([^"]+)"/.exec(line)?.[1];
  if (missing !== undefined) {
    const path = missing.startsWith("file:") ? display(fileURLToPath(withoutQuery(missing))) : missing;
    return { message: `there is no module ${path}`, remedy: "the path of a module that is there" };
  }
  const bare = /^Import "([^"]+)" not a dependency/.exec(line)?.[1];
  if (bare !== undefined) {
    const message = `"${bare}" is neither a path nor a name in the import map`, meant = nearest(bare, [PACKAGE]);
    if (meant !== undefined) return { message: `${message}, did you mean "${meant}"?`, remedy: `"${meant}"` };
    return { message, remedy: `"npm:${bare}", or a path that begins with "./"` };
  }
  if (error instanceof Deno.errors.NotCapable) {
    const flag = /run again with the (--[a-z-]+) flag/.exec(line)?.[1];
    const message = `this needs a permission: ${line.replace(/^Requires /, "").replace(/, run again.*$/, "")}`;
    return { message, ...(flag === undefined ? {} : { remedy: `${flag} on the command line` }) };
  }
  if (/^SyntaxError: /.test(line)) return { message: `syntax error: ${line.slice(13)}` };
  const [, from, name] = /^The requested module '(.+)' does not provide an export named '(.+)'$/.exec(line) ?? [];
  const meant = from === PACKAGE ? nearest(name, await packageExports()) : undefined;
  if (meant !== undefined) return { message: `${line}, did you mean "${meant}"?`, remedy: meant };
  if (error instanceof SyntaxError) return { message: line };
  return { message: `the module failed: ${named(error, line)}` };
}

/** What the very module exports that the config imports; nothing where it cannot be had. */
async function packageExports(): Promise<string[]> {
  try {
    return Object.keys(await importModule(import.meta.resolve(PACKAGE)));
  } catch {
    return [];
  }
}

/** The first place in a file of the user's; else the module as a whole. */
function placeOf(error: unknown, text: string, module: string, display: (path: string) => string): Finding["place"] {
  const all = `${text}\n${plain(error instanceof Error ? error.stack ?? "" : "")}`;
  for (const [, url, line, column] of all.matchAll(/(file:\/\/[^\s()]+?):(\d+):(\d+)/g)) {
    if (url.startsWith(OWN_CODE)) continue;
    return { file: display(fileURLToPath(withoutQuery(url))), line: Number(line), column: Number(column) };
  }
  return { file: display(fileURLToPath(module)) };
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, "");
}

function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- Deno colours its messages
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}

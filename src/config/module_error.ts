/** Why a module could not be loaded, in one line. @module */

import { fileURLToPath } from "node:url";
import type { Finding } from "./finding.ts";

/** Frames in here are ours, and not where the mistake is. */
const OWN_CODE = new URL("../", import.meta.url).href;

/**
 * What `import()` threw, in words and with the place that it names.
 *
 * @param url the module that was loaded
 * @param display how messages name a file
 */
export function moduleError(
  error: unknown,
  url: string,
  display: (path: string) => string,
): Pick<Finding, "message" | "remedy" | "place"> {
  const text = plain(error instanceof Error ? error.message : `it threw ${JSON.stringify(error)}`);
  const place = placeOf(`${text}\n${plain(error instanceof Error ? error.stack ?? "" : "")}`, display);
  return { ...explain(error, text, display), place: place ?? { file: display(fileURLToPath(url)) } };
}

function explain(
  error: unknown,
  text: string,
  display: (path: string) => string,
): Pick<Finding, "message" | "remedy"> {
  const line = text.split("\n")[0].replace(/ at file:\S+$/, "");
  const missing = /^Module not found "([^"]+)"/.exec(line)?.[1];
  if (missing !== undefined) {
    const path = missing.startsWith("file:") ? display(fileURLToPath(withoutQuery(missing))) : missing;
    return { message: `there is no module ${path}`, remedy: "the path of a module that is there" };
  }
  const bare = /^Import "([^"]+)" not a dependency/.exec(line)?.[1];
  if (bare !== undefined) {
    const message = `"${bare}" is neither a path nor a name in the import map`;
    return { message, remedy: `"npm:${bare}", or a path that begins with "./"` };
  }
  if (error instanceof Deno.errors.NotCapable) {
    const flag = /run again with the (--[a-z-]+) flag/.exec(line)?.[1];
    const message = `this needs a permission: ${line.replace(/^Requires /, "").replace(/, run again.*$/, "")}`;
    return { message, ...(flag === undefined ? {} : { remedy: `${flag} on the command line` }) };
  }
  if (/^SyntaxError: /.test(line)) return { message: `syntax error: ${line.slice(13)}` };
  if (error instanceof SyntaxError) return { message: line };
  const name = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
  return { message: `the module failed: ${name}${line}` };
}

/** The first place in a file of the user's. */
function placeOf(text: string, display: (path: string) => string): Finding["place"] | undefined {
  for (const [, url, line, column] of text.matchAll(/(file:\/\/[^\s()]+?):(\d+):(\d+)/g)) {
    if (url.startsWith(OWN_CODE)) continue;
    return { file: display(fileURLToPath(withoutQuery(url))), line: Number(line), column: Number(column) };
  }
  return undefined;
}

function withoutQuery(url: string): string {
  return url.replace(/\?.*$/, "");
}

function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- Deno colours its messages
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}

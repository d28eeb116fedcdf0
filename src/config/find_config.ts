/** The config that is taken when none is named. @module */

import { join } from "node:path";
import type { Issue } from "../core/issue.ts";

/** Names of a config, the likeliest first. */
export const CONFIG_NAMES: readonly string[] = [
  "gateway.config.ts",
  "gateway.config.yaml",
  "gateway.config.yml",
  "gateway.config.json",
];

/**
 * The name of the one config in a folder, or the issue that there is none or more than one.
 *
 * @param folder where to look; the name is relative to it
 */
export async function findConfig(folder: string): Promise<string | Issue> {
  const there: string[] = [];
  for (const name of CONFIG_NAMES) {
    try {
      if ((await Deno.stat(join(folder, name))).isFile) there.push(name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      const remedy = `--allow-read=${folder}, or the config's path on the command line`;
      return issue(`${name} cannot be looked for: ${(error as Error).message.replace(/, run again.*$/, "")}`, remedy);
    }
  }
  if (there.length === 1) return there[0];
  if (there.length > 1) {
    return issue(
      `there are ${there.length} configs here: ${there.join(", ")}`,
      `the one that is meant on the command line, such as ${there[0]}`,
    );
  }
  return issue(
    `there is no config here: ${CONFIG_NAMES.join(", ")}`,
    "one of these files, or start --to http://localhost:3000, which needs none",
  );
}

function issue(message: string, remedy: string): Issue {
  return { severity: "error", path: "", message, remedy };
}

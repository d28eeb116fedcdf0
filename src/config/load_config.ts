/** Configs in files. @module */

import { extname } from "node:path";
import { type Clock, systemClock } from "../core/clock.ts";
import type { Issue } from "../core/issue.ts";
import { displayName, readConfigFile } from "./config_file.ts";
import { type Finding, type Locate, toIssue } from "./finding.ts";
import { type ImportModule, importModule } from "./import_module.ts";
import { loadModule } from "./load_module.ts";
import { loadYaml } from "./load_yaml.ts";

/** A config as the validator takes it. */
export interface LoadedConfig {
  readonly value: unknown;
  /** What is wrong already; the validator reports it with the rest. */
  readonly found: readonly Finding[];
  readonly locate: Locate;
  /** What plugins threw that could not be loaded. */
  readonly causes: readonly unknown[];
  /** Absolute paths of the files that were read; a module's own imports are not among them. */
  readonly files: readonly string[];
}

/** Why there is nothing to validate. */
export interface LoadFailure {
  readonly issues: readonly Issue[];
  /** What was thrown, where that is why. */
  readonly causes: readonly unknown[];
  /** What was read, or was to be. */
  readonly files: readonly string[];
}

/**
 * Loads a config by its extension: a module, YAML or JSON. It does not validate, and it does not throw for what is wrong
 * with the config.
 *
 * @param clock for the time that modules may take
 */
export async function loadConfig(
  file: string,
  load: ImportModule = importModule,
  clock: Clock = systemClock,
): Promise<LoadedConfig | LoadFailure> {
  const fail = (finding: Omit<Finding, "at">): LoadFailure => ({
    issues: [toIssue({ at: [], ...finding }, () => ({}))],
    causes: [],
    files: [file],
  });
  const text = await readConfigFile(file);
  if (typeof text !== "string") return fail(text);
  const world = { load, clock, display: (path: string) => displayName(file, path) };
  const extension = extname(file);
  if (/^\.[mc]?[jt]s$/.test(extension)) return await loadModule(file, world);
  if (/^\.(?:ya?ml|json)$/.test(extension)) return await loadYaml(file, text, world);
  return fail({
    message: `${file} is not a config by its name`,
    remedy: "a file that ends in .ts, .js, .yaml, .yml or .json",
  });
}

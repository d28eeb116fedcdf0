/** Configs that are modules. @module */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { definitionOf } from "../core/policy.ts";
import { type Finding, toIssue } from "./finding.ts";
import type { ImportModule } from "./import_module.ts";
import type { LoadedConfig, LoadFailure } from "./load_config.ts";
import { moduleError } from "./module_error.ts";
import { seenText } from "./seen.ts";

/** Imports a module and takes its default export. */
export async function loadModule(
  file: string,
  display: (path: string) => string,
  load: ImportModule,
): Promise<LoadedConfig | LoadFailure> {
  const files = [resolve(file)], url = pathToFileURL(files[0]).href, locate = () => ({ file });
  const fail = (finding: Omit<Finding, "at">): LoadFailure => ({
    issues: [toIssue({ at: [], ...finding }, locate)],
    files,
  });
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await load(url);
  } catch (error) {
    return fail(moduleError(error, url, display));
  }
  const value = exports.default;
  const remedy = "export default defineGateway({ … })";
  if (!Object.hasOwn(exports, "default")) return fail({ message: "this module has no default export", remedy });
  if (typeof value !== "object" || value === null || Array.isArray(value) || definitionOf(value) !== undefined) {
    return fail({ message: "the default export is not a config", seen: seenText(value), remedy });
  }
  if (value instanceof Promise) {
    value.catch(() => {}); // Reported already: nobody else waits for it.
    return fail({ message: "the default export is a promise", remedy: "export default await …" });
  }
  return { value, found: pluginsInModule(value), locate, files };
}

function pluginsInModule(value: object): Finding[] {
  if (!("plugins" in value)) return [];
  const message = "plugins are for YAML and JSON";
  return [{
    at: ["plugins"],
    on: "key",
    message,
    remedy: "an import of the policy, and the policy itself in the list",
  }];
}

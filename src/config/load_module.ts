/** Configs that are modules. @module */

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { definitionOf } from "../core/policy.ts";
import { type Finding, toIssue } from "./finding.ts";
import type { LoadedConfig, LoadFailure } from "./load_config.ts";
import { loadUserModule, type ModuleWorld } from "./load_user_module.ts";
import { seenText } from "./seen.ts";

/** Imports a module and takes its default export. */
export async function loadModule(file: string, world: ModuleWorld): Promise<LoadedConfig | LoadFailure> {
  const files = [resolve(file)], url = pathToFileURL(files[0]).href, locate = () => ({ file });
  const failure = (findings: readonly Omit<Finding, "at">[], causes: readonly unknown[]): LoadFailure => ({
    issues: findings.map((finding) => toIssue({ at: [], ...finding }, locate)),
    causes,
    files,
  });
  const fail = (finding: Omit<Finding, "at">) => failure([finding], []);
  const loaded = await loadUserModule(url, "config", world);
  if ("findings" in loaded) return failure(loaded.findings, loaded.causes);
  const { exports } = loaded, value = exports.default;
  const remedy = "export default defineGateway({ … })";
  if (!Object.hasOwn(exports, "default")) return fail({ message: "this module has no default export", remedy });
  if (typeof value !== "object" || value === null || Array.isArray(value) || definitionOf(value) !== undefined) {
    return fail({ message: "the default export is not a config", seen: seenText(value), remedy });
  }
  if (value instanceof Promise) {
    return fail({ message: "the default export is a promise", remedy: "export default await …" });
  }
  return { value, found: pluginsInModule(value), locate, causes: [], files };
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

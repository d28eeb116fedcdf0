/** From the command line to a plan. @module */

import { dirname } from "node:path";
import { compilePlan } from "../compile/compile.ts";
import type { Plan } from "../compile/plan.ts";
import { findConfig } from "../config/find_config.ts";
import { loadConfig } from "../config/load_config.ts";
import { validateConfig, type ValidateContext } from "../config/validate.ts";
import type { Issue } from "../core/issue.ts";
import type { SecretReader } from "../core/secret.ts";
import { UsageError } from "./parse_arguments.ts";
import { systemSecrets } from "./secret_reader.ts";

/** A file, the config of the current folder (`undefined`), or the one address that everything goes to. */
export type PlanSource = { readonly file: string | undefined } | { readonly to: string };

/** What came of a config. */
export interface LoadedPlan {
  /** Where it came from, for messages: a file, or `--to http://…`. */
  readonly source: string;
  /** `null` when an issue is an error. */
  readonly plan: Plan | null;
  /** Whether there was a config to validate; if not, there is one issue. */
  readonly readable: boolean;
  readonly issues: readonly Issue[];
  readonly secrets: SecretReader;
}

/** Loads, validates and compiles. Nothing is started; what is wrong is in `issues`, all of it. @throws UsageError for a bad `to` */
export async function loadPlan(from: PlanSource, options: { withoutSecrets?: boolean } = {}): Promise<LoadedPlan> {
  if ("to" in from) return forwardingTo(from.to);
  const secrets = systemSecrets(dirname(from.file ?? "."));
  const file = from.file ?? await findConfig(".");
  if (typeof file !== "string") return unreadable("the config", [file], secrets);
  const loaded = await loadConfig(file);
  if ("issues" in loaded) return unreadable(file, loaded.issues, secrets);
  return { source: file, readable: true, secrets, ...planOf(loaded.value, { secrets, ...options, ...loaded }) };
}

function unreadable(source: string, issues: readonly Issue[], secrets: SecretReader): LoadedPlan {
  return { source, plan: null, readable: false, issues, secrets };
}

/** The smallest config. @throws UsageError for what is no address */
function forwardingTo(url: string): LoadedPlan {
  const { plan, issues } = planOf({ routes: [{ path: "/*", upstream: url }] }, {});
  if (plan === null) {
    const why = /^https?:/i.test(url) ? `: ${issues[0].message}` : "";
    throw new UsageError(`--to takes the address of a server, such as http://localhost:3000, not ${url}${why}`);
  }
  return { source: `--to ${url}`, plan, readable: true, issues, secrets: none };
}

const none: SecretReader = () => ({ error: "without a config there are no secrets" });

function planOf(value: unknown, context: ValidateContext): Pick<LoadedPlan, "plan" | "issues"> {
  const { config, issues } = validateConfig(value, context);
  if (config === null) return { plan: null, issues };
  const compiled = compilePlan(config), all = [...issues, ...compiled.issues];
  return { plan: all.some(({ severity }) => severity === "error") ? null : compiled.plan, issues: all };
}

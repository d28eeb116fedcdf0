/** From the command line to a plan. @module */

import { dirname } from "node:path";
import { compilePlan } from "../compile/compile.ts";
import type { Plan } from "../compile/plan.ts";
import { findConfig } from "../config/find_config.ts";
import { loadConfig, type LoadFailure } from "../config/load_config.ts";
import { parseOrigin } from "../config/schema/origin.ts";
import { Refusal } from "../settings/scalar.ts";
import { withoutCredentials } from "../config/seen.ts";
import { validateConfig, type ValidateContext } from "../config/validate.ts";
import type { Issue } from "../core/issue.ts";
import type { SecretReader } from "../core/secret.ts";
import { UsageError } from "./parse_arguments.ts";
import { systemSecrets } from "./secret_reader.ts";
import { whileLoading } from "./while_loading.ts";

/** A file, the config of the current folder (`undefined`), or the one address that everything goes to. */
export type PlanSource = { readonly file: string | undefined } | { readonly to: string };

/** What came of a config. */
export interface LoadedPlan {
  /** Where it came from, for messages: a file, or `--to http://…`. */
  readonly source: string;
  /** `null` when an issue is an error. */
  readonly plan: Plan | null;
  /** Whether there was a config to validate; if not, the issues say why. */
  readonly readable: boolean;
  readonly issues: readonly Issue[];
  /** What modules threw that could not be loaded, for `--debug`. */
  readonly causes: readonly unknown[];
  readonly secrets: SecretReader;
}

/** Loads, validates and compiles. Nothing is started; what is wrong is in `issues`, all of it. @throws UsageError for a bad `to` */
export async function loadPlan(from: PlanSource, options: { withoutSecrets?: boolean } = {}): Promise<LoadedPlan> {
  if ("to" in from) return forwardingTo(from.to);
  const secrets = systemSecrets(dirname(from.file ?? "."));
  const file = from.file ?? await findConfig(".");
  if (typeof file !== "string") return unreadable("the current folder", { issues: [file], causes: [] }, secrets);
  const loaded = await whileLoading(file, () => loadConfig(file));
  if ("issues" in loaded) return unreadable(file, loaded, secrets);
  const { causes } = loaded;
  return { source: file, readable: true, secrets, causes, ...planOf(loaded.value, { secrets, ...options, ...loaded }) };
}

function unreadable(
  source: string,
  { issues, causes }: Pick<LoadFailure, "issues" | "causes">,
  secrets: SecretReader,
): LoadedPlan {
  return { source, plan: null, readable: false, issues, causes, secrets };
}

/** The smallest config. @throws UsageError for what is no address */
function forwardingTo(url: string): LoadedPlan {
  const origin = parseOrigin(url);
  if (origin instanceof Refusal) {
    // "expected a URL" is what the rest says already.
    const why = url.includes("://") ? `: ${origin.message}` : "";
    const remedy = origin.remedy?.replace(/^"([^"]*)"$/, "$1") ?? "a URL such as http://localhost:3000";
    throw new UsageError(`--to takes the address of a server, not ${shown(url)}${why}; write ${remedy}`);
  }
  const { plan, issues } = planOf({ routes: [{ path: "/*", upstream: url }] }, {});
  return { source: `--to ${url}`, plan, readable: true, issues, causes: [], secrets: none };
}

/** Without a password, be there a scheme or not. */
function shown(url: string): string {
  return url.includes("://") ? withoutCredentials(url) : url.replace(/^[^/?#]*@/, "…@");
}

const none: SecretReader = () => ({ error: "without a config there are no secrets" });

function planOf(value: unknown, context: ValidateContext): Pick<LoadedPlan, "plan" | "issues"> {
  const { config, issues } = validateConfig(value, context);
  if (config === null) return { plan: null, issues };
  const compiled = compilePlan(config), all = [...issues, ...compiled.issues];
  return { plan: all.some(({ severity }) => severity === "error") ? null : compiled.plan, issues: all };
}

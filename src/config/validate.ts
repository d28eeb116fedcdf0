/** The one validator for configs in TypeScript, YAML and JSON. @module */

import { z } from "zod";
import { type Clock, systemClock } from "../core/clock.ts";
import type { Issue } from "../core/issue.ts";
import type { SecretReader } from "../core/secret.ts";
import { buildConfig } from "./build_config.ts";
import { checkAddresses } from "./checks/addresses.ts";
import { checkAllowedConsumers } from "./checks/allowed_consumers.ts";
import { checkBalancing } from "./checks/balancing.ts";
import { checkClientCertificates } from "./checks/client_certificates.ts";
import { checkConsumers } from "./checks/consumers.ts";
import { checkEngines } from "./checks/engines.ts";
import { checkFacts } from "./checks/facts.ts";
import { checkH2Upstreams } from "./checks/h2_upstreams.ts";
import { checkHopTimes } from "./checks/hop_times.ts";
import { checkIdleSettings } from "./checks/idle_settings.ts";
import { checkIncludes } from "./checks/includes.ts";
import { checkKeys } from "./checks/keys.ts";
import { checkListeners } from "./checks/listeners.ts";
import { checkMethods } from "./checks/methods.ts";
import { checkNames } from "./checks/names.ts";
import { checkPaths } from "./checks/paths.ts";
import { checkPolicyOrder } from "./checks/policy_order.ts";
import { checkReusedAnswers } from "./checks/reused_answers.ts";
import { checkReusedTargets } from "./checks/reused_targets.ts";
import { checkSecrets } from "./checks/secrets.ts";
import { checkShownIds } from "./checks/shown_ids.ts";
import { checkStickyCookies } from "./checks/sticky_cookies.ts";
import { checkStores } from "./checks/stores.ts";
import { checkTargets } from "./checks/targets.ts";
import { checkTelemetry } from "./checks/telemetry.ts";
import { checkUpstreams } from "./checks/upstreams.ts";
import { checkWrittenFields } from "./checks/written_fields.ts";
import { documentOrder } from "./document_order.ts";
import { chainsOf, type Draft, draftOf } from "./draft.ts";
import { type Finding, type Locate, toIssue, withoutConsequences } from "./finding.ts";
import { findingsFromZod } from "./issues_from_zod.ts";
import { sayWhereItBelongs } from "./misplaced_key.ts";
import { gatewaySchema } from "./schema/gateway.ts";
import type { ValidConfig } from "./valid_config.ts";

/** What the validator may use beside the config itself. */
export interface ValidateContext {
  /** Reads the secrets that the config names. @default secrets are not looked for */
  readonly secrets?: SecretReader;
  /** Whether a missing or unusable secret is only a warning. @default false */
  readonly withoutSecrets?: boolean;
  /** What certificates may have expired by. @default the system's clock */
  readonly clock?: Pick<Clock, "wall">;
  /** Where things stand in files. @default issues have no place but their path */
  readonly locate?: Locate;
  /** What the loader has found already. */
  readonly found?: readonly Finding[];
}

/** The config with what there is to warn of, or every issue that keeps it from being one. */
export type Validated =
  | { readonly config: ValidConfig; readonly issues: readonly Issue[] }
  | { readonly config: null; readonly issues: readonly Issue[] };

/**
 * Validates a config: what `defineGateway` returned, or the same shape out of YAML or JSON. Every issue is reported at
 * once, in the order of the config: a wrong part does not hide what is wrong elsewhere. Two things are hidden: what lies
 * behind an option of a policy without which its other options make no sense, and which facts of a chain are missing once
 * one of its policies is wrong (parameters of the path excepted). What follows from the route table as a whole
 * (duplicates, routes out of reach) is found when the config is compiled.
 */
export function validateConfig(value: unknown, context: ValidateContext = {}): Validated {
  const { secrets, withoutSecrets = false, clock = systemClock, locate = () => ({}), found = [] } = context;
  const shape = z.core.safeParse(gatewaySchema, value), draft = draftOf(value);
  const findings = withoutConsequences([
    ...found,
    ...(shape.error === undefined
      ? []
      : findingsFromZod(shape.error.issues, value, gatewaySchema, []).map(sayWhereItBelongs)),
    ...checkIncludes(value).map(sayWhereItBelongs),
    ...checkKeys(value),
    ...checkListeners(draft),
    ...checkEngines(draft),
    ...checkAddresses(draft, value),
    ...checkUpstreams(draft),
    ...checkBalancing(draft),
    ...checkStickyCookies(draft),
    ...checkH2Upstreams(draft),
    ...draft.stores.flatMap(({ findings }) => findings),
    ...checkStores(draft),
    ...draft.consumers.flatMap(({ chain }) => chain.findings),
    ...checkConsumers(draft),
    ...draft.policies.findings,
    ...draft.routes.flatMap(({ chain }) => chain.findings),
    ...checkNames(draft, value),
    ...checkTargets(draft),
    ...checkHopTimes(draft),
    ...checkIdleSettings(draft),
    ...checkMethods(draft, value),
    ...checkPaths(draft),
    ...checkFacts(draft),
    ...checkClientCertificates(draft),
    ...checkAllowedConsumers(draft),
    ...checkPolicyOrder(draft),
    ...checkReusedAnswers(draft),
    ...checkReusedTargets(draft),
    ...checkWrittenFields(draft, value),
    ...checkShownIds(draft),
    ...checkTelemetry(draft, value),
    ...(secrets === undefined ? [] : checkSecrets(draft, secrets, { now: clock.wall(), lenient: withoutSecrets })),
  ]);
  const order = documentOrder(value);
  const issues = findings.toSorted((a, b) => order(a.at, b.at)).map((finding) => toIssue(finding, locate));
  const wrong = shape.data === undefined || !isReadable(draft) || issues.some(({ severity }) => severity === "error");
  return wrong ? { config: null, issues } : { config: buildConfig(shape.data, draft, locate), issues };
}

/** Whether nothing is missing that a loader could not make, even if it did not say so. */
function isReadable(draft: Draft): boolean {
  return draft.complete && draft.stores.every(({ store }) => store !== undefined) &&
    chainsOf(draft).every(({ complete }) => complete);
}

/** What the access log must not tell, by the config's own policies. @module */

import type { ValidConfig } from "../config/valid_config.ts";
import { definitionOf, type Policy } from "../core/policy.ts";
import type { TelemetryPlan } from "../telemetry/telemetry_plan.ts";

/** The telemetry of the config, whose access log leaves out what any of the policies takes or writes as a secret. */
export function hidingSecrets({ telemetry, policies, consumers, routes }: ValidConfig): TelemetryPlan {
  const { accessLog } = telemetry;
  if (accessLog === null) return telemetry;
  const all = [policies, ...consumers.map(({ policies }) => policies), ...routes.map(({ policies }) => policies)]
    .flat();
  const redact = [...new Set([...accessLog.redact, ...all.flatMap(secretNames)])];
  return { ...telemetry, accessLog: { ...accessLog, redact } };
}

/** Of the policy and those that it holds. */
function secretNames(policy: Policy): string[] {
  const definition = definitionOf(policy), { options } = policy;
  return [
    ...(definition?.secretNames?.(options) ?? []).map((name) => name.toLowerCase()),
    ...(definition?.parts?.(options) ?? []).flatMap(secretNames),
  ];
}

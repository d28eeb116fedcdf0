/** Whether the levels of the log are those of parts that there are. @module */

import { nearest } from "../../settings/nearest.ts";
import { LOG_PARTS } from "../../telemetry/process_log/log_parts.ts";
import { chainsOf, type Draft } from "../draft.ts";
import type { Finding } from "../finding.ts";
import { withParts } from "../policy_parts.ts";
import { BUILT_IN_POLICIES } from "../policy_names.ts";
import { seenText } from "../seen.ts";

const PARTS: readonly string[] = LOG_PARTS;
const OF_POLICIES = "policies.";

/** Categories that no entry has. Any other word may be one of the config's own code. */
export function checkLogLevels(draft: Draft): Finding[] {
  const { levels = {} } = draft.telemetry.log ?? {};
  if (Object.keys(levels).length === 0) return [];
  const own = chainsOf(draft).flatMap(({ policies }) => policies.flatMap(withParts)).map(({ policy }) => policy.kind);
  const kinds = [...BUILT_IN_POLICIES.keys(), ...own];
  return Object.entries(levels).flatMap(([name, level]): Finding[] => {
    const fault = name.startsWith(OF_POLICIES) ? noPolicy(name.slice(OF_POLICIES.length), kinds) : noPart(name, kinds);
    const finding = { at: ["telemetry", "log", "levels", name], on: "key", severity: "warning" } as const;
    return fault === null ? [] : [{ ...finding, seen: seenText(level), ...fault }];
  });
}

type Fault = Pick<Finding, "message" | "remedy">;

function noPolicy(kind: string, kinds: readonly string[]): Fault | null {
  if (kinds.includes(kind)) return null;
  const message = "there is no such policy, so no entry has this category";
  return { message, remedy: `${OF_POLICIES}${nearest(kind, kinds) ?? "cache, or what else a policy is called"}` };
}

function noPart(name: string, kinds: readonly string[]): Fault | null {
  const [first, ...rest] = name.split(".");
  if (PARTS.includes(first)) {
    const message = `entries of ${first} are told apart no further, so none has this category`;
    return rest.length === 0 ? null : { message, remedy: first };
  }
  const meant = kinds.includes(first) ? OF_POLICIES + first : nearest(first, PARTS);
  const message = "no part of the gateway has this name; its parts are " + PARTS.join(", ");
  return meant === undefined ? null : { message, remedy: `${meant}, or nothing if it is of code of your own` };
}

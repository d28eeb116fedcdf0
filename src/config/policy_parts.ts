/** Policies with those that stand inside of them. @module */

import { definitionOf, type Policy } from "../core/policy.ts";
import type { Path } from "./finding.ts";
import { settingsOf } from "./read_part.ts";

/** A policy and its place. */
export interface PlacedPolicy {
  readonly at: Path;
  readonly policy: Policy;
}

/** Whether no policies stand in the option that holds them: it is missing, or `anyOf` was named in YAML without any. */
export function holdsNothing(held: unknown): boolean {
  if (held === undefined) return true;
  return typeof held === "object" && held !== null && !Array.isArray(held) && Object.keys(held).length === 0;
}

/** The policy, then those that it holds, such as the members of `anyOf`, and what those hold. */
export function withParts({ at, policy }: PlacedPolicy): PlacedPolicy[] {
  const definition = definitionOf(policy), holds = definition?.holds;
  if (definition === undefined || holds === undefined) return [{ at, policy }];
  const held = settingsOf(policy.options)[holds], place = [...at, holds];
  const parts = definition.parts?.(policy.options) ?? [];
  return [
    { at, policy },
    ...parts.flatMap((part, i) => withParts({ at: Array.isArray(held) ? [...place, i] : place, policy: part })),
  ];
}

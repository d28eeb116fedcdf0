/** Whether policies leave the request id's field alone, whose name is a setting. @module */

import { definitionOf } from "../../core/policy.ts";
import { headersDefinition, type HeadersOptions } from "../../policies/shape/headers.ts";
import { chainsOf, type Draft } from "../draft.ts";
import type { Finding } from "../finding.ts";
import { readPart, settingsOf } from "../read_part.ts";
import { requestIdSchema } from "../schema/gateway_settings.ts";

/** Edits, by `headers`, of the request field that the gateway overwrites; each policy once. */
export function checkWrittenFields(draft: Draft, written: unknown): Finding[] {
  const header = readPart(requestIdSchema, settingsOf(written).requestId)?.header, seen = new Set<unknown>();
  if (header === undefined) return [];
  return chainsOf(draft).flatMap((chain) =>
    [...chain.policies, ...chain.refused].flatMap(({ at, policy }) => {
      if (definitionOf(policy) !== headersDefinition || seen.has(policy)) return [];
      seen.add(policy);
      return editedNames(policy.options as HeadersOptions)
        .filter(({ name }) => name.toLowerCase() === header)
        .map(({ name, path }): Finding => ({
          at: [...at, "request", ...path],
          on: typeof path[1] === "string" ? "key" : "value",
          message: `${name} cannot be changed on the request: ` +
            "the gateway writes it itself after the policies: it is the field of requestId",
          remedy: "nothing: leave it out",
        }));
    })
  );
}

function editedNames({ request = {} }: HeadersOptions): { name: string; path: (string | number)[] }[] {
  return [
    ...(["set", "append"] as const).flatMap((verb) =>
      Object.keys(request[verb] ?? {}).map((name) => ({ name, path: [verb, name] }))
    ),
    ...(request.remove ?? []).map((name, i) => ({ name, path: ["remove", i] })),
  ];
}

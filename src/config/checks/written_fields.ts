/** Whether policies leave the fields alone that the gateway writes by its settings: the request's id, and traces. @module */

import { definitionOf } from "../../core/policy.ts";
import { headersDefinition, type HeadersOptions } from "../../policies/shape/headers.ts";
import { fieldNames } from "../../telemetry/traces/context/read_context.ts";
import { chainsOf, type Draft } from "../draft.ts";
import type { Finding } from "../finding.ts";
import { readPart, settingsOf } from "../read_part.ts";
import { requestIdSchema } from "../schema/gateway_settings.ts";

/** Edits, by `headers`, of the request fields that the gateway overwrites; each policy once. */
export function checkWrittenFields(draft: Draft, written: unknown): Finding[] {
  const settings = settingsByField(draft, written), seen = new Set<unknown>();
  return chainsOf(draft).flatMap((chain) =>
    [...chain.policies, ...chain.refused].flatMap(({ at, policy }) => {
      if (definitionOf(policy) !== headersDefinition || seen.has(policy)) return [];
      seen.add(policy);
      return editedNames(policy.options as HeadersOptions)
        .filter(({ name }) => settings.has(name.toLowerCase()))
        .map(({ name, path }): Finding => ({
          at: [...at, "request", ...path],
          on: typeof path[1] === "string" ? "key" : "value",
          message: `${name} cannot be changed on the request: ` +
            `the gateway writes it itself after the policies: it is ${settings.get(name.toLowerCase())}`,
          remedy: "nothing: leave it out",
        }));
    })
  );
}

/** What each field is for, by its name in lower case. */
function settingsByField({ telemetry }: Draft, written: unknown): ReadonlyMap<string, string> {
  const header = readPart(requestIdSchema, settingsOf(written).requestId)?.header;
  const ofTraces = fieldNames(telemetry.traces?.propagate ?? []);
  return new Map([
    ...ofTraces.map((name) => [name, "a field of telemetry.traces.propagate"] as const),
    ...(header === undefined ? [] : [[header, "the field of requestId"] as const]),
  ]);
}

function editedNames({ request = {} }: HeadersOptions): { name: string; path: (string | number)[] }[] {
  return [
    ...(["set", "append"] as const).flatMap((verb) =>
      Object.keys(request[verb] ?? {}).map((name) => ({ name, path: [verb, name] }))
    ),
    ...(request.remove ?? []).map((name, i) => ({ name, path: ["remove", i] })),
  ];
}

/** Whether the ids that routes get from what they match give secrets away. @module */

import type { Draft, DraftRoute } from "../draft.ts";
import type { Finding, Path } from "../finding.ts";
import { HIDDEN_TEXT, isSensitiveKey } from "../seen.ts";

/** Conditions on sensitive headers, parameters and tenants, of routes without a name. */
export function checkShownIds({ routes }: Draft): Finding[] {
  return routes.flatMap((route) =>
    sensitiveConditions(route).map((at): Finding => ({
      at,
      severity: "warning",
      message:
        "a value that may be a secret becomes part of the route's id, which logs, metrics and the admin interface show",
      seen: HIDDEN_TEXT,
      remedy: "a name for this route",
    }))
  );
}

function sensitiveConditions({ at, parsed }: DraftRoute): Path[] {
  if (parsed === undefined || parsed.name !== undefined) return [];
  return [
    ...(["headers", "query"] as const).flatMap((part) =>
      Object.entries(parsed[part] ?? {})
        .filter(([name, match]) => isSensitiveKey(name) && !("present" in match))
        .map(([name]) => [...at, part, name])
    ),
    ...(parsed.tenant !== undefined && isSensitiveKey(parsed.tenant.key) ? [[...at, "tenant"]] : []),
  ];
}

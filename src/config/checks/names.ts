/** Whether routes have names of their own, and whether there are routes at all. @module */

import type { Draft } from "../draft.ts";
import { type Finding, pathText } from "../finding.ts";
import { settingsOf } from "../read_part.ts";
import { seenText } from "../seen.ts";

/** Names that stand twice, and a config without routes. */
export function checkNames({ routes, complete }: Draft, written: unknown): Finding[] {
  const first = new Map<unknown, string>(), findings: Finding[] = [];
  for (const { at, written: { name } } of routes) {
    if (typeof name !== "string") continue;
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, pathText(at));
    else {findings.push({
        at: [...at, "name"],
        message: `${earlier} has this name already`,
        seen: seenText(name),
        remedy: "another name",
      });}
  }
  if (complete && routes.length === 0 && Array.isArray(settingsOf(written).routes)) {
    const message = "there is no route, so every request would be a 404";
    findings.push({ at: ["routes"], message, remedy: '{ path: "/*", upstream: "http://localhost:3000" }' });
  }
  return findings;
}

/** Issues as text. @module */

import { formatIssue, type Issue } from "../core/issue.ts";
import type { LoadedPlan } from "./load_plan.ts";

/** Every issue, a blank line after each. */
export function issueReport(issues: readonly Issue[]): string {
  return issues.map((issue) => formatIssue(issue) + "\n\n").join("");
}

/** `2 errors, 1 warning`; empty when there is none. */
export function issueCount(issues: readonly Issue[]): string {
  return (["error", "warning"] as const).flatMap((severity) => {
    const count = issues.filter((issue) => issue.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  }).join(", ");
}

/** What keeps a command from going on: in one line where that is why the config could not even be read, else every issue. */
export function refusal({ source, issues, readable }: LoadedPlan, consequence: string): string {
  if (readable || issues.length > 1) return `${issueReport(issues)}${source}: ${issueCount(issues)}; ${consequence}\n`;
  const [{ file, line, column, message, remedy }] = issues;
  const place = file === undefined ? "" : line === undefined ? `${file}: ` : `${file}:${line}:${column}: `;
  return `gatewright: ${place}${message}${remedy === undefined ? "" : `; write ${remedy}`}\n`;
}

/** Issues as text. @module */

import { formatIssue, type Issue } from "../core/issue.ts";

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

/** One thing that is wrong with a config, in the form that `check` prints. @module */

/** What is wrong, where, what was seen, and what to write instead. */
export interface Issue {
  /** Errors stop a start; warnings are only shown. */
  readonly severity: "error" | "warning";
  /** Where in the config: `routes[3].policies[1].limit`; empty for the whole. */
  readonly path: string;
  /** What is wrong, as a sentence without the path. */
  readonly message: string;
  /** The value that was found, printed short and redacted; absent where nothing was there. */
  readonly seen?: string;
  /** What to write instead. */
  readonly remedy?: string;
  /** File of the value, where it is known. */
  readonly file?: string;
  /** Line and column in `file`, from 1; YAML and JSON know them. */
  readonly line?: number;
  readonly column?: number;
}

/** Thrown where a config cannot be used; carries every issue that was found. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  constructor(readonly issues: readonly Issue[]) {
    super(issues.map(formatIssue).join("\n"));
  }
}

/** One issue as text of one to three lines: place and message, value seen, remedy. */
export function formatIssue(issue: Issue): string {
  const file = issue.file === undefined
    ? ""
    : issue.line === undefined
    ? issue.file
    : `${issue.file}:${issue.line}:${issue.column}`;
  const place = [file, issue.path].filter((part) => part !== "").join(" ");
  let text = `${issue.severity}: ${place === "" ? "" : place + ": "}${issue.message}`;
  if (issue.seen !== undefined) text += `\n  seen: ${issue.seen}`;
  if (issue.remedy !== undefined) text += `\n  write: ${issue.remedy}`;
  return text;
}

/** What the validator finds, while places are still lists of keys. @module */

import type { Issue } from "../core/issue.ts";

/** A way from the config's root to a value. */
export type Path = readonly (string | number)[];

/** An issue before its place is printed and looked up. */
export interface Finding extends Pick<Issue, "message" | "seen" | "remedy"> {
  readonly at: Path;
  /** @default "error" */
  readonly severity?: Issue["severity"];
  /** Whether the last key of `at` is wrong, or what stands there. @default "value" */
  readonly on?: "key" | "value";
  /** Where it stands, when that is not where `at` is. */
  readonly place?: ReturnType<Locate>;
  /** Of an unknown key: the known one that was probably meant. */
  readonly meant?: string;
}

/** Where a value, or the key before it, stands in a file; the nearest thing around it where there is no such value. */
export type Locate = (at: Path, on: "key" | "value") => Pick<Issue, "file" | "line" | "column">;

/** Like what `gatewright key` makes: longer and less even than names are. In a name's place it is there by mistake. */
const CREDENTIAL = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)\S{40,}$/;

/**
 * A path as people write it: `routes[3].headers.x-tenant`. Keys that would be read as more than one are quoted; of one that
 * may be a credential only the beginning is there.
 */
export function pathText(at: Path): string {
  return at.map(stepText).join("").replace(/^\./, "");
}

function stepText(key: string | number): string {
  if (typeof key === "number") return `[${key}]`;
  if (CREDENTIAL.test(key)) return `["${key.slice(0, 3)}…"]`;
  return /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** A finding as an issue. */
export function toIssue(
  { at, severity = "error", on = "value", place, message, seen, remedy }: Finding,
  locate: Locate,
): Issue {
  return {
    severity,
    path: pathText(at),
    message,
    ...(seen === undefined ? {} : { seen }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(place ?? locate(at, on)),
  };
}

/**
 * Without what follows from an unknown key: that the key which was meant is missing, or that the settings around it make
 * no sense.
 */
export function withoutConsequences(findings: readonly Finding[]): Finding[] {
  const explained = new Set(findings.flatMap(({ at, meant }) => {
    const around = at.slice(0, -1);
    return meant === undefined ? [] : [pathText(around), pathText([...around, meant])];
  }));
  return findings.filter((finding) => finding.on === "key" || !explained.has(pathText(finding.at)));
}

/** What a function of the config's author tells of who is asking. @module */

import type { Identity } from "../../../core/identity.ts";

const LISTS = ["groups", "scopes"] as const;

/** What of an identity it can tell, beside these texts. */
type Details<Text extends keyof Identity> = Pick<Identity, Text | "groups" | "scopes" | "claims">;

/**
 * Reads what it returned. What tells nothing fails, an empty list and an empty object too: those are what databases and
 * services return where they find nothing.
 *
 * @param texts those that it can tell
 * @param remedy what it should return, for the message
 * @throws TypeError for what is none
 */
export function identityDetails<Text extends "consumer" | "subject" | "user">(
  answer: unknown,
  texts: readonly Text[],
  remedy: string,
): Details<Text> {
  const wrong = (what: string) => new TypeError(`it returned ${what}: return ${remedy}`);
  if (!isRecord(answer)) throw wrong(Array.isArray(answer) ? "a list" : `a ${typeof answer}`);
  for (const name of texts) {
    if (answer[name] !== undefined && !isName(answer[name])) throw wrong(`a ${name} that is no text, or an empty one`);
  }
  for (const name of LISTS) {
    if (answer[name] !== undefined && !areTexts(answer[name])) throw wrong(`${name} that are no texts`);
  }
  if (answer.claims !== undefined && !isRecord(answer.claims)) throw wrong("claims that are none");
  const known = [...texts, ...LISTS, "claims"].filter((name) => answer[name] !== undefined);
  if (known.length === 0) throw wrong("an object that says nothing of who is asking");
  return Object.fromEntries(known.map((name) => [name, answer[name]])) as Details<Text>;
}

function isName(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

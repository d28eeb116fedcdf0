/** Policies and stores as they are written: each kind brings the schema of its options. @module */

import { z } from "zod";
import { definitionOf } from "../core/policy.ts";
import { storeDefinitionOf } from "../core/store.ts";
import type { Finding, Path } from "./finding.ts";
import { findingsFromZod } from "./issues_from_zod.ts";
import { seenText } from "./seen.ts";

/** What keeps options from being read. */
export interface WrongOptions {
  readonly findings: readonly Finding[];
  /** What the schema complained of; none where it could not say. */
  readonly issues: readonly z.core.$ZodIssue[];
}

/** What `make` makes of options that the schema of their kind has checked and completed. */
export function readOptions<T extends object>(
  { kind, schema }: { readonly kind: string; readonly schema: z.ZodType },
  options: unknown,
  at: Path,
  make: (options: unknown) => T,
): T | WrongOptions {
  try {
    const { data, error } = z.core.safeParse(schema, options);
    if (error === undefined) return make(data);
    return { findings: findingsFromZod(error.issues, options, schema, at), issues: error.issues };
  } catch (error) {
    // A schema of someone else's may throw, or wait, which nothing here can.
    const message = `the options of ${kind} could not be checked: ${(error as Error).message}`;
    return { findings: [{ at, message, seen: seenText(options) }], issues: [] };
  }
}

/** What to say of a value that no factory made. `remedy`: what one returns. */
export function notRecorded(entry: unknown, at: Path, what: "policy" | "store", remedy: string): Finding {
  if (typeof entry !== "function") return { at, message: `this is not a ${what}`, seen: seenText(entry), remedy };
  const call = entry.name === "" ? "call it" : `${entry.name}(${what === "policy" ? "{ … }" : "…"})`;
  return {
    at,
    message: `this is a function that makes a ${what}, not a ${what}`,
    seen: seenText(entry),
    remedy: call,
  };
}

/** What a path goes on into: a policy's or a store's options, which it does not name, else the value itself. */
export function insideOf(value: unknown): unknown {
  const isRecorded = definitionOf(value) !== undefined || storeDefinitionOf(value) !== undefined;
  return isRecorded ? (value as { readonly options: unknown }).options : value;
}

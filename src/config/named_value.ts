/** Values that YAML and JSON name where TypeScript calls their factory: `headers: { … }` is `headers({ … })`. @module */

import { nearest } from "../settings/nearest.ts";
import type { Finding, Path } from "./finding.ts";
import { settingsOf } from "./read_part.ts";
import { seenText, withoutCredentials } from "./seen.ts";
import { UNREADABLE } from "./unreadable.ts";

/** Makes a value, or is one that takes no options. */
export type Named<V extends object> = V | ((options: unknown) => unknown);

/** What names stand for, and how to speak of it. */
export interface NameTable {
  /** What one of them is called. */
  readonly what: "policy" | "store";
  /** One of them, as it is written. */
  readonly example: string;
  readonly named: ReadonlyMap<string, Named<object>>;
  /** Whether these are all; else a name that is not among them is passed over. */
  readonly complete: boolean;
  /** Whether a factory made the value. */
  isOne(value: unknown): boolean;
  /** Where something of this name could come from, behind the names there are. */
  elsewhere(name: string): string;
}

/** What a name stands for, alone or with its options. What is wrong is reported, and its place marked. */
export function readNamed(entry: unknown, at: Path, table: NameTable, found: Finding[]): unknown {
  const fail = (finding: Omit<Finding, "at">) => {
    found.push({ at, ...finding });
    return UNREADABLE;
  };
  const pairs = typeof entry === "string" ? [[entry, undefined] as const] : Object.entries(settingsOf(entry));
  if (pairs.length !== 1) return fail(notOneName(entry, pairs.map(([name]) => name), table));
  const [name, options] = pairs[0], value = table.named.get(name);
  if (value === undefined) return table.complete ? fail(unknownName(name, table)) : UNREADABLE;
  if (typeof value !== "function") return isEmpty(options) ? value : fail(noOptions(name, options));
  try {
    const made = value(options ?? {});
    if (table.isOne(made)) return made;
    const message = `${name} makes no ${table.what}`, remedy = `a function that returns a ${table.what}`;
    return fail({ message, seen: seenText(made), remedy });
  } catch (error) {
    return fail({ message: `${name} failed: ${(error as Error).message}`, seen: seenText(options) });
  }
}

function notOneName(entry: unknown, names: readonly string[], { what, example }: NameTable): Omit<Finding, "at"> {
  const message = names.length > 1
    ? `a ${what} is one name with its options; here are ${names.length} names side by side`
    : `a ${what} is its name, or its name with its options`;
  const remedy = names.length > 1 ? `options indented below ${names[0]}` : example;
  return { message, seen: seenText(entry), remedy };
}

function unknownName(name: string, { what, named, elsewhere }: NameTable): Omit<Finding, "at"> {
  const message = `there is no ${what} "${withoutCredentials(name)}"`,
    names = [...named.keys()],
    meant = nearest(name, names);
  if (meant !== undefined) return { message: `${message}, did you mean "${meant}"?`, remedy: meant };
  return { message, remedy: `one of ${names.join(", ")}${elsewhere(name)}` };
}

function noOptions(name: string, options: unknown): Omit<Finding, "at"> {
  return { message: `${name} takes no options`, seen: seenText(options), remedy: name };
}

function isEmpty(options: unknown): boolean {
  return JSON.stringify(options ?? {}) === "{}";
}

/** Names of policies in YAML and JSON. Here alone names become factories; in TypeScript policies are values. @module */

import { definitionOf, type Policy } from "../core/policy.ts";
import { headers } from "../policies/shape/headers.ts";
import { fault } from "../policies/traffic/fault.ts";
import type { Finding, Path } from "./finding.ts";
import { settingsOf } from "./read_part.ts";
import { seenText } from "./seen.ts";
import { nearest } from "./suggest.ts";
import { UNREADABLE } from "./unreadable.ts";

/** Makes a policy, or is one that takes no options. */
export type NamedPolicy = Policy | ((options: unknown) => unknown);

/** The policies that every config knows. */
export const BUILT_IN_POLICIES: ReadonlyMap<string, NamedPolicy> = new Map([
  ["headers", headers as (options: never) => Policy as (options: unknown) => unknown],
  ["fault", fault as (options: never) => Policy as (options: unknown) => unknown],
]);

/** What a list of policies holds, made of names and options. */
export class PolicyNames {
  readonly #policies = new Map(BUILT_IN_POLICIES);
  readonly #from = new Map<string, string>();
  /** Whether every plugin could be read; else an unknown name may be one of its. */
  complete = true;

  /** Adds what a plugin exports. A name that is taken already is an error: which of the two is meant cannot be seen. */
  add(exports: Readonly<Record<string, unknown>>, file: string, at: Path): Finding[] {
    const findings: Finding[] = [];
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value !== "function" && definitionOf(value) === undefined || name === "default") continue;
      if (this.#policies.has(name)) {
        const owner = this.#from.get(name),
          message = owner === undefined
            ? `"${name}" is a built-in policy`
            : `${owner} exports a policy "${name}" already`;
        findings.push({
          at,
          message: `${message}, and ${file} exports another`,
          remedy: "another name for the export",
        });
        continue;
      }
      this.#policies.set(name, value as NamedPolicy);
      this.#from.set(name, file);
    }
    return findings;
  }

  /** The list with policies in place of names. What is wrong is reported, and its place marked. */
  resolve(list: unknown, at: Path, found: Finding[]): unknown {
    return Array.isArray(list) ? list.map((entry, i) => this.#resolve(entry, [...at, i], found)) : list;
  }

  #resolve(entry: unknown, at: Path, found: Finding[]): unknown {
    const pairs = typeof entry === "string" ? [[entry, undefined] as const] : Object.entries(settingsOf(entry));
    if (pairs.length !== 1) {
      found.push(severalNames(entry, pairs.map(([name]) => name), at));
      return UNREADABLE;
    }
    const [name, options] = pairs[0], policy = this.#policies.get(name);
    if (policy !== undefined) return make(name, policy, options ?? undefined, at, found);
    if (this.complete) found.push(this.#unknown(name, at));
    return UNREADABLE;
  }

  #unknown(name: string, at: Path): Finding {
    const names = [...this.#policies.keys()], meant = nearest(name, names);
    if (meant !== undefined) {
      return { at, message: `there is no policy "${name}", did you mean "${meant}"?`, remedy: meant };
    }
    const remedy = `one of ${names.join(", ")}, or a module that exports ${name} under plugins`;
    return { at, message: `there is no policy "${name}"`, remedy };
  }
}

function severalNames(entry: unknown, keys: readonly string[], at: Path): Finding {
  const message = keys.length > 1
    ? `a policy is one name with its options; here are ${keys.length} names side by side`
    : "a policy is its name, or its name with its options";
  const remedy = keys.length > 1 ? `options indented below ${keys[0]}` : "headers: { … }";
  return { at, message, seen: seenText(entry), remedy };
}

function make(name: string, policy: NamedPolicy, options: unknown, at: Path, found: Finding[]): unknown {
  if (typeof policy !== "function") {
    if (options === undefined || Object.keys(settingsOf(options)).length === 0) return policy;
    found.push({ at, message: `${name} takes no options`, seen: seenText(options), remedy: `- ${name}` });
    return UNREADABLE;
  }
  try {
    const made = policy(options ?? {});
    if (definitionOf(made) !== undefined) return made;
    found.push({
      at,
      message: `${name} makes no policy`,
      seen: seenText(made),
      remedy: "a function that returns a policy",
    });
  } catch (error) {
    found.push({ at, message: `${name} failed: ${(error as Error).message}`, seen: seenText(options) });
  }
  return UNREADABLE;
}

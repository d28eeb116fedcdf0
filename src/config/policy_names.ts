/** Names of policies in YAML and JSON. Here alone names become factories; in TypeScript policies are values. @module */

import { definitionOf, type Policy } from "../core/policy.ts";
import { headers } from "../policies/shape/headers.ts";
import { adaptiveConcurrency } from "../policies/traffic/adaptive_concurrency.ts";
import { concurrencyLimit } from "../policies/traffic/concurrency_limit.ts";
import { fault } from "../policies/traffic/fault.ts";
import { loadShed } from "../policies/traffic/load_shed.ts";
import { rateLimit } from "../policies/traffic/rate_limit.ts";
import type { Finding, Path } from "./finding.ts";
import { type Named, type NameTable, readNamed } from "./named_value.ts";

/** Makes a policy, or is one that takes no options. */
export type NamedPolicy = Named<Policy>;

/** The policies that every config knows. */
export const BUILT_IN_POLICIES: ReadonlyMap<string, NamedPolicy> = new Map(
  Object.entries({ headers, fault, rateLimit, concurrencyLimit, adaptiveConcurrency, loadShed } satisfies Factories)
    .map(([name, factory]) => [name, factory as (options: never) => Policy as (options: unknown) => unknown]),
);

/** What looks at its options' types only: `check` looks at the options. */
type Factories = { readonly [name: string]: (options: never) => Policy };

/** What a list of policies holds, made of names and options. */
export class PolicyNames implements NameTable {
  readonly what = "policy";
  readonly example = "headers: { … }";
  readonly named = new Map(BUILT_IN_POLICIES);
  readonly #from = new Map<string, string>();
  /** Whether every plugin could be read; else an unknown name may be one of its. */
  complete = true;

  /** Adds what a plugin exports. A name that is taken already is an error: which of the two is meant cannot be seen. */
  add(exports: Readonly<Record<string, unknown>>, file: string, at: Path): Finding[] {
    const findings: Finding[] = [];
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value !== "function" && definitionOf(value) === undefined || name === "default") continue;
      if (this.named.has(name)) {
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
      this.named.set(name, value as NamedPolicy);
      this.#from.set(name, file);
    }
    return findings;
  }

  isOne(value: unknown): boolean {
    return definitionOf(value) !== undefined;
  }

  elsewhere(name: string): string {
    return `, or a module that exports ${name} under plugins`;
  }

  /** The list with policies in place of names. What is wrong is reported, and its place marked. */
  resolve(list: unknown, at: Path, found: Finding[]): unknown {
    return Array.isArray(list) ? list.map((entry, i) => readNamed(entry, [...at, i], this, found)) : list;
  }
}

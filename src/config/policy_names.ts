/** Names of policies in YAML and JSON. Here alone names become factories; in TypeScript policies are values. @module */

import { definitionOf, type Policy, recordPolicy } from "../core/policy.ts";
import { bodyLimit } from "../policies/guard/body_limit.ts";
import { cors } from "../policies/guard/cors.ts";
import { csrf } from "../policies/guard/csrf.ts";
import { ipFilter } from "../policies/guard/ip_filter.ts";
import { securityHeaders } from "../policies/guard/security_headers.ts";
import { jwt } from "../policies/auth/jwt.ts";
import { allOf } from "../policies/auth/all_of.ts";
import { allow } from "../policies/auth/allow.ts";
import { anyOf } from "../policies/auth/any_of.ts";
import { apiKey } from "../policies/auth/api_key.ts";
import { basicAuth } from "../policies/auth/basic_auth.ts";
import { forwardAuth } from "../policies/auth/forward_auth.ts";
import { hmac } from "../policies/auth/hmac.ts";
import { introspect } from "../policies/auth/introspect.ts";
import { mtls } from "../policies/auth/mtls.ts";
import { optional } from "../policies/auth/optional.ts";
import { cache } from "../policies/cache/cache.ts";
import { compress } from "../policies/shape/compress.ts";
import { headers } from "../policies/shape/headers.ts";
import { transform } from "../policies/shape/transform.ts";
import { adaptiveConcurrency } from "../policies/traffic/adaptive_concurrency.ts";
import { concurrencyLimit } from "../policies/traffic/concurrency_limit.ts";
import { fault } from "../policies/traffic/fault.ts";
import { loadShed } from "../policies/traffic/load_shed.ts";
import { rateLimit } from "../policies/traffic/rate_limit.ts";
import { validate } from "../policies/validate/validate.ts";
import type { Finding, Path } from "./finding.ts";
import { type Named, type NameTable, readNamed } from "./named_value.ts";
import { holdsNothing } from "./policy_parts.ts";
import { settingsOf } from "./read_part.ts";

/** Makes a policy, or is one that takes no options. */
export type NamedPolicy = Named<Policy>;

/** The policies that every config knows. */
export const BUILT_IN_POLICIES: ReadonlyMap<string, NamedPolicy> = new Map(
  Object.entries<Factory>(
    {
      headers,
      apiKey,
      jwt,
      basicAuth,
      introspect,
      forwardAuth,
      hmac,
      mtls,
      anyOf,
      allOf,
      optional,
      allow,
      fault,
      rateLimit,
      concurrencyLimit,
      adaptiveConcurrency,
      loadShed,
      cors,
      csrf,
      ipFilter,
      bodyLimit,
      securityHeaders,
      validate,
      transform,
      cache,
      compress,
    },
  )
    .map(([name, factory]) => [name, factory as (options: unknown) => unknown]),
);

/** What looks at its options' types only: `check` looks at the options. */
type Factory = (options: never) => Policy;

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
    return Array.isArray(list) ? list.map((entry, i) => this.#one(entry, [...at, i], found)) : list;
  }

  #one(entry: unknown, at: Path, found: Finding[]): unknown {
    // What a plugin has made may hold policies that are values already.
    if (definitionOf(entry) !== undefined) return entry;
    const made = readNamed(entry, at, this, found), definition = definitionOf(made), holds = definition?.holds;
    if (definition === undefined || holds === undefined) return made;
    const options = settingsOf((made as Policy).options), held = options[holds], place = [...at, holds];
    if (holdsNothing(held)) return made;
    const inside = Array.isArray(held) ? this.resolve(held, place, found) : this.#one(held, place, found);
    return recordPolicy(definition, { ...options, [holds]: inside });
  }
}

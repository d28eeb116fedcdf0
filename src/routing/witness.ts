/** A made-up request that proves something about routes. @module */

import { cookieValue, queryValue } from "../core/key.ts";
import { type Constraint, satisfies, type Value, valuesOf } from "./constraint.ts";
import type { Cell } from "./gaps.ts";
import type { Predicate } from "./predicate.ts";
import type { RouteRequest } from "./route_request.ts";

/** A request that a router can be asked about, and that a person can send. */
export interface Witness extends RouteRequest {
  /** The header fields, names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** Values of keys that are neither header, query nor cookie, such as `ip`. */
  readonly keys: ReadonlyMap<string, string>;
}

/** The part of a witness that a cell decides. */
export type WitnessValues = Pick<Witness, "query" | "headers" | "fields" | "keys">;

/** As a line: `GET http://host/path?query  header: value`. */
export function formatWitness(witness: Witness): string {
  const { method, host, path, query, fields, keys } = witness;
  let line = `${method} http://${host}${path}${query}`;
  for (const [name, value] of fields) line += `  ${name}: ${value}`;
  for (const [name, value] of keys) line += `  (${name} = ${value})`;
  return line;
}

/**
 * Values for all constraints, beside those that the cell gives already; header, query and keys made of them. `null` where
 * none could be found.
 */
export function valuesFor(cell: Cell, constraints: readonly Constraint[]): WitnessValues | null {
  const whole = new Map(cell);
  for (const { subject } of constraints) {
    if (whole.has(subject)) continue;
    const own = constraints.filter((constraint) => constraint.subject === subject);
    const fitting = valuesOf(subject, own)?.filter((value) => own.every((constraint) => satisfies(value, constraint)));
    const value = fitting?.find((value) => typeof value === "string") ?? fitting?.[0];
    if (value === undefined) return null;
    whole.set(subject, value);
  }
  return valuesForCell(whole);
}

/** Header, query and keys for a cell, or `null` where no request has such values. */
function valuesForCell(cell: Cell): WitnessValues | null {
  const fields = new Map<string, string>(), keys = new Map<string, string>();
  const queries = new Map<string, string[]>(), cookies: string[] = [];
  for (const [subject, value] of cell) {
    const text = value === null || typeof value === "string" ? value : freshText(value, cell);
    // Absent is what everything is that is not set; a contradiction shows when the witness is tried.
    if (text === null) {
      if (value === null) continue;
      return null;
    }
    const [, kind, name] = /^(header:|query:|key query:|key cookie:|key )(.*)$/s.exec(subject)!;
    if (kind === "header:") {
      if (!/^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/.test(text)) return null;
      fields.set(name, text);
    } else if (kind === "query:") queries.set(name, [...(queries.get(name) ?? []), text]);
    // The key reads the first of several values.
    else if (kind === "key query:") queries.set(name, [text, ...(queries.get(name) ?? [])]);
    else if (kind === "key cookie:") {
      if (!/^[\w.~-]*$/.test(text)) return null;
      cookies.push(`${name}=${text}`);
    } else keys.set(name, text);
  }
  if (cookies.length > 0) {
    if (cell.has("header:cookie")) return null;
    fields.set("cookie", cookies.join("; "));
  }
  return { query: queryOf(queries), headers: { get: (name) => fields.get(name) ?? null }, fields, keys };
}

/** A route's predicates, to be asked about a witness instead of a real request. */
export function forWitness<R extends RouteRequest>(predicates: readonly Predicate<R>[]): Predicate<Witness>[] {
  return predicates.map((predicate) => {
    if (predicate.of !== "key") return predicate;
    return { of: "key", name: predicate.name, match: predicate.match, read: keyReader(predicate.name) };
  });
}

function keyReader(key: string): (witness: Witness) => string | undefined {
  const [, kind, name] = /^(header:|query:|cookie:|)(.*)$/s.exec(key)!;
  if (kind === "header:") return (witness) => witness.fields.get(name.toLowerCase());
  if (kind === "query:") return (witness) => queryValue(witness.query, name);
  if (kind === "cookie:") return (witness) => cookieValue(witness.fields.get("cookie") ?? null, name);
  return (witness) => witness.keys.get(key);
}

/** A text that no route names. Which one hardly matters: the witness is tried before it is shown. */
function freshText(value: Exclude<Value, string | null>, cell: Cell): string | null {
  if (value.fits.size > 0) return null;
  const named = new Set(cell.values());
  for (let n = 1;; n++) if (!named.has(`other-${n}`)) return `other-${n}`;
}

function queryOf(queries: ReadonlyMap<string, readonly string[]>): string {
  const pairs = [...queries].flatMap(([name, values]) =>
    [...new Set(values)].map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed())}`)
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

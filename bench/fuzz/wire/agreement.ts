/** Whether two servers read a request alike. @module */

import { canonicalPath } from "../../../src/http/canonical_path.ts";
import { fieldOf, type Reading } from "./reading.ts";

/** Fields that a gateway writes by itself, or ends. */
const OWN =
  /^(?:host|connection|keep-alive|content-length|transfer-encoding|via|forwarded|x-forwarded-.*|x-request-id)$/;

/**
 * How the gateway's reading of a request differs from another server's, or `null`.
 *
 * Methods and bodies must be equal, targets must be so in canonical form. Against one that is `direct`, which saw the
 * client's own bytes, the authority must be the one that RFC 9112 §3.2.2 says, and no field may have another value there.
 */
export function disagreement(ours: Reading, theirs: Reading, direct: boolean): string | null {
  if (ours.method !== theirs.method) return "method";
  if (ours.body !== theirs.body) return "body";
  const { authority, target } = split(theirs.target);
  if (ours.target !== target) return "target";
  if (!direct) return null;
  if ((fieldOf(ours, "x-forwarded-host") ?? "") !== (authority ?? fieldOf(theirs, "host") ?? "")) return "authority";
  if (invents(ours.fields, theirs.fields)) return "field";
  return invents(ours.trailers, theirs.trailers) ? "trailer" : null;
}

/** Whether there is a field that the other does not have, or has with another value. */
function invents(ours: readonly string[], theirs: readonly string[]): boolean {
  const before = combined(theirs);
  return [...combined(ours)].some(([name, value]) => !OWN.test(name) && before.get(name) !== value);
}

/** A raw target without its authority, in canonical form; `null` where it should be refused. */
export function canonicalTarget(raw: string): string | null {
  return split(raw).target;
}

/** A raw target in canonical form, and the authority that it names; `null` as target where it should be refused. */
function split(raw: string): { authority: string | null; target: string | null } {
  const [, authority, rest] = /^(?:https?:\/\/([^/?#]*))?([^]*)$/i.exec(raw)!, [path] = rest.split("?", 1);
  const canonical = canonicalPath(path === "" && authority !== undefined ? "/" : path, {
    encodedSlash: "keep",
    mergeSlashes: false,
  });
  const target = typeof canonical === "string" ? canonical + rest.slice(path.length) : null;
  return { authority: authority ?? null, target };
}

/** The fields by name, those of one name combined (RFC 9110 §5.3); one with nothing to say adds nothing (§5.6.1). */
function combined(fields: readonly string[]): Map<string, string> {
  const all = new Map<string, string>();
  for (let at = 0; at < fields.length; at += 2) {
    const [name, value] = [fields[at], fields[at + 1]], before = all.get(name);
    if (before === undefined || before === "") all.set(name, value);
    else if (value !== "") all.set(name, before + (name === "cookie" ? "; " : ", ") + value);
  }
  return all;
}

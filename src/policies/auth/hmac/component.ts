/** What the components of a signature stand for in a request (RFC 9421 §2). @module */

import { Buffer } from "node:buffer";
import {
  type Parameters,
  parseItem,
  parseList,
  serializeDictionary,
  serializeInnerList,
  serializeItem,
  serializeList,
} from "structured-headers";
import { isInnerList } from "./signature_input.ts";
import type { SignedRequest } from "./signed_request.ts";

/** A field's name, as components have it (§2.1). */
const FIELD = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

type Derived = (request: SignedRequest) => string | null;

/** The query with its mark, which is there if nothing else is (§2.2.7). */
const query: Derived = ({ query }) => query === "" ? "?" : query;

/** §2.2.3: in lower case, without the port that goes without saying. */
const authority: Derived = ({ authority, scheme }) => {
  const port = scheme === "https" ? ":443" : ":80", lower = authority.toLowerCase();
  return lower === "" ? null : lower.endsWith(port) ? lower.slice(0, -port.length) : lower;
};

/** Components that are no fields, but for `@query-param`; those of answers are not among them. */
const DERIVED: ReadonlyMap<string, Derived> = new Map<string, Derived>([
  ["@method", ({ method }) => method],
  ["@authority", authority],
  ["@scheme", ({ scheme }) => scheme],
  ["@path", ({ path }) => path],
  ["@query", query],
  ["@request-target", ({ path, query }) => path + query],
  ["@target-uri", (request) => {
    const host = authority(request);
    return host === null ? null : `${request.scheme}://${host}${request.path}${request.query}`;
  }],
]);

/** Names of components that are no fields, and need nothing but their name. */
export const DERIVED_COMPONENTS: readonly string[] = [...DERIVED.keys()];

/** Whether the name is that of a field, as components have it. */
export function isFieldComponent(name: string): boolean {
  return FIELD.test(name);
}

/**
 * The value of a component; `null` where the request has none, or several, or the component is not known here: trailers,
 * for one, are not there yet.
 */
export function componentValue(request: SignedRequest, name: string, parameters: Parameters): string | null {
  if (name === "@query-param") return queryParameter(request, parameters);
  if (name.startsWith("@")) return parameters.size === 0 ? DERIVED.get(name)?.(request) ?? null : null;
  if (!isFieldComponent(name)) return null;
  return parameters.size === 0 ? wholeField(request, name) : partOfField(request, name, parameters);
}

/** §2.1: lines of one name are joined by a comma and a space, those of cookies too. */
function wholeField({ headers }: SignedRequest, name: string): string | null {
  const value = headers.get(name);
  return name === "cookie" && value !== null ? headers.getAll(name).join(", ") : value;
}

function partOfField(request: SignedRequest, name: string, parameters: Parameters): string | null {
  const { sf, bs, key, ...others } = Object.fromEntries(parameters);
  if (Object.keys(others).length > 0 || [sf, bs].some((flag) => flag !== undefined && flag !== true)) return null;
  // §2.1.3: bytes have no structure.
  if (bs === true) return sf === undefined && key === undefined ? asBytes(request, name) : null;
  return key === undefined ? asStructured(request, name) : memberOf(request, name, key);
}

/** §2.1.3 */
function asBytes({ headers }: SignedRequest, name: string): string | null {
  const values = headers.getAll(name);
  if (values.length === 0) return null;
  return values.map((value) => `:${Buffer.from(value, "latin1").toString("base64")}:`).join(", ");
}

/** §2.1.2 */
function memberOf(request: SignedRequest, name: string, key: unknown): string | null {
  const member = typeof key === "string" ? request.dictionary(name)?.get(key) : undefined;
  if (member === undefined) return null;
  return written(() => isInnerList(member) ? serializeInnerList(member) : serializeItem(member));
}

/** §2.1.1: only of fields that are known to be structured. */
function asStructured(request: SignedRequest, name: string): string | null {
  const kind = STRUCTURED.get(name), value = kind === undefined ? null : wholeField(request, name);
  if (value === null) return null;
  return written(() => {
    if (kind === "list") return serializeList(parseList(value));
    if (kind === "item") return serializeItem(parseItem(value));
    const members = request.dictionary(name);
    return members === null ? null : serializeDictionary(members);
  });
}

/** Requests' fields of RFC 9651's registry. */
const STRUCTURED: ReadonlyMap<string, "dictionary" | "list" | "item"> = new Map([
  ...["accept-signature", "content-digest", "priority", "repr-digest", "signature", "signature-input"]
    .map((name) => [name, "dictionary"] as const),
  ...["want-content-digest", "want-repr-digest"].map((name) => [name, "dictionary"] as const),
  ...["cache-status", "client-cert-chain", "sec-ch-ua"].map((name) => [name, "list"] as const),
  ...["capsule-protocol", "client-cert", "idempotency-key", "sec-ch-ua-mobile", "sec-ch-ua-platform"]
    .map((name) => [name, "item"] as const),
]);

function written(write: () => string | null): string | null {
  try {
    return write();
  } catch {
    return null;
  }
}

/** §2.2.8: a parameter that stands twice has no value. */
function queryParameter(request: SignedRequest, parameters: Parameters): string | null {
  const name = parameters.get("name");
  if (typeof name !== "string" || parameters.size > 1) return null;
  const plain = new URLSearchParams(`=${name}`).get("") ?? "";
  // Signers write the name as it is written here, or it is another one.
  if (escaped(plain) !== name) return null;
  const value = request.parameter(plain);
  return value === null ? null : escaped(value);
}

/** As forms escape, but for blanks. */
function escaped(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1).replaceAll("+", "%20");
}

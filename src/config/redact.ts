/** Configs as they may be printed. @module */

import { isSecret } from "../core/secret.ts";
import { isSensitiveKey, withoutCredentials } from "./seen.ts";

/** What stands in place of a text that may be a credential. */
const REDACTED = "[redacted]";

/**
 * Plain JSON data that shows a config, or a plan, and gives nothing away: secrets are their references and are never
 * read, functions are their names, texts under keys such as `authorization` or `token` and fields for collectors are left
 * out, and URLs lose user name and password. Objects of a class are named, not opened.
 */
export function redact(config: unknown): unknown {
  return redacted(config, []);
}

function redacted(value: unknown, around: readonly object[]): unknown {
  if (typeof value === "string") return withoutCredentials(value);
  if (typeof value === "function") return `[function ${value.name === "" ? "anonymous" : value.name}]`;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (isSecret(value)) return value.env === undefined ? { file: value.file } : { env: value.env };
  if (around.includes(value)) return "[circular]";
  const inside = [...around, value];
  if (Array.isArray(value)) return value.map((entry) => redacted(entry, inside));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `[${value.constructor?.name || "object"}]`;
  const hidesAll = isOfCollector(value, around.at(-1));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      typeof inner === "string" && (hidesAll || isSensitiveKey(key)) ? REDACTED : redacted(inner, inside),
    ]),
  );
}

/** Whether these are the fields that a collector is sent, which are mostly keys under names of its own. */
function isOfCollector(value: object, parent: object | undefined): boolean {
  return parent !== undefined && "headers" in parent && parent.headers === value && "compression" in parent;
}

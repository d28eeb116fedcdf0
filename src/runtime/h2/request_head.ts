/** The head of a request, taken apart and not yet judged (RFC 9113 §8.3). @module */

import { isFieldValue } from "../../core/header_list.ts";
import { areValidFields } from "./valid_fields.ts";

/** What the pseudo fields say, and the other fields. */
export interface RequestHead {
  readonly method: string;
  /** `""` for CONNECT, as {@link path}. */
  readonly scheme: string;
  readonly path: string;
  /** `null` where there is none. */
  readonly authority: string | null;
  /** `[name, value, …]` of the block; fields start at {@link from}. */
  readonly flat: readonly string[];
  readonly from: number;
}

const COLON = 0x3a;

/**
 * Takes the fields of a block apart.
 *
 * @param flat `[name, value, …]` in order
 * @returns `null` for what is malformed (§8.1.1): pseudo fields that are unknown, missing, empty, repeated or misplaced;
 *   names that are no lower-case tokens; values with bytes that may not stand there; fields that belong to a connection
 */
export function readRequestHead(flat: readonly string[]): RequestHead | null {
  let method = "", scheme = "", path = "", authority: string | null = null, from = 0;
  for (; from < flat.length && flat[from].charCodeAt(0) === COLON; from += 2) {
    const value = flat[from + 1];
    if (!isFieldValue(value)) return null;
    switch (flat[from]) {
      case ":method":
        if (method !== "" || value === "") return null;
        method = value;
        break;
      case ":scheme":
        if (scheme !== "" || value === "") return null;
        scheme = value;
        break;
      case ":path":
        if (path !== "" || value === "") return null;
        path = value;
        break;
      case ":authority":
        if (authority !== null) return null;
        authority = value;
        break;
      default:
        // `:protocol` among them: extended CONNECT was not offered (RFC 8441 §3).
        return null;
    }
  }
  const whole = method === "CONNECT"
    ? scheme === "" && path === "" && authority !== null
    : method !== "" && scheme !== "" && path !== "";
  return whole && areValidFields(flat, from) ? { method, scheme, path, authority, flat, from } : null;
}

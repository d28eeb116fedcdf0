/** Which fields a message may have in HTTP/2 (RFC 9113 §8.2). @module */

import { isFieldValue } from "../../core/header_list.ts";
import { fieldNumber } from "../../core/known_fields.ts";

/** A token without capitals: their presence makes a message malformed (§8.2.1). */
const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;

/** What only HTTP/1.1 says of a connection (§8.2.2). */
const OF_A_CONNECTION: ReadonlySet<string> = new Set([
  ...["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"],
]);

/** Whether the fields from place `from` on are such as may follow the pseudo fields. @param flat `[name, value, …]` */
export function areValidFields(flat: readonly string[], from: number): boolean {
  for (let i = from; i < flat.length; i += 2) {
    const name = flat[i], value = flat[i + 1];
    if (fieldNumber(name) === 0 && !NAME.test(name)) return false;
    if (!isFieldValue(value) || OF_A_CONNECTION.has(name)) return false;
    if (name === "te" && value.toLowerCase() !== "trailers") return false;
  }
  return true;
}

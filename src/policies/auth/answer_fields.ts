/** Fields that an identity policy adds to the answer of a request that it has let pass. @module */

import { contextKey } from "../../core/context_key.ts";
import type { Exchange } from "../../core/exchange.ts";
import type { Reply } from "../../core/reply.ts";

const KEY = contextKey<readonly string[]>("auth/answer-fields");
const NONE: readonly string[] = Object.freeze([]);

/** For `Authenticator.accepted`: the answer shall have these, whoever makes it. @param fields `[name, value, …]`, names in lower case */
export function addAnswerFields(exchange: Exchange, fields: readonly string[]): void {
  exchange.set(KEY, [...exchange.get(KEY) ?? NONE, ...fields]);
}

/** Those that were added since it was last asked. */
export function takeAnswerFields(exchange: Exchange): readonly string[] {
  const fields = exchange.get(KEY) ?? NONE;
  if (fields.length > 0) exchange.set(KEY, NONE);
  return fields;
}

/**
 * Writes them. One that the answer has already gives way, but for cookies; and an answer with a cookie that was not made
 * for everybody is kept by no cache, whatever its origin, which knows nothing of the cookie, says.
 */
export function writeAnswerFields({ headers }: Reply, fields: readonly string[]): void {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] !== COOKIE) headers.remove(fields[i]);
  for (let i = 0; i < fields.length; i += 2) {
    headers.append(fields[i], fields[i + 1]);
    if (fields[i] === COOKIE) headers.set("cache-control", "no-store");
  }
}

const COOKIE = "set-cookie";

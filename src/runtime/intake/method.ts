/** Which methods are taken. @module */

import { KNOWN_METHODS, USUAL_METHODS } from "../../http/known_methods.ts";
import { isToken } from "../../http/token.ts";
import type { Refusal } from "./refusal.ts";

const NO_TUNNEL: Refusal = { status: 501, code: "method_not_implemented", detail: "CONNECT is not offered." };
const NO_TRACE: Refusal = { status: 405, code: "method_not_allowed", detail: "TRACE is not offered." };
const UNKNOWN: Refusal = { status: 501, code: "method_not_implemented", detail: "The method is not known here." };
const MALFORMED: Refusal = { status: 400, code: "bad_method", detail: "The method of the request is not valid." };

/** The methods that requests may have. */
export class Methods {
  readonly #known: ReadonlySet<string>;

  /** @param extra methods beside the known ones */
  constructor(extra: readonly string[]) {
    this.#known = new Set([...KNOWN_METHODS, ...USUAL_METHODS, ...extra]);
  }

  /** Why a method is not taken, or `null`. TRACE would show a client's own secrets to whoever made it ask (RFC 9110 §9.3.8). */
  refuse(method: string): Refusal | null {
    // Comparing costs less than hashing a string that was just cut out of a head.
    if (method === "GET" || method === "POST" || this.#known.has(method)) return null;
    if (method === "CONNECT") return NO_TUNNEL;
    if (method === "TRACE") return NO_TRACE;
    return isToken(method) ? UNKNOWN : MALFORMED;
  }
}

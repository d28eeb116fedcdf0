/** What a request may expect (RFC 9110 §10.1.1). @module */

import type { Refusal } from "./refusal.ts";

const REFUSED: Refusal = {
  status: 417,
  code: "expectation_failed",
  detail: "Nothing but 100-continue can be expected here.",
};

/** Why the combined value of `Expect` cannot be met, or `null`. */
export function refuseExpectation(expect: string): Refusal | null {
  return expect === "" || expect.toLowerCase() === "100-continue" ? null : REFUSED;
}

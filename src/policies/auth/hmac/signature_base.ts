/** The text that is signed (RFC 9421 §2.5). @module */

import { type InnerList, serializeInnerList, serializeItem } from "structured-headers";
import { componentValue } from "./component.ts";
import type { SignedRequest } from "./signed_request.ts";

/** The text, and what it is made of. */
export interface SignatureBase {
  readonly text: string;
  /** Components as they are written there: `"@query-param";name="id"`. */
  readonly covered: ReadonlySet<string>;
}

/** Puts the text together; `null` where a component has no value in this request, or stands in the list twice. */
export function signatureBase([components, parameters]: InnerList, request: SignedRequest): SignatureBase | null {
  const covered = new Set<string>(), told = new Set<string>();
  let text = "";
  for (const [name, own] of components) {
    if (typeof name !== "string") return null;
    const identifier = own.size === 0 ? `"${name}"` : serializeItem([name, own]);
    // §2.5: the order of parameters makes no other component.
    const one = own.size < 2 ? identifier : serializeItem([name, new Map([...own].sort(byName))]);
    // Before its value is made: that of one component may be as long as the whole head.
    if (told.has(one)) return null;
    const value = componentValue(request, name, own);
    if (value === null) return null;
    covered.add(identifier);
    told.add(one);
    text += identifier + ": " + value + "\n";
  }
  try {
    return { text: text + '"@signature-params": ' + serializeInnerList([components, parameters]), covered };
  } catch {
    return null;
  }
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

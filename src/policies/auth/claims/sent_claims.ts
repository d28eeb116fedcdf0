/** Claims that the upstream is told as request headers. @module */

import { type HeaderList, isFieldValue } from "../../../core/header_list.ts";
import { fieldText } from "../../shape/field_text.ts";
import { claimAt } from "./claim_path.ts";
import type { Claims } from "./claims.ts";

/** One of them. */
export interface SentClaim {
  /** In lower case. */
  readonly field: string;
  readonly claim: readonly string[];
}

/** Whether all of them can stand in headers. */
export function areSendable(sent: readonly SentClaim[], claims: Claims): boolean {
  return sent.every(({ claim }) => isFieldValue(textOf(claimAt(claims, claim)) ?? ""));
}

/** Writes those that are there. Nobody else's fields of these names may be left. */
export function sendClaims(sent: readonly SentClaim[], claims: Claims, headers: HeaderList): void {
  for (let i = 0; i < sent.length; i++) {
    const text = textOf(claimAt(claims, sent[i].claim));
    if (text !== undefined && isFieldValue(text)) headers.add(sent[i].field, text);
  }
}

/** Texts as UTF-8, lists and objects as JSON. */
function textOf(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return undefined;
  return fieldText(typeof claim === "object" ? JSON.stringify(claim) : String(claim));
}

/** Request fields as they were sent with the last request for an answer. @module */

import type { HeaderList } from "../../../core/header_list.ts";
import { ownText } from "./own_text.ts";
import type { ShelfEntry } from "./shelf_entry.ts";

/** Longer values are not remembered: no browser sends them. */
const LONGEST = 256;

/**
 * Whether this request's fields are, to the letter, those of the last request that the entry was the answer to. Most
 * clients send what most others send, and to compare costs a tenth of writing it in one form first.
 */
export function hasAskedValues({ asked, response: { vary } }: ShelfEntry, headers: HeaderList): boolean {
  if (asked === null) return false;
  for (let i = 0; i < vary.length; i++) if (headers.get(vary[i]) !== asked[i]) return false;
  return true;
}

/** The entry is the answer to this request, by `selectingText`. */
export function rememberAskedValues(entry: ShelfEntry, headers: HeaderList): void {
  const asked: (string | null)[] = [];
  for (const name of entry.response.vary) {
    const value = headers.get(name);
    if (value !== null && value.length > LONGEST) return;
    asked.push(value === null ? null : ownText(value));
  }
  entry.asked = asked;
}

/** Parts of log lines that recur. @module */

import { jsonText } from "../lines/json_text.ts";

/** How many pieces are kept, and the longest text that is: strangers choose some of the texts. */
const KEPT = 10_000, KEPT_LENGTH = 255;

/** A value that recurs, escaped and joined with what stands around it: each part of a line costs time when it is written. */
export class Pieces {
  readonly #kept = new Map<string, string>();

  constructor(readonly before: string, readonly after: string) {}

  of(raw: string): string {
    const kept = this.#kept.get(raw);
    if (kept !== undefined) return kept;
    const piece = this.before + jsonText(raw) + this.after;
    if (raw.length <= KEPT_LENGTH) {
      if (this.#kept.size >= KEPT) this.#kept.clear();
      this.#kept.set(raw, piece);
    }
    return piece;
  }
}

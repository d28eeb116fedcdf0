/** Texts broken in chosen places. @module */

/** At this place (counted modulo the text's length), this many characters are replaced by these. */
export type Edit = readonly [at: number, length: number, put: string];

/** The text after the edits, one by one. */
export function edited(text: string, edits: readonly Edit[]): string {
  for (const [at, length, put] of edits) {
    const place = at % Math.max(1, text.length);
    text = text.slice(0, place) + put + text.slice(place + length);
  }
  return text;
}

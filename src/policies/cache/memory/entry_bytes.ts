/** What an entry costs. @module */

import type { ShelfEntry } from "./shelf_entry.ts";

// Measured as the growth of the heap, and of what hangs on it, with 20,000 answers of one kind that were all served, so
// that a head was made ready for each: `bench/cache_eviction/main.ts --heap` shows how far these are from it.

/** The objects of an entry, its part of the tables, and the print that it leaves when it goes. */
const ENTRY = 1220;
/** One that was chosen by fields of the request: their values, and its part of the URL's own table. */
const CHOSEN = 250;
/** Name or value, beside its characters: once as it is kept, and once in the head that is ready. */
const TEXT = 44;
/** A tag beside its characters, if nothing else has it. */
const TAG = 330;

/** Bytes that an entry takes in memory, within a tenth or so. */
export function entryBytes({ key, variant, selecting, response }: ShelfEntry): number {
  let bytes = ENTRY + response.body.buffer.byteLength + key.length + 2 * variant.length;
  if (selecting !== "") bytes += CHOSEN + 3 * selecting.length;
  for (const text of response.fields) bytes += TEXT + 2 * text.length;
  for (const tag of response.tags) bytes += TAG + tag.length;
  return bytes;
}

/** Entries by tag. @module */

import type { ShelfEntry } from "./shelf_entry.ts";

/** Finds entries by what they can be purged by. */
export class TagIndex {
  readonly #tagged = new Map<string, Set<ShelfEntry>>();

  add(entry: ShelfEntry): void {
    for (const tag of entry.response.tags) {
      const entries = this.#tagged.get(tag);
      if (entries === undefined) this.#tagged.set(tag, new Set([entry]));
      else entries.add(entry);
    }
  }

  remove(entry: ShelfEntry): void {
    for (const tag of entry.response.tags) {
      const entries = this.#tagged.get(tag);
      entries?.delete(entry);
      if (entries?.size === 0) this.#tagged.delete(tag);
    }
  }

  at(tag: string): ShelfEntry[] {
    return [...this.#tagged.get(tag) ?? []];
  }
}

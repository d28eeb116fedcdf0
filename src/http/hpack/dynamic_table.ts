/** The dynamic table of HPACK (RFC 7541 §2.3.2, §4). @module */

/** What an entry counts for beside its name and value, in bytes (§4.1). */
export const ENTRY_OVERHEAD = 32;

/** Fields that were seen before, the newest first; the oldest make room. Sizes count a character as a byte. */
export class DynamicTable {
  /** Entries that it has. */
  count = 0;
  /** The largest limit that {@link resize} takes. */
  readonly most: number;
  #limit: number;
  #size = 0;
  /** A ring: the newest entry is at `#newest`, the one before it at the place before. */
  readonly #names: string[];
  readonly #values: string[];
  #newest = 0;

  /** @param most bytes that it may hold, and holds until it is resized */
  constructor(most: number) {
    this.most = this.#limit = most;
    const places = Math.max(1, Math.floor(most / ENTRY_OVERHEAD));
    this.#names = new Array<string>(places).fill("");
    this.#values = new Array<string>(places).fill("");
  }

  /** Name of the entry at this place, 0 for the newest. */
  name(place: number): string {
    return this.#names[this.#at(place)];
  }

  /** Value of the entry at this place, 0 for the newest. */
  value(place: number): string {
    return this.#values[this.#at(place)];
  }

  /** Adds an entry. One that is larger than the whole table empties it (§4.4). */
  add(name: string, value: string): void {
    const size = name.length + value.length + ENTRY_OVERHEAD;
    this.#evict(this.#limit - size);
    if (size > this.#limit) return;
    this.#newest = (this.#newest + 1) % this.#names.length;
    this.#names[this.#newest] = name;
    this.#values[this.#newest] = value;
    this.#size += size;
    this.count++;
  }

  /** From now on it holds `limit` bytes (§4.3). */
  resize(limit: number): void {
    this.#limit = limit;
    this.#evict(limit);
  }

  #at(place: number): number {
    const at = this.#newest - place;
    return at < 0 ? at + this.#names.length : at;
  }

  /** Drops the oldest entries until no more than `size` bytes are left. */
  #evict(size: number): void {
    while (this.#size > size && this.count > 0) {
      const oldest = this.#at(this.count - 1);
      this.#size -= this.#names[oldest].length + this.#values[oldest].length + ENTRY_OVERHEAD;
      this.#names[oldest] = this.#values[oldest] = "";
      this.count--;
    }
  }
}

/** What has been shown once, and must not be shown again. @module */

/** Milliseconds: what is over in one such time is forgotten together. */
const SLOT = 60_000;

/** Remembers texts until they are over by themselves. It forgets nothing before: it says when it is full. */
export class ReplayMemory {
  /** By the number of the {@link SLOT} in which they are over. */
  readonly #slots = new Map<number, Set<string>>();
  #size = 0;

  /** Texts that are remembered. */
  get size(): number {
    return this.#size;
  }

  /** @param now on the clock of {@link take}'s `until` */
  has(text: string, now: number): boolean {
    this.#forget(now);
    for (const slot of this.#slots.values()) if (slot.has(text)) return true;
    return false;
  }

  /**
   * Remembers a text, unless it knows it already.
   *
   * @param until when it is over
   * @param most how many there is room for
   */
  take(text: string, until: number, now: number, most: number): "new" | "seen" | "full" {
    if (this.has(text, now)) return "seen";
    if (this.#size >= most) return "full";
    const number = Math.floor(until / SLOT), slot = this.#slots.get(number);
    if (slot === undefined) this.#slots.set(number, new Set([text]));
    else slot.add(text);
    this.#size++;
    return "new";
  }

  #forget(now: number): void {
    const first = Math.floor(now / SLOT);
    for (const [number, { size }] of this.#slots) {
      if (number >= first) continue;
      this.#slots.delete(number);
      this.#size -= size;
    }
  }
}

/** A second tier in memory, which several caches may have in common. @module */

import { type CacheTier, MOST_LINES, type TierValue, type TierWrite } from "../../../../src/core/cache_tier.ts";
import type { Clock } from "../../../../src/core/clock.ts";
import type { Purge } from "../../../../src/core/purge.ts";
import { StoreError } from "../../../../src/core/store.ts";

/** What was written, and how. */
export class LocalTier implements CacheTier {
  readonly writes: (Omit<TierWrite, "value"> & { readonly key: string; readonly bytes: number })[] = [];
  readonly reads: string[] = [];
  readonly deadlines: (number | undefined)[] = [];
  away = false;
  /** Whether it writes nothing, as it would after a purge. */
  purged = false;
  /** Runs once a value was read, and before who asked has it. */
  onRead: () => void = () => {};
  readonly #clock: Clock;
  readonly #values = new Map<string, { bytes: Uint8Array; at: number; stale: number | null }>();
  readonly #listeners = new Set<(order: Purge | null) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  deadline(): number {
    return this.#clock.now() + 50;
  }

  async read(key: string, fields: readonly string[], deadline?: number): Promise<(TierValue | null)[]> {
    this.deadlines.push(deadline);
    this.reads.push(key);
    await this.#answer();
    const found = fields.map((field) => {
      const value = this.#values.get(`${key} ${field}`), now = this.#clock.now();
      if (value === undefined) return null;
      return { bytes: value.bytes, age: now - value.at, stale: value.stale === null ? null : now - value.stale };
    });
    this.onRead();
    return found;
  }

  async write(key: string, { value, ...what }: TierWrite): Promise<boolean> {
    await this.#answer();
    if (this.purged) return false;
    this.writes.push({ key, bytes: value.length, ...what });
    this.#set(key, what.field, value);
    if (what.first !== undefined) {
      const [field, line] = what.first, before = this.#values.get(`${key} ${field}`);
      const lines = before === undefined ? [] : new TextDecoder().decode(before.bytes).split("\n");
      const all = [line, ...lines.filter((other) => other !== line)].slice(0, MOST_LINES);
      this.#set(key, field, new TextEncoder().encode(all.join("\n")));
    }
    return true;
  }

  /** Whatever the order says, it is about everything. */
  async purge(order: Purge): Promise<number> {
    await this.#answer();
    const count = this.#values.size;
    if (!order.soft) this.#values.clear();
    for (const value of this.#values.values()) value.stale = this.#clock.now();
    return count;
  }

  onPurge(listener: (order: Purge | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As another gateway does. */
  tell(order: Purge | null): void {
    for (const listener of this.#listeners) listener(order);
  }

  /** Puts something there that no tier has written. */
  damage(bytes: Uint8Array): void {
    for (const value of this.#values.values()) value.bytes = bytes;
  }

  close(): void {}

  #set(key: string, field: string, bytes: Uint8Array): void {
    this.#values.set(`${key} ${field}`, { bytes, at: this.#clock.now(), stale: null });
  }

  async #answer(): Promise<void> {
    await Promise.resolve();
    if (this.away) throw new StoreError("the store is away");
  }
}

/** State that outlives the plan it serves. @module */

import type { BuildEnv } from "./build_env.ts";

interface Entry {
  readonly shape: string;
  readonly value: object;
}

/**
 * Keeps state by id from one plan to the next. While a plan is built, {@link state} collects what it asks for;
 * {@link commit} makes that the state in force and closes what is no longer asked for, {@link rollback} closes what was
 * made for a plan that came to nothing.
 */
export class StateRegistry {
  #current: ReadonlyMap<string, Entry> = new Map();
  #next = new Map<string, Entry>();

  /** As {@link BuildEnv.state}. */
  readonly state: BuildEnv["state"] = <T extends object>(id: string, shape: unknown, create: () => T): T => {
    const text = JSON.stringify(shape) ?? "";
    const kept = this.#next.get(id) ?? this.#current.get(id);
    const entry = kept !== undefined && kept.shape === text ? kept : { shape: text, value: create() };
    this.#next.set(id, entry);
    // Kept under the same id and shape, it was made by the same code: it is what `create` would return.
    return entry.value as T;
  };

  /** Ids of the state in force. */
  get ids(): readonly string[] {
    return [...this.#current.keys()];
  }

  /** The plan that was built is in force. */
  commit(): void {
    closeAllBut(this.#current, this.#next);
    this.#current = this.#next;
    this.#next = new Map();
  }

  /** The plan that was being built is given up. */
  rollback(): void {
    closeAllBut(this.#next, this.#current);
    this.#next = new Map();
  }

  /** Closes everything. */
  close(): void {
    this.rollback();
    this.commit();
  }
}

function closeAllBut(entries: ReadonlyMap<string, Entry>, kept: ReadonlyMap<string, Entry>): void {
  for (const [id, { value }] of entries) {
    if (kept.get(id)?.value !== value && "close" in value && typeof value.close === "function") value.close();
  }
}

/** State that outlives the plan it serves. @module */

import type { BuildEnv } from "./build_env.ts";

interface Entry {
  readonly shape: string;
  readonly value: object;
}

/**
 * Keeps state by id from one plan to the next. From {@link begin} on, and in the beginning, {@link state} collects what
 * the plan that is being built asks for; {@link commit} makes that the state in force and closes what is no longer asked
 * for, {@link rollback} closes what was made for a plan that came to nothing. What is asked for while no plan is being
 * built belongs to the one in force.
 */
export class StateRegistry {
  #current = new Map<string, Entry>();
  /** `null` while no plan is being built. */
  #next: Map<string, Entry> | null = new Map();

  /** As {@link BuildEnv.state}. */
  readonly state: BuildEnv["state"] = <T extends object>(id: string, shape: unknown, create: () => T): T => {
    const text = JSON.stringify(shape) ?? "";
    const kept = this.#next?.get(id) ?? this.#current.get(id);
    const entry = kept !== undefined && kept.shape === text ? kept : { shape: text, value: create() };
    if (this.#next === null && kept !== undefined && kept !== entry) closeEntry(kept);
    (this.#next ?? this.#current).set(id, entry);
    // Kept under the same id and shape, it was made by the same code: it is what `create` would return.
    return entry.value as T;
  };

  /** Ids of the state in force. */
  get ids(): readonly string[] {
    return [...this.#current.keys()];
  }

  /** The state in force. */
  get values(): readonly object[] {
    return [...this.#current.values()].map(({ value }) => value);
  }

  /** Another plan is going to be built. */
  begin(): void {
    this.#next ??= new Map();
  }

  /** The plan that was built is in force. */
  commit(): void {
    const next = this.#next ?? this.#current;
    closeAllBut(this.#current, next);
    this.#current = next;
    this.#next = null;
  }

  /** The plan that was being built is given up. */
  rollback(): void {
    if (this.#next !== null) closeAllBut(this.#next, this.#current);
    this.#next = null;
  }

  /** Closes everything. */
  close(): void {
    this.rollback();
    this.begin();
    this.commit();
  }
}

function closeAllBut(entries: ReadonlyMap<string, Entry>, kept: ReadonlyMap<string, Entry>): void {
  for (const [id, entry] of entries) if (kept.get(id)?.value !== entry.value) closeEntry(entry);
}

function closeEntry({ value }: Entry): void {
  if ("close" in value && typeof value.close === "function") value.close();
}

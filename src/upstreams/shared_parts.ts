/** What endpoints are made of, shared by the plans that have it in common. @module */

interface Part {
  readonly value: object;
  users: number;
}

/**
 * Parts by name and shape, each closed when its last user lets go of it. A reload builds the new endpoints while the old
 * ones serve: what did not change is one part for both, what changed is two, and a plan that comes to nothing lets go of
 * what it asked for. Discovery adds and removes endpoints in the same way.
 */
export class SharedParts {
  readonly #parts = new Map<string, Part>();

  /** Whether anything was ever asked for: endpoints that come later have joined a running upstream. */
  settled = false;

  /**
   * What an earlier call made under the same name and shape (compared by structure), else made anew.
   * @param keys takes the key to {@link release} it by
   */
  use<T extends object>(name: string, shape: unknown, create: () => T, keys: string[]): T {
    const key = `${name} ${JSON.stringify(shape)}`;
    let part = this.#parts.get(key);
    if (part === undefined) this.#parts.set(key, part = { value: create(), users: 0 });
    part.users++;
    keys.push(key);
    // Kept under the same name and shape, it was made by the same code: it is what `create` would return.
    return part.value as T;
  }

  /** Lets go of parts. */
  release(keys: readonly string[]): void {
    for (const key of keys) {
      const part = this.#parts.get(key);
      if (part === undefined || --part.users > 0) continue;
      this.#parts.delete(key);
      close(part.value);
    }
  }

  close(): void {
    for (const { value } of this.#parts.values()) close(value);
    this.#parts.clear();
  }
}

function close(value: object): void {
  if ("close" in value && typeof value.close === "function") value.close();
}

/** Something for each host, found by how specific the host is. @module */

/** The hosts of one level: exact names, or wildcards of one length. */
interface Level<G> {
  /** Length of the suffix to compare, or 0 for the whole host. */
  readonly suffix: number;
  readonly groups: Map<string, G>;
}

/**
 * Values by host pattern. A host can fit several patterns; {@link HostTable.at} gives them one level after the other,
 * most specific first: the exact name, wildcards from the longest suffix, any host. What a lookup costs depends on how
 * many lengths the wildcards have, not on how long the host is that a client sends.
 */
export class HostTable<G> {
  readonly #levels: Level<G>[] = [];
  #any: G | undefined;

  /** The value for a pattern; `""` is any host. Made where it is missing. */
  ensure(pattern: string, make: () => G): G {
    if (pattern === "") return this.#any ??= make();
    // "*.example.com" is kept as ".example.com", so that one label at least comes before.
    const key = pattern[0] === "*" ? pattern.slice(1) : pattern;
    const groups = this.#level(pattern[0] === "*" ? key.length : 0).groups;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, group = make());
    return group;
  }

  /** How many levels there are, any host being the last. */
  get size(): number {
    return this.#levels.length + 1;
  }

  /** The value for `host` at a level, or `undefined`. */
  at(level: number, host: string): G | undefined {
    if (level === this.#levels.length) return this.#any;
    const { suffix, groups } = this.#levels[level];
    if (suffix === 0) return groups.get(host);
    return suffix < host.length ? groups.get(host.slice(-suffix)) : undefined;
  }

  #level(suffix: number): Level<G> {
    let level = this.#levels.find((level) => level.suffix === suffix);
    if (level === undefined) {
      level = { suffix, groups: new Map() };
      this.#levels.push(level);
      this.#levels.sort((a, b) => a.suffix === 0 ? -1 : b.suffix === 0 ? 1 : b.suffix - a.suffix);
    }
    return level;
  }
}

/** Taking answers out of caches before their time. @module */

/** What is taken out. */
export type PurgeTarget =
  /** The answers for one URL, in all their variants. A path alone, `/a?b`, is that path on every host. */
  | { readonly url: string }
  /** Those whose URL, or, where it begins with `/`, whose path, begins so. */
  | { readonly prefix: string }
  /** Those that carry this tag in `Cache-Tag` or `Surrogate-Key`. */
  | { readonly tag: string }
  | { readonly all: true };

/** An order to take answers out. */
export interface Purge {
  readonly target: PurgeTarget;
  /** Whether they are kept, but as stale: to be shown that they are still good, or to stand in while the upstream is away. */
  readonly soft: boolean;
}

/** Whether answers for this URL may be meant, of which nothing else is known: what tags they carry, say. */
export function mayMean(target: PurgeTarget, url: string): boolean {
  if ("url" in target) return target.url.startsWith("/") ? url.endsWith(target.url) : url === target.url;
  return !("prefix" in target) || target.prefix.startsWith("/") || url.startsWith(target.prefix);
}

/** State that answers can be taken out of. */
export interface Purgeable {
  /**
   * Takes out what it has itself, and tells those whom it shares a store with.
   *
   * @param told whether those whom it shares a store with know already, and the store too
   * @returns how many answers, where that is known
   */
  purge(order: Purge, told?: boolean): number | Promise<number>;
}

/** Tells whether state can be purged. */
export function isPurgeable(state: object): state is Purgeable {
  return "purge" in state && typeof state.purge === "function";
}

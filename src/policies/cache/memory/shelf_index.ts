/** Entries by URL. @module */

import type { HeaderList } from "../../../core/header_list.ts";
import { NormalForms } from "../selection/normal_forms.ts";
import { selectingText } from "../selection/vary.ts";
import type { StoredResponse } from "../stored_response.ts";
import { ownText } from "./own_text.ts";
import { ShelfEntry, type ShelfPlace } from "./shelf_entry.ts";
import { isFor, sameNames, Variants } from "./variants.ts";

/** Finds the entries of a shelf by their key. A URL with one answer, as most have, costs no more than that. */
export class ShelfIndex {
  readonly #found = new Map<string, ShelfEntry | Variants>();
  /** How many keys begin so: schemes and hosts, so that a path can be found on all of them. */
  readonly #origins = new Map<string, number>();
  readonly #forms = new NormalForms();

  find(key: string, variant: string, headers: HeaderList): ShelfEntry | undefined {
    const found = this.#found.get(key);
    if (found === undefined) return undefined;
    if (found instanceof Variants) return found.find(variant, headers, this.#forms);
    return isFor(found, variant, headers, this.#forms) ? found : undefined;
  }

  /** What the fields come to by which the newest answers for this URL were chosen; `null`: there are none. */
  distinguish(key: string, headers: HeaderList): string | null {
    const found = this.#found.get(key);
    if (found === undefined) return null;
    return found instanceof Variants
      ? found.distinguish(headers, this.#forms)
      : selectingText(found.response.vary, headers, this.#forms);
  }

  /** Schemes and hosts that something is kept of. */
  get origins(): number {
    return this.#origins.size;
  }

  has(key: string): boolean {
    return this.#found.has(key);
  }

  /** Where the answer to such a request belongs. */
  placeOf(key: string, variant: string, headers: HeaderList, { vary }: StoredResponse): ShelfPlace {
    return {
      key: this.#found.get(key)?.key ?? ownText(key),
      variant: ownText(variant),
      selecting: vary.length === 0 ? "" : ownText(selectingText(vary, headers, this.#forms)),
    };
  }

  /** The one that this would take the place of. */
  like(entry: ShelfEntry): ShelfEntry | undefined {
    const found = this.#found.get(entry.key);
    if (found instanceof Variants) return found.like(entry);
    return found !== undefined && isLike(found, entry) ? found : undefined;
  }

  /** Puts it there, in place of the one that is {@link like} it. @returns entries that are now too many for one URL: still there */
  put(entry: ShelfEntry): readonly ShelfEntry[] {
    const { key } = entry;
    const found = this.#found.get(key);
    if (found === undefined) this.#count(key, 1);
    if (found === undefined || found instanceof ShelfEntry && isLike(found, entry)) {
      this.#found.set(key, entry);
      return NONE;
    }
    if (found instanceof Variants) {
      found.put(entry);
      return found.surplus();
    }
    const variants = new Variants(found);
    variants.put(entry);
    this.#found.set(key, variants);
    return NONE;
  }

  remove(entry: ShelfEntry): void {
    const found = this.#found.get(entry.key);
    if (found instanceof Variants ? !found.remove(entry) : found !== entry) return;
    this.#found.delete(entry.key);
    this.#count(entry.key, -1);
  }

  /** All for this URL. */
  at(key: string): ShelfEntry[] {
    const found = this.#found.get(key);
    if (found === undefined) return [];
    return found instanceof Variants ? found.all() : [found];
  }

  /** All for this path and query, on whichever host. */
  atPath(path: string): ShelfEntry[] {
    return [...this.#origins.keys()].flatMap((origin) => this.at(origin + path));
  }

  /** Keys that begin so, or, where `prefix` is a path, whose path does. It looks at every key. */
  *beginning(prefix: string): Iterable<string> {
    const byPath = prefix.startsWith("/");
    for (const key of this.#found.keys()) {
      if (key.startsWith(prefix, byPath ? pathStart(key) : 0)) yield key;
    }
  }

  #count(key: string, by: number): void {
    const origin = key.slice(0, pathStart(key));
    const count = (this.#origins.get(origin) ?? 0) + by;
    if (count === 0) this.#origins.delete(origin);
    else this.#origins.set(origin, count);
  }
}

const NONE: readonly ShelfEntry[] = [];

/** Where the path begins in `https://host/path`, of which parts may be missing. */
function pathStart(key: string): number {
  const scheme = key.indexOf("://");
  const slash = key.indexOf("/", scheme === -1 ? 0 : scheme + 3);
  return slash === -1 ? key.length : slash;
}

function isLike(a: ShelfEntry, b: ShelfEntry): boolean {
  return a.variant === b.variant && a.selecting === b.selecting && sameNames(a.response.vary, b.response.vary);
}

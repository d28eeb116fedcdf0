/** The answers for one URL. @module */

import type { HeaderList } from "../../../core/header_list.ts";
import type { NormalForms } from "../selection/normal_forms.ts";
import { selectingText } from "../selection/vary.ts";
import { hasAskedValues, rememberAskedValues } from "./asked_values.ts";
import type { StoredResponse } from "../stored_response.ts";
import type { ShelfEntry } from "./shelf_entry.ts";

/** Lists of fields in `Vary` that are remembered for one URL. Each costs a look-up; an upstream has one or two. */
const MOST_LISTS = 8;

/** Answers that were chosen by the same request fields. */
interface Selection {
  readonly vary: readonly string[];
  readonly entries: Map<string, ShelfEntry>;
  /** The one that was found last. */
  recent: ShelfEntry | null;
}

/** Whether this answer is one for such a request (RFC 9111 §4.1). */
export function isFor(entry: ShelfEntry, variant: string, headers: HeaderList, forms: NormalForms): boolean {
  if (entry.variant !== variant) return false;
  const { vary } = entry.response;
  if (vary.length === 0 || hasAskedValues(entry, headers)) return true;
  if (entry.selecting !== selectingText(vary, headers, forms)) return false;
  rememberAskedValues(entry, headers);
  return true;
}

/** The answers for one URL, of which there are or were several. */
export class Variants {
  readonly key: string;
  /** By fields; the one that was put into last comes first. */
  readonly #selections: Selection[] = [];

  constructor(first: ShelfEntry) {
    this.key = first.key;
    this.put(first);
  }

  /**
   * The newest that is an answer for such a request (RFC 9111 §4): of those that were chosen by its fields, where there
   * are any (§4.1).
   */
  find(variant: string, headers: HeaderList, forms: NormalForms): ShelfEntry | undefined {
    let newest: ShelfEntry | undefined;
    for (const selection of this.#selections) {
      const entry = foundIn(selection, variant, headers, forms);
      if (entry === undefined) continue;
      if (newest === undefined || isBetter(entry.response, newest.response)) newest = entry;
    }
    return newest;
  }

  /** What the fields come to that the upstream chose by last. */
  distinguish(headers: HeaderList, forms: NormalForms): string {
    return selectingText(this.#selections[0].vary, headers, forms);
  }

  /** The one that this would take the place of. */
  like(entry: ShelfEntry): ShelfEntry | undefined {
    return this.#selection(entry)?.entries.get(textOf(entry.variant, entry.selecting));
  }

  put(entry: ShelfEntry): void {
    const { response: { vary }, variant, selecting } = entry;
    let selection = this.#selection(entry);
    if (selection === undefined) selection = { vary, entries: new Map(), recent: null };
    else this.#selections.splice(this.#selections.indexOf(selection), 1);
    this.#selections.unshift(selection);
    selection.entries.set(textOf(variant, selecting), entry);
    selection.recent = entry;
  }

  /** @returns whether that was the last */
  remove(entry: ShelfEntry): boolean {
    const selection = this.#selection(entry);
    if (selection === undefined) return false;
    const text = textOf(entry.variant, entry.selecting);
    if (selection.entries.get(text) === entry) selection.entries.delete(text);
    if (selection.recent === entry) selection.recent = null;
    if (selection.entries.size === 0) this.#selections.splice(this.#selections.indexOf(selection), 1);
    return this.#selections.length === 0;
  }

  /** Those of lists that are too many: the upstream has not used them for the longest time. */
  surplus(): ShelfEntry[] {
    return this.#selections.slice(MOST_LISTS).flatMap(({ entries }) => [...entries.values()]);
  }

  all(): ShelfEntry[] {
    return this.#selections.flatMap(({ entries }) => [...entries.values()]);
  }

  #selection({ response: { vary } }: ShelfEntry): Selection | undefined {
    return this.#selections.find((other) => sameNames(other.vary, vary));
  }
}

function foundIn(
  selection: Selection,
  variant: string,
  headers: HeaderList,
  forms: NormalForms,
): ShelfEntry | undefined {
  const { vary, entries, recent } = selection;
  if (vary.length === 0) return entries.get(textOf(variant, ""));
  if (recent !== null && recent.variant === variant && hasAskedValues(recent, headers)) return recent;
  const entry = entries.get(textOf(variant, selectingText(vary, headers, forms)));
  if (entry === undefined) return undefined;
  if (!hasAskedValues(entry, headers)) rememberAskedValues(entry, headers);
  return selection.recent = entry;
}

/** One text of two. Counted from its end, each field of one list begins with a line feed, so it is clear where the first ends. */
function textOf(variant: string, selecting: string): string {
  return variant + selecting;
}

/** Whether two sorted lists have the same names. */
export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

function isBetter(a: StoredResponse, b: StoredResponse): boolean {
  if ((a.vary.length > 0) !== (b.vary.length > 0)) return a.vary.length > 0;
  return a.receivedAt > b.receivedAt;
}

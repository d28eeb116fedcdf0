/** The fields of a form that nobody can read in two ways. @module */

import { charsetOf } from "./field_text.ts";

/** Fields that a form may have. PHP and Express look at so many and no further, others see all. */
export const MOST_FIELDS = 1000;

/** By this field a form may name its charset (RFC 7578 §4.6). */
const CHARSET_FIELD = "_charset_";

/**
 * Collects fields. A limit that reads another value than the server behind it can be evaded, and which of two the server
 * takes is not known here: so a name that stands twice has no value at all, and a form that is written so that readers
 * differ about it has no field at all.
 */
export class FormFields {
  readonly #values = new Map<string, string>();
  /** Every name, as {@link foldedName} has it, with the first that was written so. */
  readonly #names = new Map<string, string>();
  #count = 0;
  #unclear = false;

  /** Whether the form has no fields, whatever else stands in it. */
  get unclear(): boolean {
    return this.#unclear;
  }

  /** The names that stand in the form once, with their values. */
  get known(): ReadonlyMap<string, string> {
    return this.#unclear || !this.#isInUtf8() ? new Map() : this.#values;
  }

  /** @param value `undefined` for what is no text, is not whole, or can be read in two ways: then it takes the name only */
  add(name: string, value: string | undefined): void {
    if (++this.#count > MOST_FIELDS) return this.giveUp();
    const folded = foldedName(name), first = this.#names.get(folded);
    if (first !== undefined) {
      this.#values.delete(first);
      return;
    }
    this.#names.set(folded, name);
    if (value !== undefined) this.#values.set(name, value);
  }

  /** What was added so far has no value here, but goes on taking its name. */
  dropValues(): void {
    this.#values.clear();
  }

  /** Readers may differ about the whole form. */
  giveUp(): void {
    this.#unclear = true;
    this.#values.clear();
  }

  #isInUtf8(): boolean {
    return !this.#names.has(CHARSET_FIELD) || charsetOf(this.#values.get(CHARSET_FIELD)?.trim() ?? "") === "utf-8";
  }
}

/**
 * What names have in common that some server takes for one: ASP.NET knows no case; PHP ends a name at a NUL, drops blanks
 * before it, and writes `_` for a dot, a blank and a bracket; PHP, Rails and Express read `a[]` and `a[0]` as `a`.
 */
function foldedName(name: string): string {
  const end = name.indexOf("\0");
  return (end < 0 ? name : name.slice(0, end)).trim().replace(/\[\d*\]$/, "").replace(/[\s.[\]]/g, "_").toLowerCase();
}

/** Changes to the fields of one message, prepared when the config is compiled. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { HeaderList } from "../../core/header_list.ts";
import type { FieldValue } from "./field_value.ts";

/** What to do with the fields of a message, in this order. Names are in lower case. */
export interface HeaderEditsInit {
  readonly remove: readonly string[];
  readonly set: readonly (readonly [name: string, value: string | FieldValue])[];
  readonly append: readonly (readonly [name: string, value: string | FieldValue])[];
}

/** The values for one exchange, those to set before those to append; `null` for one that no field may have. */
export type FieldValues = readonly (string | null)[];

/**
 * Removes, then sets, then appends. Every value is read before anything is changed, so a field can take the value of one
 * that is removed.
 */
export class HeaderEdits {
  readonly #remove: readonly string[];
  readonly #names: readonly string[];
  readonly #values: readonly (string | FieldValue)[];
  /** How many of the names are set; the rest are appended. */
  readonly #sets: number;
  /** The values where no exchange makes a difference, else `null`. */
  readonly fixed: readonly string[] | null;

  constructor({ remove, set, append }: HeaderEditsInit) {
    const fields = [...set, ...append];
    this.#remove = remove;
    this.#names = fields.map(([name]) => name);
    this.#values = fields.map(([, value]) => value);
    this.#sets = set.length;
    this.fixed = this.#values.every((value) => typeof value === "string") ? this.#values : null;
  }

  /** Whether there is nothing to do. */
  get empty(): boolean {
    return this.#remove.length === 0 && this.#names.length === 0;
  }

  /** Fills in every value. Where all are fixed it is always the same list. */
  values(exchange: Exchange): FieldValues {
    if (this.fixed !== null) return this.fixed;
    const templates = this.#values, values: (string | null)[] = [];
    for (let i = 0; i < templates.length; i++) {
      const template = templates[i];
      values.push(typeof template === "string" ? template : template(exchange));
    }
    return values;
  }

  /** Name of the first field whose value cannot be sent, or `null`. */
  refused(values: FieldValues): string | null {
    if (this.fixed !== null) return null;
    const at = values.indexOf(null);
    return at < 0 ? null : this.#names[at];
  }

  /** Makes the changes. A field to be set whose value is `null` is removed, one to be appended is left out. */
  write(headers: HeaderList, values: FieldValues): void {
    for (let i = 0; i < this.#remove.length; i++) headers.remove(this.#remove[i]);
    for (let i = 0; i < values.length; i++) {
      const name = this.#names[i], value = values[i], replaces = i < this.#sets;
      if (value === null) {
        if (replaces) headers.remove(name);
      } else if (replaces) headers.set(name, value);
      else if (name === "cookie") appendCookie(headers, value);
      else headers.append(name, value);
    }
  }
}

/** A request has one Cookie field (RFC 6265 §5.4). */
function appendCookie(headers: HeaderList, value: string): void {
  const cookies = headers.get("cookie");
  headers.set("cookie", cookies === null || cookies === "" ? value : `${cookies}; ${value}`);
}

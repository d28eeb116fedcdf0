/** Sets of field names. @module */

import { fieldNumber, KNOWN_FIELDS } from "./known_fields.ts";

/** A frozen set of field names (lower case): those that are not forwarded, say. `with` makes a wider one, for a message whose `Connection` names more. */
export class FieldSet {
  /** By number: 1 for a known name in the set. A head that is looked at line by line asks here first. */
  readonly known: Uint8Array = new Uint8Array(KNOWN_FIELDS.length);
  /** The names that have no number, or `null` when there are none. */
  readonly others: ReadonlySet<string> | null;
  readonly #names: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
    const others = new Set<string>();
    for (const name of this.#names) {
      const number = fieldNumber(name);
      if (number === 0) others.add(name);
      else this.known[number] = 1;
    }
    this.others = others.size === 0 ? null : others;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** This set and `names`. */
  with(names: Iterable<string>): FieldSet {
    return new FieldSet([...this.#names, ...names]);
  }
}

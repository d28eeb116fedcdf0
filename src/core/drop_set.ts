/** Names of fields that are not forwarded. @module */

/** A frozen set of field names (lower case). `with` makes a wider one for a message whose `Connection` names more. */
export class DropSet {
  readonly #names: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** This set and `names`. */
  with(names: Iterable<string>): DropSet {
    return new DropSet([...this.#names, ...names]);
  }
}

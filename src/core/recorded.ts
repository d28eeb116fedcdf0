/** Values of a config that carry what they are made into: `{ kind, options }` to whoever prints them. @module */

/** What every definition says of itself. */
interface Named {
  /** The factory's name in TypeScript and in YAML. */
  readonly kind: string;
}

/** Makes values of one sort, and finds the definition behind them. */
export class Recorder<D extends Named> {
  readonly #definition = Symbol("gatewright.definition");

  /** A frozen `{ kind, options }`. It does not look at the options: the validator does, and reports every issue at once. */
  record(definition: D, options: unknown): { readonly kind: string; readonly options: unknown } {
    const value = { kind: definition.kind, options };
    Object.defineProperty(value, this.#definition, { value: definition, enumerable: false });
    return Object.freeze(value);
  }

  /** The definition behind a value, or `undefined` when no factory made it. */
  definitionOf(value: unknown): D | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    return (value as { [key: symbol]: D | undefined })[this.#definition];
  }
}

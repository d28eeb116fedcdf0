/** Settings without those that are there in name only. @module */

/** What of the settings has a value: `undefined`, which a config in TypeScript can write, says nothing. */
export function said<T extends object>(settings: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

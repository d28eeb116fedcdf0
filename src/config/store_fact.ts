/** What policies need that count in a store which they name: `store:limits`. @module */

const PREFIX = "store:";

/** The name of the store that a fact is about; `undefined` of other facts. */
export function storeOf(fact: string): string | undefined {
  return fact.startsWith(PREFIX) ? fact.slice(PREFIX.length) : undefined;
}

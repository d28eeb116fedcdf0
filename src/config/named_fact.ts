/** What policies need that use something of the config by its name: `store:limits`, `upstream:auth`. @module */

/** The name of the store that a fact is about; `undefined` of other facts. */
export function storeOf(fact: string): string | undefined {
  return nameIn(fact, "store:");
}

/** The name of the upstream that a fact is about; `undefined` of other facts. */
export function upstreamOf(fact: string): string | undefined {
  return nameIn(fact, "upstream:");
}

function nameIn(fact: string, prefix: string): string | undefined {
  return fact.startsWith(prefix) ? fact.slice(prefix.length) : undefined;
}

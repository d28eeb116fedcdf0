/** What other gateways call settings that this one has under another name. @module */

/** Ours by theirs: without the case, dashes and underscores of the latter. */
const OURS: ReadonlyMap<string, string> = new Map([
  ["retries", "retry"],
  ["retrypolicy", "retry"],
  ["numretries", "attempts"],
  ["retryon", "on"],
  ["pertry", "attempt"],
  ["pertrytimeout", "attempt"],
  ["healthcheck", "health"],
  ["healthchecks", "health"],
  ["outlierdetection", "outliers"],
  ["loadbalancing", "balance"],
  ["loadbalancer", "balance"],
  ["threshold", "failureThreshold"],
]);

/** The one of `known` that means what the word means elsewhere; `undefined` where there is none. */
export function knownElsewhere(word: string, known: readonly string[]): string | undefined {
  const ours = OURS.get(word.toLowerCase().replace(/[-_]/g, ""));
  return ours !== undefined && known.includes(ours) ? ours : undefined;
}

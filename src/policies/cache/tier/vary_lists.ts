/** Which request fields the answers for one URL were chosen by, as a store has it. @module */

import { MOST_LINES } from "../../../core/cache_tier.ts";
import { isToken } from "../../../http/token.ts";

/** The line of a list of fields. */
export function listLine(names: readonly string[]): string {
  return names.join();
}

/** The lists, the last one that was used first. What is none is as good as nothing. */
export function readLists(bytes: Uint8Array): readonly (readonly string[])[] {
  const lists = new TextDecoder().decode(bytes).split("\n", MOST_LINES).map((line) => line.split(","));
  return lists.filter((names) => names.every(isToken));
}

/** Finding what a request can wait for. @module */

import type { Exchange } from "../../core/exchange.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { Fill } from "./fill.ts";
import { idOf, type Looked } from "./looked.ts";
import { selectingText } from "./selection/vary.ts";

/** What there is to wait for. */
export interface SharedFill {
  /** Of those that can wait for the same. */
  readonly id: string;
  readonly fill: Fill | undefined;
}

/**
 * What this request can wait for, if anything.
 *
 * @param wait how long others are kept waiting for a head
 */
export function sharedFill(
  { fills, forms, clock }: CacheParts,
  { headers }: Exchange,
  { id, key, variant, personal }: Looked,
  wait: number,
): SharedFill {
  let fill = fills.get(id);
  const vary = fill?.kept?.stored.vary ?? [];
  const chosenBy = vary.length === 0 ? null : selectingText(vary, headers, forms);
  if (chosenBy !== null && chosenBy !== selectingText(vary, fill!.headers, forms)) {
    // It has turned out to be another variant: who wants this one waits for another.
    id = idOf(key, variant, chosenBy, { personal });
    fill = fills.get(id);
  }
  // Nobody waits for one that has kept others waiting for too long.
  const isSlow = fill !== undefined && fill.kept === null && clock.now() - fill.startedAt >= wait;
  return { id, fill: isSlow || isBroken(fill) ? undefined : fill };
}

function isBroken(fill: Fill | undefined): boolean {
  const growing = fill?.kept?.growing ?? null;
  return growing !== null && !growing.joinable && !growing.tooLong;
}

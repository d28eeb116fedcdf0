/** Putting an answer where it is found again, and taking it out. @module */

import type { HeaderList } from "../../core/header_list.ts";
import { thrownMessage } from "../../core/thrown.ts";
import type { CacheParts } from "./cache_parts.ts";
import type { ShelfEntry } from "./memory/shelf_entry.ts";
import type { StoredResponse } from "./stored_response.ts";

/** Where an answer belongs. */
export interface Place {
  readonly key: string;
  readonly variant: string;
  /** The request's fields, some of which it was chosen by. */
  readonly headers: HeaderList;
}

/** Keeps an answer in memory, and in the second tier. Nobody waits for that. */
export function keepInTiers(parts: CacheParts, place: Place, stored: StoredResponse): void {
  parts.shelf.put(place.key, place.variant, place.headers, stored);
  keepBehind(parts, place, stored);
}

/** Keeps an answer in the second tier: whole ones only. */
export function keepBehind({ tier, log }: CacheParts, { key, variant, headers }: Place, stored: StoredResponse): void {
  if (tier === null || stored.part !== null) return;
  tier.keep(key, variant, headers, stored).catch((error) => {
    log.error("an answer could not be kept in the store", { cause: thrownMessage(error) });
  });
}

/** An answer that is there, and what it was when the upstream was asked about it. */
export interface Known {
  readonly entry: ShelfEntry;
  readonly stored: StoredResponse;
}

/**
 * What was kept is of no use any more, unless it has become another meanwhile. The second tier can only be told of its URL.
 */
export function discard({ shelf, tier, invalidate }: CacheParts, { entry, stored }: Known): void {
  if (entry.response !== stored) return;
  shelf.discard(entry);
  if (tier !== null) invalidate(entry.key);
}

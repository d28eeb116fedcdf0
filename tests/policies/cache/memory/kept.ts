/** Answers and requests for the tests of a shelf. @module */

import { HeaderList } from "../../../../src/core/header_list.ts";
import { MemoryShelf, type ShelfLimits } from "../../../../src/policies/cache/memory/memory_shelf.ts";
import type { StoredResponse } from "../../../../src/policies/cache/stored_response.ts";
import { stored } from "../stored.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

/** An answer that is fresh for a minute and says `text`. */
export function kept(text: string, more: Partial<StoredResponse> = {}): StoredResponse {
  const body = new TextEncoder().encode(text);
  return stored({ fields: ["content-type", "text/plain"], body, freshness: { staleWhileRevalidate: 5_000 }, ...more });
}

export const NO_FIELDS = HeaderList.of();
export const ROOMY: ShelfLimits = { maxBytes: 1e9, maxEntries: 1e6 };

/** A request with these fields. */
export function asking(fields: Readonly<Record<string, string>>): HeaderList {
  return HeaderList.of(...Object.entries(fields).flat());
}

export function makeShelf(limits: Partial<ShelfLimits> = {}, clock = new FakeClock()): MemoryShelf {
  return new MemoryShelf({ ...ROOMY, ...limits }, clock);
}

/** What the shelf has for such a request, as text; `null` for nothing. */
export function found(shelf: MemoryShelf, key: string, headers = NO_FIELDS, variant = ""): string | null {
  const entry = shelf.find(key, variant, headers);
  return entry === undefined ? null : new TextDecoder().decode(entry.response.body);
}

/** Answers to keep. @module */

import type { Freshness, StoredResponse } from "../../../src/policies/cache/stored_response.ts";

/** What can be different about one. */
export type StoredChanges = Partial<Omit<StoredResponse, "freshness">> & { readonly freshness?: Partial<Freshness> };

/** An answer that came at the clock's 0 and is good for a minute. */
export function stored({ freshness, ...changes }: StoredChanges = {}): StoredResponse {
  return {
    status: 200,
    fields: ["date", "Thu, 01 Jan 2026 00:00:00 GMT", "content-type", "text/plain"],
    body: new TextEncoder().encode("hello"),
    part: null,
    receivedAt: 0,
    took: 5,
    freshness: {
      initialAge: 0,
      lifetime: 60_000,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      mustRevalidate: false,
      noCache: false,
      immutable: false,
      ...freshness,
    },
    vary: [],
    tags: [],
    ...changes,
  };
}

/**
 * What a cache's memory costs: `deno bench bench/cache_eviction_bench.ts`. Each run is a thousand of them, so microseconds
 * read as nanoseconds. "found" includes nothing but the look-up: no key is made, no answer given. "put" is a new answer of
 * eleven fields and 207 bytes where the shelf is full, and so another goes.
 *
 * @module
 */

import { systemClock } from "../src/core/clock.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { Evictable } from "../src/policies/cache/memory/eviction.ts";
import { MemoryShelf } from "../src/policies/cache/memory/memory_shelf.ts";
import type { StoredResponse } from "../src/policies/cache/stored_response.ts";
import { CONTENDERS } from "./cache_eviction/contenders.ts";

const RUN = 1_000, ENTRIES = 10_000;

/** Keeps the compiler from leaving the work out. */
export let sink = 0;

function response(vary: readonly string[] = [], tags: readonly string[] = []): StoredResponse {
  const names = ["date", "server", "etag", "last-modified", "cache-control", "expires", "via", "content-type", "x-a"];
  return {
    status: 200,
    fields: names.flatMap((name) => [name, `the value of the field ${name}`]),
    body: new Uint8Array(207),
    part: null,
    receivedAt: 0,
    took: 1,
    freshness: {
      initialAge: 0,
      lifetime: 60_000,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      mustRevalidate: false,
      noCache: false,
      immutable: false,
    },
    vary,
    tags,
  };
}

const headers = HeaderList.of("host", "a", "accept", "*/*", "accept-encoding", "gzip, deflate, br");
const urls = Array.from({ length: 20 * ENTRIES }, (_, n) => `https://example.com/things/of/a/kind/${n}?page=1`);

function shelf(vary: readonly string[] = []): MemoryShelf {
  const shelf = new MemoryShelf({ maxBytes: 1e9, maxEntries: ENTRIES }, systemClock);
  for (let n = 0; n < ENTRIES; n++) shelf.put(urls[n], "", headers, response(vary));
  return shelf;
}

function find(name: string, shelf: MemoryShelf, stride: number, variant = ""): void {
  let at = 0;
  Deno.bench(name, { group: "shelf" }, () => {
    for (let i = 0; i < RUN; i++) {
      at += stride;
      if (at >= ENTRIES) at -= ENTRIES;
      if (shelf.find(urls[at], variant, headers) !== undefined) sink++;
    }
  });
}

const plain = shelf(), varied = shelf(["accept-encoding"]), several = shelf();
for (let n = 0; n < ENTRIES; n++) several.put(urls[n], "", headers, response(["accept-encoding"]));
find("found, one URL", plain, 0);
find("found, 10,000 URLs", plain, 7);
find("found, Vary: accept-encoding", varied, 7);
find("found, two lists in Vary", several, 7);
find("not found, another variant", plain, 7, "en");

for (const tags of [[], ["all", "things"]]) {
  const full = shelf();
  let next = ENTRIES;
  Deno.bench(`put and evicted${tags.length === 0 ? "" : ", two tags"}`, { group: "shelf" }, () => {
    for (let i = 0; i < RUN; i++) {
      if (++next === urls.length) next = 0;
      full.put(urls[next], "", headers, response([], tags));
    }
  });
}

for (const { name, create } of CONTENDERS) {
  const eviction = create(ENTRIES, ENTRIES), entries: Evictable[] = [];
  for (let n = 0; n < ENTRIES; n++) {
    const entry = new Evictable(Math.imul(n, 0x9e3779b1));
    entry.bytes = 1;
    eviction.added(entry);
    entries.push(entry);
  }
  let at = 0;
  Deno.bench(`used: ${name}`, { group: "eviction, a use" }, () => {
    for (let i = 0; i < RUN; i++) {
      at += 7;
      if (at >= ENTRIES) at -= ENTRIES;
      eviction.touched(entries[at]);
    }
  });
}

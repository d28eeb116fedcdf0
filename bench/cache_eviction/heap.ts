/** How near what a shelf counts is to what it takes. @module */

import { systemClock } from "../../src/core/clock.ts";
import { FieldSet } from "../../src/core/field_set.ts";
import { HeaderList } from "../../src/core/header_list.ts";
import { CacheStatus } from "../../src/policies/cache/cache_status.ts";
import { MemoryShelf } from "../../src/policies/cache/memory/memory_shelf.ts";
import { ReadyAnswer } from "../../src/policies/cache/ready_answer.ts";
import type { StoredResponse } from "../../src/policies/cache/stored_response.ts";

/** What the answers on a shelf are like. */
interface Kind {
  readonly fields: number;
  readonly body: number;
  readonly tags?: number;
  /** Answers for one URL, told apart by `Vary`; 0: there is no `Vary`. */
  readonly variants?: number;
  /** Answers for one URL, told apart by the cache itself. */
  readonly own?: number;
}

const ENTRIES = 20_000;
const KINDS: readonly Kind[] = [
  { fields: 0, body: 0 },
  { fields: 5, body: 31 },
  { fields: 11, body: 207 },
  { fields: 20, body: 207 },
  { fields: 11, body: 4_000 },
  { fields: 11, body: 50_000 },
  { fields: 11, body: 207, tags: 1 },
  { fields: 11, body: 207, tags: 5 },
  { fields: 11, body: 207, variants: 1 },
  { fields: 11, body: 207, variants: 2 },
  { fields: 11, body: 207, variants: 4 },
  { fields: 11, body: 207, own: 1 },
  { fields: 11, body: 207, own: 4 },
];
const NAMES = ["content-type", "date", "server", "etag", "last-modified", "cache-control", "vary", "x-request-cost"];

/** Values are parts of the text of a head, as they are when they come. */
function response(n: number, { fields, body, tags = 0, variants = 0 }: Kind): StoredResponse {
  const values = Array.from({ length: fields }, (_, i) => `value ${i} of the answer with number ${n}`.slice(0, 32));
  const head = new TextDecoder().decode(new TextEncoder().encode(values.join("\r\n")));
  return {
    status: 200,
    fields: head === "" ? [] : head.split("\r\n").flatMap((value, i) => [NAMES[i] ?? `x-field-${i}`, value]),
    body: new Uint8Array(body),
    part: null,
    receivedAt: 0,
    took: 0,
    freshness: {
      initialAge: 0,
      lifetime: 60_000,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      mustRevalidate: false,
      noCache: false,
      immutable: false,
    },
    vary: variants === 0 ? [] : ["accept-language"],
    tags: Array.from({ length: tags }, (_, tag) => `tag-${tag}-of-number-${n}`),
  };
}

/** Heap and what hangs on it. It wants `--v8-flags=--expose-gc`. */
function taken(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) throw new Error("run with --v8-flags=--expose-gc");
  gc();
  gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** One shelf of such answers: bytes an entry as measured and as counted; with `used`, each has been served. */
export function measured(kind: Kind, used: boolean): { real: number; counted: number } {
  const before = taken(), shelf = new MemoryShelf({ maxBytes: 1e12, maxEntries: 1e9 }, systemClock);
  const status = new CacheStatus("gatewright"), dropped = new FieldSet([]);
  for (let n = 0; n < ENTRIES; n++) {
    const headers = HeaderList.of("accept-language", `l${n % (kind.variants || 1)}`);
    const { variants = 0, own = 0 } = kind, nth = Math.floor(n / (variants || own || 1));
    const url = `https://example.com/some/path/of/things/${nth}?with=query`;
    const entry = shelf.put(url, own === 0 ? "" : `14:/things/{name}user-${n % own}`, headers, response(n, kind))!;
    if (!used) continue;
    const ready = new ReadyAnswer(entry.response, { status, early: 0, since: 0, maker: shelf });
    entry.ready = ready;
    new TextEncoder().encode(ready.hit(1).headers.text(dropped));
  }
  const real = (taken() - before) / ENTRIES, counted = shelf.bytes / shelf.entries;
  shelf.close();
  return { real, counted };
}

/** Prints the table. */
export function printHeap(): void {
  measured(KINDS[2], true);
  const rows = KINDS.map((kind) => {
    const put = measured(kind, false), served = measured(kind, true);
    return {
      ...kind,
      "put B": Math.round(put.real),
      "served B": Math.round(served.real),
      "counted B": Math.round(put.counted),
      "counted/served": (put.counted / served.real).toFixed(2),
    };
  });
  console.table(rows);
}

/** A kept answer, ready to be given again and again. @module */

import { HeaderList } from "../../core/header_list.ts";
import { Reply } from "../../core/reply.ts";
import type { CacheStatus } from "./cache_status.ts";
import { ReadyHead } from "./ready_head.ts";
import { ageAt, freshUntil, type StoredResponse } from "./stored_response.ts";

/** What is prepared of one kept answer. */
export class ReadyAnswer {
  /**
   * From then on it is given without another look: a request may have begun long before it reaches the cache, and what was
   * made stale in the meantime was not stale by its time.
   */
  readonly since: number;
  /** Up to then, so too: it is fresh, need not be shown to be good, and is not to be refreshed early. */
  readonly until: number;
  /** Whose it is: after a reload the cache is the same, and may say something else of itself. */
  readonly maker: object;
  readonly #stored: StoredResponse;
  readonly #status: CacheStatus | null;
  /** The head of the second that begins at `#from`. */
  #head: ReadyHead | null = null;
  #from = 0;

  /** @param early milliseconds before its time at which it is refreshed */
  constructor(
    stored: StoredResponse,
    { status, early, since, maker }: {
      readonly status: CacheStatus | null;
      readonly early: number;
      readonly since: number;
      readonly maker: object;
    },
  ) {
    this.#stored = stored;
    this.#status = status;
    this.since = since;
    this.maker = maker;
    this.until = stored.freshness.noCache || stored.part !== null ? -Infinity : freshUntil(stored) - early;
  }

  /** The answer at `now`. */
  hit(now: number): Reply {
    const stored = this.#stored;
    let head = this.#head;
    if (head === null || now - this.#from >= 1_000 || now < this.#from) {
      const age = ageAt(stored, now), seconds = Math.floor(age / 1_000);
      this.#from = now - (age - seconds * 1_000);
      const status = this.#status?.hit(ttlOf(stored, seconds)) ?? null;
      head = this.#head = new ReadyHead(fieldsAtAge(stored.fields, seconds, status));
    }
    return new Reply(stored.status, new HeaderList(head), stored.body);
  }
}

/** Seconds of freshness that are left at this age: less than 0 when it is past its time. */
export function ttlOf({ freshness }: StoredResponse, seconds: number): number {
  return Math.floor(freshness.lifetime / 1_000) - seconds;
}

/**
 * The fields with an age, and with what the cache says, behind what others have said.
 *
 * @param seconds `null`: no age, as the upstream has just made it (RFC 9111 §5.1)
 */
export function fieldsAtAge(fields: readonly string[], seconds: number | null, status: string | null): string[] {
  const all = fields.slice();
  if (seconds !== null) all.push("age", String(seconds));
  if (status !== null) all.push("cache-status", status);
  return all;
}

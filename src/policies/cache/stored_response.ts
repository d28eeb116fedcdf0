/** An answer that is kept. @module */

/**
 * How long an answer is good for, reckoned when it came (RFC 9111 §4.2). Durations in milliseconds; whole seconds of the
 * wire are multiplied.
 */
export interface Freshness {
  /** Age that it came with: `Age`, `Date` and the time that it took (RFC 9111 §4.2.3). */
  readonly initialAge: number;
  /** Age up to which it is fresh; 0: it was never. */
  readonly lifetime: number;
  /** How long past its lifetime it may be used while a newer one is fetched (RFC 5861 §3). */
  readonly staleWhileRevalidate: number;
  /** How long past its lifetime it may stand in for a failure (RFC 5861 §4). */
  readonly staleIfError: number;
  /** Whether it must not be used past its lifetime, come what may: `must-revalidate`, `proxy-revalidate`, `s-maxage`. */
  readonly mustRevalidate: boolean;
  /** Whether it must be shown to be good each time: `no-cache`. */
  readonly noCache: boolean;
  /** Whether a reload of the client does not make it doubtful (RFC 8246). */
  readonly immutable: boolean;
}

/** An answer as a cache keeps it. It is never changed: a 304 makes another of it. */
export interface StoredResponse {
  readonly status: number;
  /**
   * `[name, value, …]`, names in lower case, duplicates and order kept; without fields of the connection, `age`, and those
   * that `no-cache` or `private` name. There is a `date`.
   */
  readonly fields: readonly string[];
  /** The whole content; of a `part`, that part. Nobody changes it. */
  readonly body: Uint8Array;
  /** With status 206: what of the whole the body is, from the first byte on. */
  readonly part: { readonly first: number; readonly length: number } | null;
  /** `Clock.now()` when the answer's head was there, or a 304's that has shown it to be good. */
  readonly receivedAt: number;
  /** Milliseconds that the upstream took for it, up to its head. */
  readonly took: number;
  readonly freshness: Freshness;
  /** Request fields that it was chosen by, in lower case, sorted, each once (RFC 9111 §4.1); empty for none. */
  readonly vary: readonly string[];
  /** What it can be purged by, beside its URL. */
  readonly tags: readonly string[];
}

/** The greatest age that is told (RFC 9111 §1.2.2), in milliseconds. */
const MOST_AGE = 2 ** 31 * 1_000;

/** Its age at `now` (RFC 9111 §4.2.3), in milliseconds. */
export function ageAt({ receivedAt, freshness }: StoredResponse, now: number): number {
  return Math.min(MOST_AGE, freshness.initialAge + Math.max(0, now - receivedAt));
}

/** The time at which it becomes stale, by the clock of `receivedAt`; at that time it is. */
export function freshUntil({ receivedAt, freshness }: StoredResponse): number {
  return receivedAt + freshness.lifetime - freshness.initialAge;
}

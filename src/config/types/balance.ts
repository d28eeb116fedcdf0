/** How an endpoint is picked, as it is written. @module */

import type { Fact, Key } from "../../core/key.ts";
import type { Secret } from "../../core/secret.ts";
import type { Duration } from "../../core/units.ts";

/** The balancers that are built in. */
export type Balance =
  | "round-robin"
  | "weighted-round-robin"
  | "random"
  | "least-requests"
  | "p2c"
  | "peak-ewma"
  | "hash"
  | "weighted-latency";

/** A key that every request has in the same way, whatever route it takes. */
export type HashKey = Exclude<Key, Fact | "global" | `form:${string}`>;

/** A cookie that leads a client back to its endpoint for as long as that one can be used. */
export interface Sticky {
  /**
   * Name of the cookie; each upstream needs one of its own. Its attributes are `Path=/; HttpOnly; SameSite=Lax`, and
   * `Secure` for clients over https.
   */
  readonly cookie: string;
  /** What the cookie is signed with: at least 16 characters. With another secret, every client is placed anew. */
  readonly secret: Secret;
  /**
   * How long the cookie lives, from `"1s"`.
   *
   * @default until the browser closes
   */
  readonly ttl?: Duration;
}

/** Most requests under way. Those beyond wait for a place; those that find the queue full, or wait too long, are a 503. */
export interface InFlight {
  /**
   * Of the whole upstream.
   *
   * @default no limit
   */
  readonly total?: number;
  /**
   * Of each endpoint that has no `maxInFlight` itself.
   *
   * @default no limit
   */
  readonly perEndpoint?: number;
  /**
   * Most requests that wait for a place; 0: none does.
   *
   * @default 100
   */
  readonly queue?: number;
  /**
   * How long one may wait.
   *
   * @default "1s"
   */
  readonly queueTimeout?: Duration;
}

/** The way to Redis: one connection at a time, made anew whenever it is lost. @module */

import type { Cancel } from "../../core/clock.ts";
import type { StoreEnv } from "../../core/store.ts";
import { Connection } from "./connection.ts";
import type { RedisClient } from "./redis_client.ts";

/** Milliseconds before a lost connection is made anew: at first, and at most. */
const SHORTEST = 50, LONGEST = 1000;

/** What a link is made of. */
export interface LinkParts {
  make(): Promise<RedisClient>;
  check(client: RedisClient): Promise<unknown>;
  readonly env: Pick<StoreEnv, "clock" | "random">;
  /** Told after each change: whether there is a connection, and if not, why. */
  onChange(): void;
}

/** Waits twice as long after each attempt that failed, or did not last; chance takes up to half of it. */
export class Link {
  readonly #parts: LinkParts;
  #connection: Connection;
  #client: RedisClient | null = null;
  #reason = "not connected yet";
  #since = 0;
  #attempts = 0;
  #retry: Cancel = () => {};
  #closed = false;
  readonly #first = Promise.withResolvers<void>();
  #opening: Promise<void> | null = this.#first.promise;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#connection = this.#connect();
  }

  /** The connection there is. */
  get client(): RedisClient | null {
    return this.#client;
  }

  /** The very first attempt, until it came to something or took too long: who asks meanwhile may wait for it. */
  get opening(): Promise<void> | null {
    return this.#opening;
  }

  /** Why there is no connection. */
  get reason(): string {
    return this.#reason;
  }

  /** The first attempt takes longer than anyone would wait. It goes on. */
  stopWaiting(): void {
    this.#opening = null;
  }

  /** Gives this connection up, if it is the one there is, for another. */
  renew(client: RedisClient, reason: string): void {
    if (client === this.#client) this.#connection.end(reason);
  }

  close(): void {
    this.#closed = true;
    this.#retry();
    this.#connection.end("the store is closed");
  }

  #connect(): Connection {
    const { make, check, env: { clock } } = this.#parts;
    return new Connection({
      make,
      check,
      clock,
      onUp: (client) => this.#up(client),
      onEnd: (reason) => this.#ended(reason),
    });
  }

  #up(client: RedisClient): void {
    this.#client = client;
    this.#since = this.#parts.env.clock.now();
    this.#opened();
    this.#parts.onChange();
  }

  #ended(reason: string): void {
    const { env: { clock, random } } = this.#parts;
    if (this.#client !== null && clock.now() - this.#since > LONGEST) this.#attempts = 0;
    this.#client = null;
    this.#reason = reason;
    this.#opened();
    if (this.#closed) return;
    const wait = Math.min(LONGEST, SHORTEST * 2 ** this.#attempts++) * (1 - random() / 2);
    this.#retry = clock.after(wait, () => this.#connection = this.#connect());
    this.#parts.onChange();
  }

  #opened(): void {
    this.#opening = null;
    this.#first.resolve();
  }
}

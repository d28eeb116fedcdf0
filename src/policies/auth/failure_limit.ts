/** So many credentials that are not good, and no more, from each client. @module */

import type { Exchange } from "../../core/exchange.ts";
import { type KeyReader, parseKey } from "../../core/key.ts";

/** How many. */
export interface FailureRate {
  /** Failures at once. */
  readonly limit: number;
  /** Milliseconds in which as many come back. */
  readonly per: number;
}

/** Clients that are remembered. Beyond it, the ones that failed the longest time ago are let off. */
const MOST_CLIENTS = 20_000;

/**
 * Counts failed checks by client, an IPv6 one by its /64. Who has too many behind it gets no check at all until time has
 * forgiven some: it costs nothing to send a credential, and up to a second to check one.
 */
export class FailureLimit {
  /** Milliseconds that forgive one failure. */
  readonly #interval: number;
  /** Milliseconds of failures that a client may have behind it and still try. */
  readonly #slack: number;
  readonly #keyOf: KeyReader = parseKey("ip/32/64")!;
  /** When time will have forgiven all failures of a client (GCRA). */
  #young = new Map<string, number>();
  #old = new Map<string, number>();

  constructor({ limit, per }: FailureRate) {
    this.#interval = per / limit;
    this.#slack = per - this.#interval;
  }

  /** Seconds until the client may try again; 0: now. @param now the clock's milliseconds */
  wait(exchange: Exchange, now: number): number {
    if (this.#young.size === 0 && this.#old.size === 0) return 0;
    const over = this.#forgiven(this.#client(exchange), now) - now - this.#slack;
    return over <= 0 ? 0 : Math.ceil(over / 1_000);
  }

  /** One more. */
  failed(exchange: Exchange, now: number): void {
    const client = this.#client(exchange);
    this.#young.set(client, this.#forgiven(client, now) + this.#interval);
    if (this.#young.size < MOST_CLIENTS / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  #forgiven(client: string, now: number): number {
    return Math.max(now, this.#young.get(client) ?? this.#old.get(client) ?? 0);
  }

  #client(exchange: Exchange): string {
    return this.#keyOf(exchange) ?? exchange.client.ip;
  }
}

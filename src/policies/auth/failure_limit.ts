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

interface Count {
  readonly failures: number;
  /** When `failures` was right. */
  readonly at: number;
}

/**
 * Counts failed checks by client, an IPv6 one by its /64. Who has too many behind it gets no check at all until time has
 * forgiven some: it costs nothing to send a credential, and up to a second to check one.
 */
export class FailureLimit {
  readonly #rate: FailureRate;
  readonly #keyOf: KeyReader = parseKey("ip/32/64")!;
  #young = new Map<string, Count>();
  #old = new Map<string, Count>();

  constructor(rate: FailureRate) {
    this.#rate = rate;
  }

  /** Seconds until the client may try again; 0: now. @param now the clock's milliseconds */
  wait(exchange: Exchange, now: number): number {
    if (this.#young.size === 0 && this.#old.size === 0) return 0;
    const count = this.#find(this.#client(exchange));
    if (count === undefined) return 0;
    const over = this.#left(count, now) + 1 - this.#rate.limit;
    return over <= 0 ? 0 : Math.ceil(over * this.#rate.per / this.#rate.limit / 1_000);
  }

  /** One more. */
  failed(exchange: Exchange, now: number): void {
    const client = this.#client(exchange), known = this.#find(client);
    const failures = known === undefined ? 1 : this.#left(known, now) + 1;
    this.#young.set(client, { failures, at: now });
    if (this.#young.size < MOST_CLIENTS / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  #find(client: string): Count | undefined {
    return this.#young.get(client) ?? this.#old.get(client);
  }

  /** Failures that time has not forgiven yet: a leaky bucket. */
  #left({ failures, at }: Count, now: number): number {
    return Math.max(0, failures - (now - at) * this.#rate.limit / this.#rate.per);
  }

  #client(exchange: Exchange): string {
    return this.#keyOf(exchange) ?? exchange.client.ip;
  }
}

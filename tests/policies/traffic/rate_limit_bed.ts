/** Rate limits without a gateway around them. @module */

import { strict as assert } from "node:assert";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import type { Key } from "../../../src/core/key.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { type Limiter, type Store, StoreError } from "../../../src/core/store.ts";
import type { KeyFunction } from "../../../src/policies/keys/key_spec.ts";
import { rateLimitDefinition, type RateLimitOptions } from "../../../src/policies/traffic/rate_limit.ts";
import { rateLimitSchema } from "../../../src/policies/traffic/rate_limit_schema.ts";
import { type ExchangeOptions, makeEnv, makeExchange, type TestEnv } from "../../support/exchange.ts";

/** Any options, whatever they name. */
export type AnyLimits = RateLimitOptions<Key | KeyFunction, Key, string, Key>;

/** What became of one request. */
export interface Asked {
  readonly exchange: Exchange;
  readonly reply: Reply;
}

/** A policy before a target that answers 200 and counts. */
export class LimitBed {
  readonly env: TestEnv;
  readonly handler: Handler;
  /** Requests that reached the target. */
  reached = 0;
  /** Fields of the target's answers. */
  fields: string[] = [];
  /** What the target waits for before it answers; `null`: it answers at once. */
  held: Promise<void> | null = null;

  constructor(options: AnyLimits, env: TestEnv = makeEnv()) {
    this.env = env;
    const answer = () => new Reply(200, HeaderList.of(...this.fields), null);
    const target: Handler = () => {
      this.reached++;
      return this.held === null ? answer() : this.held.then(answer);
    };
    this.handler = rateLimitDefinition.build(rateLimitSchema.parse(options), env, "route/rateLimit")(target);
  }

  /** A request that is answered at once. */
  ask(options: ExchangeOptions | Exchange = {}): Asked {
    const exchange = "onAbort" in options ? options : makeExchange(options), reply = this.handler(exchange);
    assert.ok(reply instanceof Reply, "nothing waits");
    return { exchange, reply };
  }

  /** The statuses of this many requests. */
  statuses(count: number, options: ExchangeOptions = {}): number[] {
    return Array.from({ length: count }, () => this.ask(options).reply.status);
  }

  async askLater(options: ExchangeOptions = {}): Promise<Asked> {
    const exchange = makeExchange(options);
    return { exchange, reply: await this.handler(exchange) };
  }
}

/** The store that nobody can reach, until it is back. */
export class AwayStore implements Store {
  readonly remote = true;
  away = true;
  /** What it says while it is away. */
  failure: Error = new StoreError("connection refused");
  /** How often it was asked to charge. */
  charges = 0;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  limiter(init: Parameters<Store["limiter"]>[0]): Limiter {
    const limiter = this.#store.limiter(init);
    const answer = <T>(ask: () => T): Promise<Awaited<T>> =>
      this.away ? Promise.reject(this.failure) : Promise.resolve(ask());
    return {
      take: (...args) => answer(() => limiter.take(...args)),
      charge: (...args) => {
        this.charges++;
        return answer(() => limiter.charge(...args));
      },
    };
  }

  close(): void {}
}

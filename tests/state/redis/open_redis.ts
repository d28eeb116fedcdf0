/** Stores in a Redis under test. @module */

import type { CacheTier } from "../../../src/core/cache_tier.ts";
import { type Clock, systemClock } from "../../../src/core/clock.ts";
import { Events } from "../../../src/core/events.ts";
import { logTo } from "../../../src/core/log.ts";
import type { Algorithm } from "../../../src/core/limit.ts";
import type { Limiter, Store, StoreEnv } from "../../../src/core/store.ts";
import { redisSchema } from "../../../src/state/redis/redis_schema.ts";
import { RedisStore } from "../../../src/state/redis/redis_store.ts";
import type { RedisServer } from "../../support/redis_server.ts";
import { turn } from "../../support/turn.ts";

/** What can be different about a store. */
export interface OpenOptions {
  /** Options of `redis()` beside, or in place of, the URL. */
  readonly settings?: object;
  /** For time-outs and leases. @default the system's */
  readonly clock?: Clock;
  /** In place of the server's. @default none */
  readonly time?: Clock;
  /** Values of secrets by the names of their environment variables. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A store whose time is the clock's, and which knows nothing of others in the server: for what every store must do. */
export function openRedisForTests(server: RedisServer, clock: Clock): Store {
  return new TestStore(server.url, { time: clock, settings: { timeout: "10s", prefix: `${crypto.randomUUID()}:` } });
}

/** A store in the server, and what it told the log. */
export class TestStore implements Store, AsyncDisposable {
  readonly log: string[] = [];
  readonly #store: RedisStore;

  constructor(url: string | null, { settings = {}, clock = systemClock, time, secrets = {} }: OpenOptions = {}) {
    const plan = redisSchema.parse(url === null ? settings : { url, ...settings });
    const env: StoreEnv = {
      clock,
      random: () => 0.5,
      log: logTo((level, message, fields) =>
        this.log.push(`${level}: ${message}${fields?.reason === undefined ? "" : `: ${fields.reason}`}`)
      ),
      events: new Events(),
      secrets: ({ env = "" }) => env in secrets ? { value: secrets[env] } : { error: "it is not set" },
      regions: { region: (_name, bytes) => new SharedArrayBuffer(bytes) },
    };
    this.#store = new RedisStore(plan, env, "test", time ?? null);
  }

  get remote(): boolean {
    return this.#store.remote;
  }

  limiter(
    init: { readonly id: string; readonly algorithms: readonly Algorithm[]; readonly maxKeys?: number },
  ): Limiter {
    return this.#store.limiter({ maxKeys: 1000, ...init });
  }

  cacheTier(init: { readonly id: string }): CacheTier {
    return this.#store.cacheTier(init);
  }

  close(): void {
    this.#store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await turn();
  }
}

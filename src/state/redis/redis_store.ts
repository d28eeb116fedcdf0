/** An open `redis()`. @module */

import type { CacheTier, CacheTierInit } from "../../core/cache_tier.ts";
import type { Clock } from "../../core/clock.ts";
import { gridTime } from "../../core/limit.ts";
import type { Limiter, LimiterInit, Store, StoreEnv } from "../../core/store.ts";
import { ClusterLimiter } from "./cluster_limiter.ts";
import { canLease, LeaseLimiter } from "./lease_limiter.ts";
import { LimitCalls } from "./limit_calls.ts";
import { LimitKeys } from "./limit_keys.ts";
import { PurgeNews } from "./purge_news.ts";
import { type RedisCacheParts, RedisCacheTier } from "./redis_cache_tier.ts";
import { RedisCalls } from "./redis_calls.ts";
import { RedisLimiter } from "./redis_limiter.ts";
import type { RedisPlan } from "./redis_plan.ts";

/**
 * One connection, or one to each node of a cluster, for all the limiters; where answers are kept, one more for them, so
 * that no decision waits behind a long answer, and one that hears of purges.
 */
export class RedisStore implements Store {
  readonly remote = true;
  readonly #plan: RedisPlan;
  readonly #clock: Clock;
  readonly #env: StoreEnv;
  readonly #name: string;
  readonly #calls: RedisCalls;
  readonly #time: (() => number) | null;
  /** For answers, once somebody keeps some. */
  #answers: RedisCacheParts | null = null;

  /** @param time a clock in place of the server's, which a test can turn */
  constructor(plan: RedisPlan, env: StoreEnv, name: string, time: Clock | null = null) {
    this.#plan = plan;
    this.#clock = env.clock;
    this.#env = env;
    this.#name = name;
    this.#calls = new RedisCalls(plan, env, name);
    this.#time = time === null ? null : () => gridTime(time.now());
  }

  limiter(init: LimiterInit): Limiter {
    const { prefix, server, lease } = this.#plan;
    const calls = new LimitCalls(this.#calls, init.algorithms, this.#time), keys = new LimitKeys(prefix, init);
    const exact = server.kind === "cluster" ? new ClusterLimiter(calls, keys) : new RedisLimiter(calls, keys);
    if (lease === null || !init.algorithms.every(canLease)) return exact;
    return new LeaseLimiter({ exact, calls, keys, clock: this.#clock, plan: lease });
  }

  cacheTier(init: CacheTierInit): CacheTier {
    return new RedisCacheTier(this.#answers ??= this.#openAnswers(), init);
  }

  close(): void {
    this.#calls.close();
    this.#answers?.calls.close();
    this.#answers?.news.close();
  }

  #openAnswers(): RedisCacheParts {
    const { prefix, server } = this.#plan, env = this.#env, name = `${this.#name} (answers)`;
    const channel = `${prefix}purges`, self = crypto.randomUUID();
    const news = new PurgeNews(this.#plan, env, name, channel, self);
    return {
      // What is read before purges are heard could have been purged meanwhile.
      calls: new RedisCalls(this.#plan, env, name, news.opening),
      news,
      prefix,
      inCluster: server.kind === "cluster",
      channel,
      self,
    };
  }
}

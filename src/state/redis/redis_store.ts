/** An open `redis()`. @module */

import type { Clock } from "../../core/clock.ts";
import { gridTime } from "../../core/limit.ts";
import type { Limiter, LimiterInit, Store, StoreEnv } from "../../core/store.ts";
import { ClusterLimiter } from "./cluster_limiter.ts";
import { canLease, LeaseLimiter } from "./lease_limiter.ts";
import { LimitCalls } from "./limit_calls.ts";
import { LimitKeys } from "./limit_keys.ts";
import { RedisCalls } from "./redis_calls.ts";
import { RedisLimiter } from "./redis_limiter.ts";
import type { RedisPlan } from "./redis_plan.ts";

/** One connection, or one to each node of a cluster, for all the limiters. */
export class RedisStore implements Store {
  readonly remote = true;
  readonly #plan: RedisPlan;
  readonly #clock: Clock;
  readonly #calls: RedisCalls;
  readonly #time: (() => number) | null;

  /** @param time a clock in place of the server's, which a test can turn */
  constructor(plan: RedisPlan, env: StoreEnv, name: string, time: Clock | null = null) {
    this.#plan = plan;
    this.#clock = env.clock;
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

  close(): void {
    this.#calls.close();
  }
}

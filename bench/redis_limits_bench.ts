/**
 * What a decision of a rate limit costs in a Redis of this machine, beside one in memory: `deno bench -A
 * bench/redis_limits_bench.ts`. "64 under way" are 64 decisions, asked for together. Without a redis-server only memory is
 * measured.
 *
 * @module
 */

import { systemClock } from "../src/core/clock.ts";
import { Events } from "../src/core/events.ts";
import { ruleOf } from "../src/core/limit.ts";
import { silentLog } from "../src/core/log.ts";
import { systemRandom } from "../src/core/random.ts";
import type { Limiter, StoreDefinition, StoreEnv } from "../src/core/store.ts";
import { tokenBucket } from "../src/policies/traffic/algorithms/token_bucket.ts";
import { memoryDefinition } from "../src/state/memory.ts";
import { redisDefinition } from "../src/state/redis.ts";
import { RedisServer } from "../tests/support/redis_server.ts";
import { requires } from "../tests/support/requires.ts";

const TOGETHER = 64, KEYS = 50;
const keys = Array.from({ length: KEYS }, (_, n) => [`10.0.${n >> 8}.${n & 255}`]);
/** Wide enough that all is admitted. */
const rules = [ruleOf({ limit: 1e9, per: 1e9 })];

const env: StoreEnv = {
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  events: new Events(),
  secrets: () => ({ error: "none" }),
  regions: { region: (_, bytes) => new SharedArrayBuffer(bytes) },
};

let made = 0;
function limiter(definition: StoreDefinition, options: unknown): Limiter {
  const store = definition.open(definition.schema.parse(options), env, "bench");
  return store.limiter({ id: `bench#${++made}`, algorithms: [tokenBucket], maxKeys: KEYS });
}

const stores: [string, Limiter][] = [["memory", limiter(memoryDefinition as StoreDefinition, {})]];
if (requires("redis-server").missing.length === 0) {
  const server = await RedisServer.start(), redis = redisDefinition as StoreDefinition;
  globalThis.addEventListener("unload", () => {
    // It is killed at once; what comes after that has no time any more.
    void server.kill();
    Deno.removeSync(server.folder, { recursive: true });
  });
  for (const lease of [undefined, { tokens: 10 }, { tokens: 100 }]) {
    const name = lease === undefined ? "redis" : `redis, leases of ${lease.tokens}`;
    stores.push([name, limiter(redis, { url: server.url, timeout: "10s", lease })]);
  }
}

let next = 0;
function take(limiter: Limiter): unknown {
  next = (next + 1) % KEYS;
  return limiter.take(keys[next], rules, 1);
}

for (const [name, limiter] of stores) {
  await take(limiter);
  Deno.bench(`take, ${name}`, { group: "one at a time" }, async () => {
    await take(limiter);
  });
  Deno.bench(`64 × take, ${name}`, { group: "64 under way" }, async () => {
    await Promise.all(Array.from({ length: TOGETHER }, () => take(limiter)));
  });
}

/** The store that gateways share. @module */

import { type Duration, formatDuration } from "../core/units.ts";
import type { Secret } from "../core/secret.ts";
import { recordStore, type StoreConfig, type StoreDefinition } from "../core/store.ts";
import type { RedisPlan, ServerPlan } from "./redis/redis_plan.ts";
import { redisSchema } from "./redis/redis_schema.ts";
import { RedisStore } from "./redis/redis_store.ts";
import type { ServerUrl } from "./redis/server_url.ts";

/** When a Redis that does not answer is left alone for a while. */
export interface RedisBreakerOptions {
  /** Failures in a row after which it is. @default 5 */
  readonly failures?: number;
  /** How long, until one request tries again. The others fail at once meanwhile. @default "1s" */
  readonly openFor?: Duration;
}

/** Units taken in advance. */
export interface RedisLeaseOptions {
  /**
   * Units of a limit, mostly requests, that a gateway takes for a key at once. In any window a limit then admits at
   * most its bound and `gateways × tokens`; and at most `gateways × tokens` wait in gateways where nobody asks for
   * them. Where so many are not to be had, fewer are asked for, down to exactly what a request costs. A gateway that
   * ends or that Redis does not answer loses what it has. Limits that make requests wait (`leaky-bucket`) have no
   * leases.
   */
  readonly tokens: number;
  /**
   * How old what is left may become: then it is given back when the next request comes. Below the time between two
   * requests of a key it costs more than it saves. @default "1s"
   */
  readonly for?: Duration;
}

/** What every way to reach Redis has. */
export interface RedisSettings {
  /** User of Redis' access control list. @default the URL's, or none */
  readonly username?: string;
  /** Its password. @default the URL's, or none */
  readonly password?: Secret;
  /** TLS, as `rediss://` has it. @default as the URL says, with the authorities that the system trusts */
  readonly tls?: {
    /** PEM of the authority that signs the server's certificate: a file's path, or a secret. */
    readonly ca?: string | Secret;
  };
  /**
   * What every key begins with; no braces. Gateways with the same prefix and the same config count together.
   * @default "gatewright:"
   */
  readonly prefix?: string;
  /**
   * Most time for an answer: a decision takes no longer, however many scripts it needs, and neither does the wait for the
   * first connection. With leases a request may wait for several, in line. What timed out may have been counted all the
   * same.
   * @default "50ms"
   */
  readonly timeout?: Duration;
  /** When a Redis that does not answer is left alone. */
  readonly breaker?: RedisBreakerOptions;
  /** Trades exactness for speed. @default none: each decision is Redis' */
  readonly lease?: RedisLeaseOptions;
}

/** One server. */
export interface RedisServerOptions extends RedisSettings {
  /** `redis://host:6379/0`, or `rediss://` with TLS. One with a password is a secret: `secret.env("REDIS_URL")`. */
  readonly url: string | Secret;
  readonly cluster?: undefined;
  readonly sentinels?: undefined;
  readonly name?: undefined;
}

/** A cluster. */
export interface RedisClusterOptions extends RedisSettings {
  /**
   * Some of its nodes; the others are found through them. Limits of one policy that count by different keys are decided
   * one after the other there, and given back where a later one refuses. Until then they may refuse too much and, where
   * what is given back had run out meanwhile, admit as many more; at most as many as are under way.
   */
  readonly cluster: readonly string[];
  readonly url?: undefined;
  readonly sentinels?: undefined;
  readonly name?: undefined;
}

/** A server that sentinels watch. */
export interface RedisSentinelOptions extends RedisSettings {
  /** The sentinels: `redis://host:26379`. After a failover what the new server had not yet been told is forgotten. */
  readonly sentinels: readonly string[];
  /** What they call the server. */
  readonly name: string;
  readonly url?: undefined;
  readonly cluster?: undefined;
}

/** Options of {@link redis}. */
export type RedisOptions = RedisServerOptions | RedisClusterOptions | RedisSentinelOptions;

/**
 * Counts in Redis (5 or newer) or Valkey, so that gateways count together: each decision is one script, by the clock of
 * Redis, and costs one round trip. Keys are kept as hashes, and for no longer than they matter. A Redis that evicts keys
 * forgets what they counted: `maxmemory-policy noeviction`. Where its clock is set back, counts stay as they are and
 * go on from there; where it is set forward, that much time of them is forgotten.
 *
 * It can also keep the answers of caches, over connections of their own: one that asks, and one that hears what other
 * gateways purge. Of answers it may evict what it likes: none is left that a purge could not find. In a cluster each cache
 * is in 128 parts, all of which are asked for purges by tag or prefix.
 *
 * A user of its access control list needs, on keys that begin with the prefix, SET, GET, DEL, EVAL, EVALSHA and TIME; for
 * another database than 0 SELECT; for a cluster CLUSTER and READONLY:
 * `ACL SETUSER gate on >… ~gatewright:* +set +get +del +eval +evalsha +time`. Caches need, beside SET, GET, EVAL, EVALSHA
 * and TIME, `&gatewright:* +subscribe +publish +ping +unlink +exists +pexpire +pttl`, `+hset +hget +hmget +hlen +hkeys` and
 * `+zadd +zrem +zscore +zcard +zrange +zrangebylex +zlexcount`.
 *
 * @example
 * ```ts
 * import { redis, secret } from "gatewright";
 *
 * const store = redis({ url: secret.env("REDIS_URL"), timeout: "25ms" });
 * console.log(store.kind); // redis
 * ```
 */
export function redis(options: RedisOptions): StoreConfig<"redis"> {
  return recordStore(redisDefinition as StoreDefinition, options);
}

/** The options of `redis()` and what they are made into. */
export const redisDefinition: StoreDefinition<RedisPlan> = {
  kind: "redis",
  schema: redisSchema,
  describe: ({ server, lease }) =>
    `redis ${where(server)}${lease === null ? "" : `, leases of ${lease.tokens} for ${formatDuration(lease.for)}`}`,
  needsLua: true,
  keepsAnswers: true,
  open: (plan, env, name) => new RedisStore(plan, env, name),
};

function where(server: ServerPlan): string {
  switch (server.kind) {
    case "single":
      return "host" in server.url ? address(server.url) : `at secret ${server.url.env ?? server.url.file}`;
    case "cluster":
      return `cluster ${server.nodes.map(address).join(", ")}`;
    case "sentinel":
      return `${server.name} of sentinels ${server.sentinels.map(address).join(", ")}`;
  }
}

function address({ host, port, db }: ServerUrl): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${name}${port === null ? "" : `:${port}`}${db === 0 ? "" : `/${db}`}`;
}

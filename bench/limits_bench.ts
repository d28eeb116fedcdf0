/**
 * What a decision of a rate limit costs: `deno bench bench/limits_bench.ts`. Each run is a thousand of them, so
 * microseconds read as nanoseconds. Keys are made beforehand; the clock is the system's. Of a thousand hot keys all is in
 * the processor's caches, of a million random ones nothing is.
 *
 * @module
 */

import { systemClock } from "../src/core/clock.ts";
import { Events } from "../src/core/events.ts";
import { type Algorithm, ruleOf } from "../src/core/limit.ts";
import { silentLog } from "../src/core/log.ts";
import { systemRandom } from "../src/core/random.ts";
import type { Limiter, StoreDefinition, StoreEnv } from "../src/core/store.ts";
import { fixedWindow } from "../src/policies/traffic/algorithms/fixed_window.ts";
import { leakyBucket } from "../src/policies/traffic/algorithms/leaky_bucket.ts";
import { slidingWindow } from "../src/policies/traffic/algorithms/sliding_window.ts";
import { tokenBucket } from "../src/policies/traffic/algorithms/token_bucket.ts";
import { memoryDefinition } from "../src/state/memory.ts";
import { sharedDefinition } from "../src/state/shared_memory.ts";
import { hashKey, hashSecret } from "../src/state/table/key_hash.ts";

const RUN = 1000, HOT = 1000, RANDOM = 1_000_000;

/** Addresses, as they mostly are: numbers spread over all of them. */
function address(n: number): string {
  const spread = Math.imul(n, 0x9e3779b1) >>> 0;
  return `${spread >>> 24}.${spread >>> 16 & 255}.${spread >>> 8 & 255}.${spread & 255}`;
}

const hot = Array.from({ length: HOT }, (_, n) => address(n));
const random = Array.from({ length: RANDOM }, (_, n) => address(n));
const algorithms = [tokenBucket, fixedWindow, slidingWindow, leakyBucket];
/** Wide enough that all is admitted, and long enough that nothing is forgotten meanwhile: a token takes ten seconds. */
const wide = ruleOf({ limit: 1e4, per: 1e8, maxDelay: 1e8 });

const env: StoreEnv = {
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  events: new Events(),
  secrets: () => ({ error: "none" }),
  regions: { region: (_, bytes) => new SharedArrayBuffer(bytes) },
};

type Kind = readonly [StoreDefinition, unknown];
const stores: readonly Kind[] = [
  [memoryDefinition, {}],
  [sharedDefinition as StoreDefinition, { maxKeys: RANDOM }],
];

let made = 0;
function limiter([definition, options]: Kind, algorithms: readonly Algorithm[], maxKeys = RANDOM): Limiter {
  return definition.open(options, env, "bench").limiter({ id: `bench#${++made}`, algorithms, maxKeys });
}

/** Keeps the compiler from leaving the work out. */
export let sink = 0;

/** Goes round all keys, which are known before it begins. */
function bench(name: string, group: string, limiter: Limiter, keys: readonly string[], limits: number): void {
  const asked = Array.from({ length: limits }, () => ""), rules = asked.map(() => wide);
  let next = 0;
  const take = () => {
    asked.fill(keys[next]);
    next = next + 1 < keys.length ? next + 1 : 0;
    const verdicts = limiter.take(asked, rules, 1);
    if ("length" in verdicts && verdicts[0].admitted) sink++;
  };
  for (let i = 0; i < keys.length; i++) take();
  Deno.bench(`1000 × take, ${name}`, { group, n: 2000, warmup: 1000 }, () => {
    for (let i = 0; i < RUN; i++) take();
  });
}

for (const [group, keys] of [["a thousand hot keys", hot], ["a million random keys", random]] as const) {
  for (const store of stores) {
    const { kind } = store[0];
    for (const algorithm of algorithms) {
      bench(`${kind}, ${algorithm.name}`, group, limiter(store, [algorithm]), keys, 1);
    }
    const two = [tokenBucket, slidingWindow];
    bench(`${kind}, ${two.map(({ name }) => name).join(" and ")}`, group, limiter(store, two), keys, 2);
  }
}
for (const store of stores) {
  const { kind } = store[0], group = "a flood of fresh keys, into a table that is full with ten thousand";
  for (const algorithm of [tokenBucket, slidingWindow]) {
    bench(`${kind}, ${algorithm.name}`, group, limiter(store, [algorithm], 10_000), random, 1);
  }
}

const secret = hashSecret(), hash = { high: 0, low: 0 };
for (const length of [9, 15, 40]) {
  const keys = hot.map((key) => key.padEnd(length, "x").slice(0, length));
  Deno.bench(`1000 × hashKey of ${length} characters`, { group: "hash" }, () => {
    for (const key of keys) {
      hashKey(key, secret, hash);
      sink += hash.low;
    }
  });
}
Deno.bench("1000 × clock.now()", { group: "clock" }, () => {
  for (let i = 0; i < RUN; i++) sink += systemClock.now();
});

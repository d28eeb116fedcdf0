/**
 * What `apiKey` costs: `deno bench bench/api_key_bench.ts`. Each run is a thousand requests, so microseconds read as
 * nanoseconds. A request's key is a text of its own, as an engine cuts it out of a head, and the key is taken off the
 * request. Beside it, the least there could be: a look-up in a plain map, by the key and by its hash.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { NO_CONSUMERS } from "../src/core/consumers.ts";
import { systemClock } from "../src/core/clock.ts";
import { Exchange } from "../src/core/exchange.ts";
import type { BuildEnv } from "../src/core/build_env.ts";
import type { Handler } from "../src/core/handler.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { Reply } from "../src/core/reply.ts";
import { apiKeyDefinition, type ApiKeyOptions, type KeyHash } from "../src/policies/auth/api_key.ts";
import { apiKeySchema } from "../src/policies/auth/api_key_schema.ts";

const RUN = 1000, KEYS = 100_000;

function keyOf(n: number): string {
  return `gw_${createHash("sha256").update(`key ${n}`).digest("base64url")}`;
}

const keys = Array.from({ length: KEYS }, (_, n) => keyOf(n));
const hashes = keys.map((key): KeyHash => `sha256:${createHash("sha256").update(key).digest("hex")}`);
const byKey = new Map(keys.map((key) => [key, {}])), byHash = new Map(hashes.map((hash) => [hash.slice(7), {}]));

const reply = new Reply(200, HeaderList.of(), null), target: Handler = () => reply;
const env = {
  clock: systemClock,
  consumers: NO_CONSUMERS,
  state: (_id: string, _shape: unknown, create: () => object) => create(),
} as unknown as BuildEnv;

function policy(options: ApiKeyOptions): Handler {
  const plan = apiKeySchema.parse({ keys: hashes.map((hash, n) => ({ hash, consumer: `c${n}` })), ...options });
  return apiKeyDefinition.build(plan, env, "bench")(target);
}

const CLIENT = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false };

/** Heads as they come, each cut into fields anew. */
function exchangeWith(key: string, query = ""): Exchange {
  return new Exchange({
    method: "GET",
    path: "/",
    query,
    authority: "a.test",
    host: "a.test",
    scheme: "http",
    client: CLIENT,
    headers: HeaderList.of("host", "a.test", "accept", "*/*", "user-agent", "bench", "x-api-key", ` ${key}`.slice(1)),
    body: null,
    requestId: "bench",
    startedAt: 1,
  });
}

/** Keeps the compiler from leaving the work out. */
export let sink: unknown;

const none: Handler = target, inHeader = policy({}), kept = policy({ keep: true }), inQuery = policy({ in: "query:k" });
let cold = 0;

function each(group: string, name: string, run: (i: number) => unknown, baseline = false): void {
  Deno.bench({
    group,
    name,
    baseline,
    fn() {
      for (let i = 0; i < RUN; i++) sink = run(i);
    },
  });
}

each("a key that came before", "no policy", (i) => none(exchangeWith(keys[i % 100])), true);
each(
  "a key that came before",
  "a plain map by the key",
  (i) => byKey.get(exchangeWith(keys[i % 100]).headers.get("x-api-key")!),
);
each("a key that came before", "apiKey, the key kept", (i) => kept(exchangeWith(keys[i % 100])));
each("a key that came before", "apiKey", (i) => inHeader(exchangeWith(keys[i % 100])));
each("a key that came before", "apiKey in the query", (i) => inQuery(exchangeWith("", `?a=1&k=${keys[i % 100]}&b=2`)));

each("100000 keys, each once in a round", "no policy", () => none(exchangeWith(keys[cold++ % KEYS])), true);
each("100000 keys, each once in a round", "a plain map by the hash", () => {
  const key = exchangeWith(keys[cold++ % KEYS]).headers.get("x-api-key")!;
  return byHash.get(createHash("sha256").update(key).digest("hex"));
});
each("100000 keys, each once in a round", "apiKey", () => inHeader(exchangeWith(keys[cold++ % KEYS])));
each("100000 keys, each once in a round", "a bad key", () => inHeader(exchangeWith(`bad${cold++}`)));

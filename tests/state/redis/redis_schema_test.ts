import { strict as assert } from "node:assert";
import { findingsFromZod } from "../../../src/config/issues_from_zod.ts";
import { redact } from "../../../src/config/redact.ts";
import { secret } from "../../../src/core/secret.ts";
import { storeDefinitionOf } from "../../../src/core/store.ts";
import { redis, redisDefinition } from "../../../src/state/redis.ts";
import { redisSchema } from "../../../src/state/redis/redis_schema.ts";

const ADDRESS = { host: "10.0.0.5", port: 6380, db: 2, tls: false, username: null, password: null };

Deno.test("redis() fills in what is left out", () => {
  assert.deepEqual(redisSchema.parse({ url: "redis://10.0.0.5:6380/2" }), {
    server: { kind: "single", url: ADDRESS },
    username: null,
    password: null,
    tls: null,
    prefix: "gatewright:",
    timeout: 50,
    breaker: { failures: 5, openFor: 1000 },
    lease: null,
  });
});

const READ: readonly (readonly [options: object, description: string])[] = [
  [{ url: "redis://10.0.0.5:6380/2" }, "redis 10.0.0.5:6380/2"],
  [{ url: "rediss://user@cache.internal" }, "redis cache.internal"],
  [{ url: "redis://[::1]:6379" }, "redis [::1]:6379"],
  [{ url: { env: "REDIS_URL" } }, "redis at secret REDIS_URL"],
  [{ url: secret.file("./redis.url"), lease: { tokens: 20 } }, "redis at secret ./redis.url, leases of 20 for 1s"],
  [{ cluster: ["redis://a", "redis://b:7000/"] }, "redis cluster a, b:7000"],
  [{ sentinels: ["redis://a:26379"], name: "main" }, "redis main of sentinels a:26379"],
];

Deno.test("redis() is told in a few words", () => {
  for (const [options, description] of READ) {
    assert.equal(redisDefinition.describe(redisSchema.parse(options)), description);
  }
});

const PASSWORD = "a password does not stand in the config";
const REMEDY = 'password: secret.env("REDIS_PASSWORD"), or url: secret.env("REDIS_URL") with all of it';

/** Options, where something is wrong with them, what, and what to write instead. */
const WRONG: readonly (readonly [options: object, at: string, message: string, remedy?: string])[] = [
  [{}, "", "one of url, cluster and sentinels says where Redis is", 'url: "redis://127.0.0.1:6379"'],
  [{ url: "localhost:6379" }, "url", 'expected a URL such as "redis://127.0.0.1:6379"', '"redis://localhost:6379"'],
  [
    { url: "http://x" },
    "url",
    "Redis and Valkey are reached over redis, or rediss with TLS",
    "a URL with redis://",
  ],
  [{ url: "redis://x:0" }, "url", "a server has no port 0", "a port from 1 to 65535"],
  [{ url: "redis://x/cache" }, "url", "the path is the number of a database", 'nothing, or a number such as "/0"'],
  [{ url: "redis://x?db=1" }, "url", "a URL here has no query and no fragment", "the options of redis()"],
  [{ url: "redis://x y" }, "url", "this is not a URL", 'a URL such as "redis://127.0.0.1:6379"'],
  [{ url: "redis://:hunter2@x" }, "url", PASSWORD, REMEDY],
  [{ cluster: ["redis://u:hunter2@x"] }, "cluster.0", PASSWORD, REMEDY],
  [
    { url: "redis://x", cluster: ["redis://x"] },
    "cluster",
    "one of url, cluster and sentinels says where Redis is; here url does too",
    "one of them",
  ],
  [{ cluster: [] }, "cluster", "at least one URL is needed"],
  [{ cluster: ["redis://x/1"] }, "cluster.0", "a URL here names no database", "no path"],
  [
    { cluster: ["redis://x", "rediss://y"] },
    "cluster.1",
    "all URLs are of one kind: with TLS, or without",
    "redis://, or rediss:// for all",
  ],
  [
    { sentinels: ["rediss://x", "redis://y"], name: "m" },
    "sentinels.1",
    "all URLs are of one kind: with TLS, or without",
    "rediss://",
  ],
  [
    { cluster: ["redis://a@x", "redis://b@y"] },
    "cluster.1",
    "all URLs have the same user",
    "the option username",
  ],
  [
    { sentinels: ["redis://u@x"], name: "m" },
    "sentinels.0",
    "sentinels are asked without a user; the user of the server is the option username",
    "no user",
  ],
  [{ sentinels: ["redis://x"] }, "name", "sentinels know servers by name: this is missing", '"mymaster"'],
  [{ url: "redis://x", name: "m" }, "name", "only sentinels know a server by name", "nothing: leave it out"],
  [
    { url: "redis://x", password: "hunter2" },
    "password",
    "expected a secret",
    'secret.env("NAME") or secret.file("path"); in YAML { env: NAME } or { file: path }',
  ],
  [{ url: "redis://x", prefix: "a{b}" }, "prefix", "braces in a key say on which node of a cluster it is", '"ab"'],
  [{ url: "redis://x", timeout: 50 }, "timeout", 'expected a duration such as "250ms" or "5s"', '"50ms" or "50s"'],
  [{ url: "redis://x", lease: { tokens: 1 } }, "lease.tokens", "expected a whole number from 2 to 1000000"],
  [{ url: "redis://x", breaker: { failures: 0 } }, "breaker.failures", "expected a whole number from 1 to 1000"],
  [{ url: "redis://x", timout: "1s" }, "timout", 'unknown key, did you mean "timeout"?', "timeout"],
  [
    { url: "redis://x", tls: { ca: "-----BEGIN X" } },
    "tls.ca",
    "this is the text of a certificate, not the path of a file",
    "the path of a file that holds it",
  ],
];

Deno.test("what is wrong with redis()'s options is told with what to write, and never with a password", () => {
  for (const [options, at, message, remedy] of WRONG) {
    const { error } = redisSchema.safeParse(options);
    const found = findingsFromZod(error?.issues ?? [], options, redisSchema, []);
    assert.deepEqual(found.map((finding) => [finding.at.join("."), finding.message, finding.remedy]), [[
      at,
      message,
      remedy,
    ]]);
    assert.doesNotMatch(JSON.stringify(found), /hunter2/);
  }
});

Deno.test("redis() prints as what was written, secrets as references", () => {
  const store = redis({ url: secret.env("REDIS_URL"), lease: { tokens: 10 } });
  assert.equal(JSON.stringify(store), '{"kind":"redis","options":{"url":{"env":"REDIS_URL"},"lease":{"tokens":10}}}');
  assert.equal(storeDefinitionOf(store), redisDefinition);
  assert.deepEqual(
    redact(redisSchema.parse(store.options)),
    JSON.parse(JSON.stringify(redisSchema.parse(store.options))),
  );
});

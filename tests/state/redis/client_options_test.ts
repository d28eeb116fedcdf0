import { strict as assert } from "node:assert";
import type { SecretReader } from "../../../src/core/secret.ts";
import { clientOptions } from "../../../src/state/redis/client_options.ts";
import { redisSchema } from "../../../src/state/redis/redis_schema.ts";

const SECRETS: Record<string, string> = {
  REDIS_URL: "rediss://gate:p%40ss@cache.internal/3",
  BROKEN: "redis://:hunter2@ca che",
  PASSWORD: "other",
  CA: "-----BEGIN CERTIFICATE-----",
};
const secrets: SecretReader = ({ env = "" }) => env in SECRETS ? { value: SECRETS[env] } : { error: "it is not set" };

/** Of the options those that are about where and who. */
function where(settings: object): object {
  const made = clientOptions(redisSchema.parse(settings), secrets, "main");
  const options = made.kind === "cluster" ? made.options.redisOptions! : made.options;
  const { username, password, tls } = options;
  const access = Object.fromEntries(
    Object.entries({ username, password, tls }).filter(([, value]) => value !== undefined),
  );
  if (made.kind === "cluster") return { nodes: made.nodes, ...access };
  const { host, port, db, sentinels, name, enableTLSForSentinelMode } = made.options;
  const found = { host, port, db, sentinels, name, enableTLSForSentinelMode };
  return { ...Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)), ...access };
}

const CASES: readonly (readonly [settings: object, options: object])[] = [
  [{ url: "redis://10.0.0.5" }, { host: "10.0.0.5", port: 6379, db: 0 }],
  [{ url: "rediss://[::1]:7000/1" }, { host: "::1", port: 7000, db: 1, tls: {} }],
  [{ url: "redis://gate@x", password: { env: "PASSWORD" } }, {
    host: "x",
    port: 6379,
    db: 0,
    username: "gate",
    password: "other",
  }],
  [{ url: { env: "REDIS_URL" } }, {
    host: "cache.internal",
    port: 6379,
    db: 3,
    username: "gate",
    password: "p@ss",
    tls: {},
  }],
  [{ url: { env: "REDIS_URL" }, username: "u", password: { env: "PASSWORD" }, tls: { ca: { env: "CA" } } }, {
    host: "cache.internal",
    port: 6379,
    db: 3,
    username: "u",
    password: "other",
    tls: { ca: SECRETS.CA },
  }],
  [{ cluster: ["rediss://a", "rediss://b:7000"], password: { env: "PASSWORD" } }, {
    nodes: [{ host: "a", port: 6379 }, { host: "b", port: 7000 }],
    password: "other",
    tls: {},
  }],
  [{ sentinels: ["redis://a", "redis://b:7000"], name: "main" }, {
    sentinels: [{ host: "a", port: 26379 }, { host: "b", port: 7000 }],
    name: "main",
  }],
  [{ sentinels: ["rediss://a"], name: "main" }, {
    sentinels: [{ host: "a", port: 26379 }],
    name: "main",
    enableTLSForSentinelMode: true,
    tls: {},
  }],
];

Deno.test("the client is told where Redis is and who asks", () => {
  for (const [settings, options] of CASES) assert.deepEqual(where(settings), options, JSON.stringify(settings));
});

Deno.test("the client neither queues nor repeats nor reconnects, nor waits to be closed", () => {
  const made = clientOptions(redisSchema.parse({ url: "redis://x" }), secrets, "main");
  const { enableOfflineQueue, autoResendUnfulfilledCommands, maxRetriesPerRequest, retryStrategy, disconnectTimeout } =
    made.options as Extract<typeof made, { kind: "server" }>["options"];
  assert.deepEqual(
    [enableOfflineQueue, autoResendUnfulfilledCommands, maxRetriesPerRequest, retryStrategy, disconnectTimeout],
    [false, false, 0, null, 0],
  );
});

Deno.test("a secret that cannot be had, or is no URL, is told without its value", () => {
  const fails = (settings: object) => () => clientOptions(redisSchema.parse(settings), secrets, "main");
  assert.throws(fails({ url: { env: "MISSING" } }), {
    message: 'store "main": url, secret.env("MISSING"), cannot be had: it is not set',
  });
  assert.throws(fails({ url: { env: "BROKEN" } }), {
    message: 'store "main": url, secret.env("BROKEN"): this is not a URL',
  });
  assert.throws(fails({ url: "redis://x", password: { file: "./pw" } }), {
    message: 'store "main": password, secret.file("./pw"), cannot be had: it is not set',
  });
});

import { strict as assert } from "node:assert";
import { validateConfig } from "../../../src/config/validate.ts";
import { formatIssue } from "../../../src/core/issue.ts";
import { tokenBucket } from "../../../src/policies/traffic/algorithms/token_bucket.ts";
import { rateLimit, rateLimitDefinition, type RateLimitOptions } from "../../../src/policies/traffic/rate_limit.ts";
import { rateLimitSchema } from "../../../src/policies/traffic/rate_limit_schema.ts";

const ONE = { limit: 10, per: "1s" };

const REFUSED: readonly (readonly [at: string, options: unknown, message: RegExp, remedy?: string])[] = [
  [".limit", { per: "1s" }, /this is missing: expected a whole number/, "100"],
  [".per", { limit: 1 }, /this is missing: expected a duration/, '"1m"'],
  [".limit", { ...ONE, limit: 0 }, /of at least 1, or \{ by, is \}|from 1 to/],
  [".limit", { ...ONE, limit: "10" }, /expected a whole number/],
  [".limit", { ...ONE, limit: 1.5 }, /expected a whole number/],
  [".limit", { limit: 2_000_000, per: "1s" }, /more than a million a second/, "at most 1000000 per 1s"],
  [".per", { limit: 1, per: 60 }, /expected a duration/, '"60ms" or "60s"'],
  [".per", { limit: 1, per: "400d" }, /at most 366d/, '"366d"'],
  [".burst", { ...ONE, burst: 0 }, /from 1 to/],
  [
    ".burst",
    { ...ONE, algorithm: "fixed-window", burst: 5 },
    /burst is of a token bucket/,
    'algorithm: "token-bucket"',
  ],
  [".maxDelay", { ...ONE, maxDelay: "1s" }, /maxDelay is of a leaky bucket/, 'algorithm: "leaky-bucket"'],
  [".maxDelay", { ...ONE, algorithm: "leaky-bucket" }, /needs to know how long/, '"1s"'],
  [".maxDelay", { ...ONE, algorithm: "leaky-bucket", maxDelay: "2h" }, /at most 1h/, '"1h"'],
  [".algorithm", { ...ONE, algorithm: "tokenbucket" }, /expected "token-bucket"/, '"token-bucket"'],
  [".algorithm", { ...ONE, algorithm: {} }, /only a config in TypeScript/, "what defineAlgorithm({ … }) returns"],
  [".algorithm", { ...ONE, algorithm: 7 }, /expected "token-bucket", "sliding-window"/],
  [".key", { ...ONE, key: "header" }, /"header" is not a key/],
  [".key", { ...ONE, key: [] }, /at least one key is needed/],
  [".key", { ...ONE, key: "ip/33/64" }, /is not a key/],
  [".cost", { ...ONE, cost: 11 }, /no more than 10 ever fit/, "a cost of at most 10, or a limit of at least 11"],
  [".cost", { ...ONE, burst: 5, cost: 6 }, /no more than 5 ever fit/, "a cost of at most 5, or a burst of at least 6"],
  [".cost", { ...ONE, cost: 0 }, /expected a whole number from 1/],
  [".limits", { limits: [] }, /at least one limit is needed/],
  [".limit", { limits: [ONE], limit: 1 }, /limits says it all/, "limit in an entry of limits"],
  [".limits[0].per", { limits: [{ limit: 1 }] }, /this is missing: expected a duration/],
  [
    ".limits[1].burst",
    { limits: [ONE, { ...ONE, algorithm: "sliding-window", burst: 2 }] },
    /burst is of a token bucket/,
  ],
  [".limit.is", { ...ONE, limit: { by: "ip", is: {} } }, /at least one value is needed/],
  [".limit.by", { ...ONE, limit: { by: "form:plan", is: { a: 1 } } }, /in the request's body/],
  [".costHeader", { ...ONE, costHeader: "a b" }, /no name of a header/, '"x-tokens-used"'],
  [".headers", { ...ONE, headers: "x" }, /expected "ietf", "legacy", "both" or "none"/],
  [".onStoreError", { ...ONE, onStoreError: "alow" }, /expected "local", "allow" or "deny"/, '"allow"'],
  [".exempt.ip[0]", { ...ONE, exempt: { ip: ["10.0.0.0/33"] } }, /./],
  ['.exempt["form:a"]', { ...ONE, exempt: { "form:a": ["1"] } }, /in the request's body/],
  [".name", { ...ONE, name: 'a"b' }, /without quotes/, '"burst"'],
  [".brust", { ...ONE, brust: 1 }, /did you mean "burst"/, "burst"],
];

Deno.test("rateLimit() options: what check refuses, where, and what to write instead", () => {
  for (const [at, options, message, remedy] of REFUSED) {
    const policies = [rateLimit(options as RateLimitOptions)], what = JSON.stringify(options);
    const { issues } = validateConfig({ routes: [{ path: "/a", respond: {}, policies }] });
    assert.equal(issues.length, 1, `${what}: ${issues.map(formatIssue).join("\n")}`);
    const [issue] = issues;
    assert.equal(issue.path, `routes[0].policies[0]${at}`, what);
    assert.match(issue.message, message, what);
    if (remedy !== undefined) assert.equal(issue.remedy, remedy, what);
  }
});

Deno.test("rateLimit() options: defaults, and names that tell limits apart", () => {
  const { limits, ...rest } = rateLimitSchema.parse({
    limits: [ONE, { ...ONE, key: "global" }, { limit: 1, per: "1h" }],
  });
  assert.deepEqual(rest, {
    id: undefined,
    cost: 1,
    costHeader: null,
    exempt: [],
    headers: "ietf",
    dryRun: false,
    store: undefined,
    onStoreError: "local",
    maxKeys: 1_000_000,
  });
  assert.deepEqual(limits.map(({ name, key, algorithm }) => [name, key, algorithm]), [
    ["10-per-1s", ["ip"], tokenBucket],
    ["10-per-1s-2", ["global"], tokenBucket],
    ["1-per-1h", ["ip"], tokenBucket],
  ]);
  const tiers = rateLimitSchema.parse({ limit: { by: "jwt:tier", is: { free: 10, pro: 1000 } }, per: "1m" });
  assert.deepEqual(tiers.limits[0].limit, { by: "jwt:tier", is: { free: 10, pro: 1000 }, otherwise: 10 });
});

Deno.test("rateLimit() needs the facts that its keys read, and its store", () => {
  const parsed = rateLimitSchema.parse({
    limits: [
      { limit: { by: "jwt:tier", is: { free: 1 } }, per: "1s", key: ["jwt:sub", "ip"] },
      { ...ONE, key: "param:id" },
    ],
    exempt: { consumer: ["batch"] },
    store: "limits",
  });
  const { needs } = rateLimitDefinition.facts!(parsed);
  assert.deepEqual(needs?.toSorted(), ["consumer", "jwt:sub", "jwt:tier", "param:id", "store:limits"]);
});

Deno.test("rateLimit() says in words what it limits", () => {
  const cases: [unknown, string][] = [
    [ONE, "rateLimit: 10 per 1s by ip"],
    [{ ...ONE, burst: 20, key: ["jwt:sub", "ip"] }, "rateLimit: 10 per 1s (burst 20) by jwt:sub or ip"],
    [
      { limits: [ONE, { limit: 1000, per: "1h", algorithm: "sliding-window" }] },
      "rateLimit: 10 per 1s and 1000 per 1h (sliding-window) by ip",
    ],
    [
      { limits: [ONE, { limit: 9, per: "1s", key: "global" }], exempt: { ip: ["10.0.0.0/8"] }, dryRun: true },
      "rateLimit: 10 per 1s by ip and 9 per 1s by global, except ip 10.0.0.0/8, dry run",
    ],
    [
      { ...ONE, algorithm: "leaky-bucket", maxDelay: "2s", store: "limits" },
      "rateLimit: 10 per 1s (leaky-bucket, held up to 2s) by ip, in store limits",
    ],
    [
      {
        limit: { by: "header:x-plan", is: { free: 2, pro: 9 } },
        per: "1m",
        key: () => "a",
        cost: 2,
        costHeader: "X-Cost",
      },
      "rateLimit: free 2, pro 9, else 2 (header:x-plan) per 1m by a function, cost 2, then by x-cost",
    ],
  ];
  for (const [options, words] of cases) {
    assert.equal(rateLimitDefinition.describe!(rateLimitSchema.parse(options)), words);
  }
});

import { strict as assert } from "node:assert";
import { retrySummary } from "../../src/compile/retry_summary.ts";
import { DEFAULT_IN_FLIGHT, DEFAULT_TIMEOUTS, defaultUpstream } from "../../src/upstreams/default_upstream.ts";
import { DEFAULT_RETRY } from "../../src/upstreams/retry/retry_plan.ts";
import type { HopPlan, UpstreamPlan } from "../../src/upstreams/upstream_plan.ts";

const HTTP: UpstreamPlan = defaultUpstream("a", {
  id: "a/http://b",
  url: "http://b",
  scheme: "http",
  address: { kind: "tcp", hostname: "b", port: 80 },
  weight: 1,
  tier: 0,
  maxInFlight: null,
  demo: null,
});
const FOUND = {
  scheme: "https",
  hostname: "b",
  port: 443,
  record: "address",
  family: "any",
  nameservers: [],
  minRefresh: 1,
  maxRefresh: 1,
};
const HTTPS = { ...HTTP, endpoints: [], dns: FOUND } as UpstreamPlan;
const FAILURES = "connect-error, reset, timeout, protocol-error, 502, 503, 504";

const hop = (retry: Partial<NonNullable<HopPlan["retry"]>> | null = {}, rest: Partial<HopPlan> = {}): HopPlan => ({
  timeouts: DEFAULT_TIMEOUTS,
  retry: retry === null ? null : { ...DEFAULT_RETRY, ...retry },
  hedge: null,
  ...rest,
});

const REPEATS: readonly [what: string, hop: HopPlan, methods: readonly string[], repeats: readonly string[]][] = [
  ["every method", hop(), [], [
    `idempotent methods: ${FAILURES}`,
    "POST, PATCH and other methods: connect failures only",
  ]],
  ["methods of both kinds", hop({ on: ["reset", "connect-error", "5xx"] }), ["GET", "POST", "PUT"], [
    "GET, PUT: reset, connect-error, 5xx",
    "POST: connect failures only",
  ]],
  ["idempotent methods", hop(), ["GET", "DELETE"], [`GET, DELETE: ${FAILURES}`]],
  ["methods that repeat nothing", hop({ on: [503] }), ["POST", "PATCH"], ["POST, PATCH: never repeated"]],
  ["what may be done twice", hop({ unsafe: true, on: ["timeout"] }), ["GET", "POST"], [
    "GET: timeout",
    "POST may be sent twice: timeout",
  ]],
  ["no retries", hop(null), [], []],
  ["one try", hop({ attempts: 1 }), [], []],
];
for (const [what, plan, methods, repeats] of REPEATS) {
  Deno.test(`retrySummary() says what is repeated of ${what}`, () =>
    assert.deepEqual(retrySummary(plan, methods, HTTP).repeats, repeats));
}

Deno.test("retrySummary() counts tries, the first included", () => {
  assert.deepEqual([hop(null), hop(), hop({ attempts: 4 })].map((plan) => retrySummary(plan, [], HTTP).tries), [
    1,
    2,
    4,
  ]);
});

const BODIES: readonly [what: string, hop: HopPlan, methods: readonly string[], bodies: string | null][] = [
  ["every method", hop(), [], "bodies over 64KiB are sent once"],
  ["a method with a body", hop({ buffer: 1_000_000 }), ["GET", "PUT"], "bodies over 1MB are sent once"],
  ["no buffer", hop({ buffer: 0 }), ["POST"], "bodies are sent once"],
  ["methods without bodies", hop(), ["GET", "HEAD", "OPTIONS"], null],
  ["one try", hop({ attempts: 1 }), [], null],
  ["no retries", hop(null), [], null],
];
for (const [what, plan, methods, bodies] of BODIES) {
  Deno.test(`retrySummary() says which bodies are sent once, with ${what}`, () =>
    assert.equal(retrySummary(plan, methods, HTTP).bodies, bodies));
}

const HEDGES: readonly [what: string, hedge: HopPlan["hedge"], methods: readonly string[], text: string | null][] = [
  ["none", null, [], null],
  ["a delay", { after: 1_500, max: 1 }, [], "idempotent methods: a second request after 1500ms"],
  ["a percentile", { after: { percentile: 99.9 }, max: 2 }, ["GET", "POST"], "GET: up to 2 more requests after p99.9"],
  ["methods that are never sent twice", { after: 5, max: 1 }, ["POST"], null],
];
for (const [what, hedge, methods, text] of HEDGES) {
  Deno.test(`retrySummary() says when a second request is sent: ${what}`, () =>
    assert.equal(retrySummary(hop(null, { hedge }), methods, HTTP).hedge, text));
}

Deno.test("retrySummary() bounds the wait by handshake, budget, queue and total", () => {
  const wait = (plan: HopPlan, upstream: UpstreamPlan) => retrySummary(plan, [], upstream).worstCase;
  assert.equal(wait(hop(), HTTP), 2 * 32_000 + 1_000 + 25);
  // Found by DNS, so that each try may have to wait for the first answer.
  assert.equal(wait(hop(), HTTPS), 2 * (35_000 + 1_000) + 1_000 + 25);
  assert.equal(wait(hop({ budget: null }), HTTP), 2 * 32_000 + 25);
  assert.equal(wait(hop(null), { ...HTTP, maxInFlight: { ...DEFAULT_IN_FLIGHT, total: 5 } }), 33_000);
  const limited = HTTP.endpoints.map((endpoint) => ({ ...endpoint, maxInFlight: 5 }));
  assert.equal(wait(hop(null), { ...HTTP, endpoints: limited }), 33_000);
  const timeouts = { ...DEFAULT_TIMEOUTS, attempt: 1_000, total: 1_500 };
  assert.equal(wait(hop({}, { timeouts }), HTTPS), 1_500);
});

Deno.test("retrySummary() counts the upstream that answers when the first is out, within the total of both", () => {
  const other = { ...HTTP, retry: null, timeouts: { ...DEFAULT_TIMEOUTS, attempt: 700 } };
  assert.equal(retrySummary(hop(null), [], HTTP, other).worstCase, 32_000 + 700);
  const timeouts = { ...DEFAULT_TIMEOUTS, total: 32_100 };
  assert.equal(retrySummary(hop(null, { timeouts }), [], HTTP, other).worstCase, 32_100);
});

/**
 * What the attempt loop costs: `deno bench bench/attempt_bench.ts`.
 *
 * The transport answers at once, so that only this side's work is measured; the exchange is made anew for each run. The
 * line "transport alone" is what any proxy has to do: a promise, the head, the transport. The others are the loop with
 * one setting more each, the last with all that a careful user switches on. Two endpoints.
 *
 * @module
 */

import { systemClock } from "../src/core/clock.ts";
import { Exchange } from "../src/core/exchange.ts";
import { HeaderList } from "../src/core/header_list.ts";
import { systemRandom } from "../src/core/random.ts";
import { Reply } from "../src/core/reply.ts";
import { TimerWheel } from "../src/core/timer_wheel.ts";
import { viaValue } from "../src/http/forwarded.ts";
import type { TransportOutcome } from "../src/transport/transport.ts";
import { defaultUpstream } from "../src/upstreams/default_upstream.ts";
import { forwardTo } from "../src/upstreams/forward.ts";
import { RequestHeads } from "../src/upstreams/request_head.ts";
import { DEFAULT_RETRY } from "../src/upstreams/retry/retry_plan.ts";
import { buildUpstream } from "../src/upstreams/upstream.ts";
import type { EndpointPlan, UpstreamPlan } from "../src/upstreams/upstream_plan.ts";
import { makeEnv } from "../tests/support/exchange.ts";

const env = {
  ...makeEnv(),
  clock: systemClock,
  random: systemRandom,
  deadlines: new TimerWheel(systemClock),
};
const source = { get: () => null, flat: () => ["accept", "*/*"], hasAny: () => false, text: () => "accept: */*\r\n" };
const who = { ip: "192.0.2.7", peer: "192.0.2.7", trusted: false };

function open(): Exchange {
  return new Exchange({
    method: "GET",
    path: "/users/7",
    query: "",
    authority: "a",
    host: "a",
    scheme: "http",
    client: who,
    headers: new HeaderList(source),
    body: null,
    requestId: "req-1",
    startedAt: 0,
  });
}

/** Answers in the next microtask, as a socket does in a later turn. */
const transport = {
  send(_request: object, _timeouts: object, _client: object, settle: (outcome: TransportOutcome) => void): void {
    const reply = new Reply(200, HeaderList.of("content-type", "text/plain"), null);
    Promise.resolve().then(() => settle({ ok: true, reply, version: "1.1" }));
  },
  close(): void {},
};
const client = { transport: () => transport, connect: () => Promise.reject(new Error("nobody connects")) };

function endpoint(port: number): EndpointPlan {
  const url = `http://127.0.0.1:${port}`;
  const address = { kind: "tcp", hostname: "127.0.0.1", port } as const;
  return { id: `${url}/${url}`, url, scheme: "http", address, weight: 1, tier: 0, maxInFlight: null, demo: null };
}

let made = 0;

function hop(settings: Partial<UpstreamPlan>) {
  const name = `u${made++}`, one = endpoint(9001), two = endpoint(9002);
  const plan = { ...defaultUpstream(name, one), endpoints: [one, two], retry: null, ...settings };
  const upstream = buildUpstream(plan, client, env), { timeouts, retry, hedge } = plan;
  return forwardTo(upstream, { timeouts, retry, hedge, requestIdField: "x-request-id", path: ({ path }) => path }, env);
}

const heads = new RequestHeads("x-request-id");

Deno.bench("transport alone", { group: "a request", baseline: true }, async () => {
  const exchange = open();
  await new Promise<Reply>((resolve) => {
    const head = heads.head(exchange, exchange.path + exchange.query, exchange.authority);
    const request = { method: exchange.method, head, body: null, headTimeout: 1, idleTimeout: 1, informed: exchange };
    transport.send(request, {}, exchange, (outcome) => {
      if (!outcome.ok) return;
      outcome.reply.headers.add("via", viaValue(null, outcome.version));
      resolve(outcome.reply);
    });
  });
});

const health = { kind: "tcp" } as const;
const ALL: Partial<UpstreamPlan> = {
  retry: DEFAULT_RETRY,
  balance: { kind: "peak-ewma" },
  health: { probe: health, interval: 3.6e6, jitter: 0, timeout: 1, rise: 1, fall: 1000, start: "up" },
  outliers: {
    consecutiveGatewayErrors: 5,
    consecutive5xx: 5,
    successRate: { interval: 10_000, minRequests: 100, minEndpoints: 3, deviations: 1.9 },
    ejectFor: 30_000,
    maxEjectFor: 300_000,
    maxEjected: 0.5,
    panicThreshold: 0,
  },
  circuitBreakers: [{
    per: "endpoint",
    failureThreshold: 5,
    failureRatio: 0.5,
    minRequests: 20,
    consecutiveFailures: null,
    window: 60_000,
    openFor: 30_000,
    maxOpenFor: 300_000,
    jitter: 0.1,
    halfOpenRequests: 1,
    successThreshold: 1,
    failures: ["connect-error", "reset", "timeout", "protocol-error", "5xx"],
  }],
};

const LINES: readonly [name: string, settings: Partial<UpstreamPlan>][] = [
  ["the loop: one try, round robin", {}],
  ["retries with a budget", { retry: DEFAULT_RETRY }],
  ["peak EWMA", { balance: { kind: "peak-ewma" } }],
  ["outlier ejection", { outliers: ALL.outliers }],
  ["circuit breaker", { circuitBreakers: ALL.circuitBreakers }],
  ["all of it, and health checks", ALL],
  ["all of it, and at most 1000 in flight", {
    ...ALL,
    maxInFlight: { total: 1_000, perEndpoint: 600, queue: 100, queueTimeout: 1_000 },
  }],
];

const hops = LINES.map(([name, settings]) => ({ name, forward: hop(settings) }));

// All of them before the first is measured: the code that they share is compiled for what it sees.
for (let round = 0; round < 20_000; round++) {
  for (const { forward } of hops) await forward(open());
}

for (const { name, forward } of hops) {
  Deno.bench(name, { group: "a request" }, async () => {
    await forward(open());
  });
}

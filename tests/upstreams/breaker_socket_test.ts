import { strict as assert } from "node:assert";
import type { BreakerChanged } from "../../src/core/events.ts";
import { connect } from "../../src/transport/connect.ts";
import type { Connect } from "../../src/transport/socket.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import type { TestGateway } from "../support/test_gateway.ts";
import { passUntil, until } from "../support/until.ts";
import {
  answering,
  ask,
  ENGINES,
  gatewayTo,
  get,
  HoldingOrigin,
  logOf,
  Pending,
  post,
  REFUSING,
  settle,
} from "./traffic_bed.ts";

/** Every change of every breaker, as `endpoint: from > to`. */
function changesOf(gateway: TestGateway): string[] {
  const changes: string[] = [];
  gateway.gateway.events.on("breaker.changed", ({ endpoint, from, to }: BreakerChanged) => {
    changes.push(`${endpoint === "" ? "upstream" : "endpoint"}: ${from} > ${to}`);
  });
  return changes;
}

/** An origin whose answers are as `state` says at the time. */
function fickle(state: { status: number }): Promise<ScriptedOrigin> {
  return ScriptedOrigin.start((request: OriginRequest) => request.send(answer(state.status, `${state.status}`)));
}

const BREAKER = { failureThreshold: 3, openFor: "10s", jitter: 0 } as const;

Deno.test("a breaker opens on failures, the other endpoint takes all, a trial closes it again", async () => {
  const clock = new FakeClock(), state = { status: 503 };
  await using bad = await fickle(state);
  await using good = await answering(200, "good");
  await using gateway = gatewayTo([bad.url, good.url], clock, { settings: { circuitBreaker: BREAKER } });
  const changes = changesOf(gateway);
  for (let i = 0; i < 6; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.deepEqual([bad.requests.length, changes], [3, ["endpoint: closed > open"]]);
  for (let i = 0; i < 6; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.equal(bad.requests.length, 3, "nothing goes there while it is open");
  clock.advance(10_050);
  for (let i = 0; i < 4; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.equal(bad.requests.length, 4, "one trial fails, and it is open again");
  clock.advance(19_950);
  for (let i = 0; i < 4; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.equal(bad.requests.length, 4, "for twice as long");
  state.status = 200;
  clock.advance(100);
  for (let i = 0; i < 6; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.ok(bad.requests.length >= 6, "it takes its share again");
  assert.deepEqual(changes, [
    "endpoint: closed > open",
    "endpoint: open > half-open",
    "endpoint: half-open > open",
    "endpoint: open > half-open",
    "endpoint: half-open > closed",
  ]);
  assert.deepEqual(logOf(gateway), [
    `warn: circuit breaker is open (o/${bad.url})`,
    `info: circuit breaker is half-open (o/${bad.url})`,
    `warn: circuit breaker is open (o/${bad.url})`,
    `info: circuit breaker is half-open (o/${bad.url})`,
    `info: circuit breaker is closed (o/${bad.url})`,
  ]);
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: all breakers open: 503 circuit_open at once with Retry-After, and nobody is connected to`, async () => {
    const clock = new FakeClock(), tried: number[] = [];
    const counting: Connect = (address, signal) => {
      tried.push(address.port);
      return connect(address, signal);
    };
    await using gateway = gatewayTo([REFUSING, "http://127.0.0.1:9"], clock, {
      settings: { circuitBreaker: { ...BREAKER, failureThreshold: 1 } },
      world: { connect: counting },
      listen: { engine },
    });
    await ask(gateway, get());
    assert.equal(tried.length, 2);
    const response = await ask(gateway, get());
    assert.deepEqual([response.status, JSON.parse(response.text).code], [503, "circuit_open"]);
    assert.equal(response.header("retry-after"), "10");
    assert.deepEqual([tried.length, clock.now()], [2, 0]);
    const event = await gateway.event(1);
    assert.deepEqual([event.attempts, event.endpoint, event.error], [0, "", "circuit_open"]);
    clock.advance(7_300);
    assert.equal((await ask(gateway, get())).header("retry-after"), "3");
  });
}

Deno.test("a breaker of the whole upstream opens on what requests came to, not on what was tried on the way", async () => {
  const clock = new FakeClock();
  await using bad = await answering(503);
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], clock, {
    settings: { circuitBreaker: { per: "upstream", ...BREAKER } },
  });
  const changes = changesOf(gateway);
  for (let i = 0; i < 10; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.deepEqual(changes, []);
});

Deno.test("a breaker of the whole upstream opens, lets a trial pass and closes", async () => {
  const clock = new FakeClock(), state = { status: 500 };
  await using origin = await fickle(state);
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { circuitBreaker: { per: "upstream", ...BREAKER } },
  });
  const changes = changesOf(gateway);
  for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, get())).text, "500");
  const refused = await ask(gateway, get());
  assert.deepEqual([refused.status, refused.header("retry-after")], [503, "10"]);
  assert.equal(JSON.parse(refused.text).code, "circuit_open");
  assert.equal(origin.requests.length, 3);
  clock.advance(10_050);
  state.status = 200;
  for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, get())).status, 200);
  assert.deepEqual(changes, ["upstream: closed > open", "upstream: open > half-open", "upstream: half-open > closed"]);
});

for (const per of ["endpoint", "upstream"] as const) {
  Deno.test(`of many at once no more than halfOpenRequests try a half-open ${per}`, async () => {
    const clock = new FakeClock();
    await using origin = await HoldingOrigin.start();
    await using gateway = gatewayTo([origin.url], clock, {
      settings: { circuitBreaker: { per, ...BREAKER, failureThreshold: 1, halfOpenRequests: 2, successThreshold: 2 } },
    });
    const changes = changesOf(gateway);
    await using first = await Pending.send(gateway, get());
    await origin.release(0, answer(500));
    assert.equal((await first.response).status, 500);
    clock.advance(10_050);
    await using all = new AsyncDisposableStack();
    const pending: Pending[] = [];
    for (let i = 0; i < 12; i++) pending.push(all.use(await Pending.send(gateway, get())));
    await until(() => pending.filter(({ status }) => status === 503).length === 10);
    assert.equal(origin.count, 3);
    await origin.release(1);
    await settle();
    assert.equal(changes.at(-1), `${per}: open > half-open`);
    await origin.release(2);
    await until(() => pending.every(({ status }) => status !== null));
    assert.deepEqual(pending.map(({ status }) => status).sort().slice(0, 3), [200, 200, 503]);
    assert.equal(changes.at(-1), `${per}: half-open > closed`);
  });
}

Deno.test("a trial whose client leaves gives its place back and decides nothing", async () => {
  const clock = new FakeClock();
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { circuitBreaker: { ...BREAKER, failureThreshold: 1 } },
  });
  const changes = changesOf(gateway);
  await using first = await Pending.send(gateway, get());
  await origin.release(0, answer(500));
  await first.response;
  clock.advance(10_050);
  await using trial = await Pending.send(gateway, get());
  await until(() => origin.count === 2);
  await trial.client.reset();
  await origin.held[1].request.connection.ended();
  assert.equal(changes.at(-1), "endpoint: open > half-open");
  await using second = await Pending.send(gateway, get());
  await origin.release(2);
  assert.equal((await second.response).status, 200);
  assert.equal(changes.at(-1), "endpoint: half-open > closed");
});

Deno.test("a body that breaks off counts as a failure, behind a 200 too", async () => {
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await request.connection.close();
  });
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    settings: { circuitBreaker: { ...BREAKER, failureThreshold: 2 } },
  });
  for (let i = 0; i < 2; i++) await assert.rejects(ask(gateway, get()));
  assert.equal(JSON.parse((await ask(gateway, get())).text).code, "circuit_open");
});

const COUNTED: readonly [failures: readonly ("reset" | "5xx" | number)[], status: number, opens: boolean][] = [
  [["5xx"], 500, true],
  [["5xx"], 404, false],
  [[404], 404, true],
  [["reset"], 503, false],
  [[503], 500, false],
];
for (const [failures, status, opens] of COUNTED) {
  Deno.test(`with failures: ${failures} answers of ${status} ${opens ? "open" : "do not open"} the breaker`, async () => {
    await using origin = await answering(status);
    await using gateway = gatewayTo([origin.url], new FakeClock(), {
      settings: { circuitBreaker: { ...BREAKER, failureThreshold: 2, failures }, retry: false },
    });
    for (let i = 0; i < 2; i++) assert.equal((await ask(gateway, get())).status, status);
    const { text } = await ask(gateway, get());
    assert.equal(text.includes("circuit_open"), opens);
  });
}

Deno.test("whoever waits for a place is told when the breaker opens, and does not wait on", async () => {
  const clock = new FakeClock();
  await using origin = await HoldingOrigin.start();
  await using gateway = gatewayTo([origin.url], clock, {
    settings: { circuitBreaker: { ...BREAKER, failureThreshold: 1 }, maxInFlight: 1, retry: false },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => origin.count === 1);
  await using second = await Pending.send(gateway, get());
  await settle();
  await origin.release(0, answer(500));
  assert.equal((await first.response).status, 500);
  assert.equal(JSON.parse((await second.response).text).code, "circuit_open");
  assert.equal(clock.now(), 0);
});

Deno.test("a try that opens the only endpoint's breaker is the last: its own answer passes", async () => {
  await using origin = await answering(503, "own");
  await using gateway = gatewayTo([origin.url], new FakeClock(), {
    settings: { circuitBreaker: { ...BREAKER, failureThreshold: 1 }, retry: { attempts: 3 } },
  });
  const response = await ask(gateway, get());
  assert.deepEqual([response.status, response.text, origin.requests.length], [503, "own", 1]);
});

Deno.test("a half-open breaker takes the head of a stream for the deed: the stream may never end", async () => {
  const clock = new FakeClock();
  let broken = true;
  await using origin = await ScriptedOrigin.start(async (request: OriginRequest) => {
    if (broken) return await request.send(answer(500));
    await request.send(
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n",
    );
    await request.hang();
  });
  for (const per of ["endpoint", "upstream"] as const) {
    broken = true;
    await using gateway = gatewayTo([origin.url], clock, {
      settings: { circuitBreaker: { per, failureThreshold: 1, openFor: "10s", jitter: 0 } },
    });
    const states: string[] = [];
    gateway.gateway.events.on("breaker.changed", ({ to }) => states.push(to));
    assert.equal((await ask(gateway, get())).status, 500);
    broken = false;
    clock.advance(10_100);
    await using first = await gateway.connect();
    await first.send(get());
    await first.takeUntil("one");
    await using second = await gateway.connect();
    await second.send(get());
    await second.takeUntil("one");
    assert.deepEqual(states, ["open", "half-open", "closed"]);
  }
});

Deno.test("who waits for a connection of a full pool for longer than a try may take does not speak against the endpoint", async () => {
  const clock = new FakeClock();
  await using held = await HoldingOrigin.start();
  await using gateway = gatewayTo([held.url], clock, {
    settings: {
      pool: { max: 1 },
      timeouts: { attempt: "1s" },
      retry: false,
      circuitBreaker: { failureThreshold: 1, failures: ["connect-error"] },
    },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => held.count === 1);
  await using second = await Pending.send(gateway, post("x"));
  await passUntil(clock, second.response, 100);
  const { status, text } = await second.response;
  assert.deepEqual([status, JSON.parse(text).code], [503, "pool_exhausted"]);
  assert.deepEqual(gateway.gateway.upstreams()[0].endpoints[0].breaker, { state: "closed", opensFor: 0 });
  await passUntil(clock, first.response, 100);
});

import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import {
  answering,
  chunk,
  chunkedHead,
  ENGINES,
  gatewayTo,
  get,
  type Held,
  HoldingOrigin,
  HoldingOrigins,
  Pending,
  post,
  request,
  settle,
} from "./traffic_bed.ts";

const HEDGED = { hedge: { after: "200ms" } } as const;

for (const winner of [0, 1]) {
  Deno.test(`a second request goes out after the delay, and the ${winner === 0 ? "first" : "second"} one's answer wins`, async () => {
    const clock = new FakeClock();
    await using a = await HoldingOrigin.start();
    await using b = await HoldingOrigin.start();
    await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED });
    await using pending = await Pending.send(gateway, get());
    await until(() => a.count === 1);
    clock.advance(199);
    await settle();
    assert.equal(b.count, 0);
    clock.advance(1);
    await until(() => b.count === 1);
    const [won, lost] = winner === 0 ? [a, b] : [b, a];
    await won.release(0, answer(200, "won"));
    const response = await pending.response;
    assert.deepEqual([response.status, response.text], [200, "won"]);
    await lost.held[0].request.connection.ended();
    const event = await gateway.event();
    assert.deepEqual([event.attempts, event.endpoint], [2, `o/${won.url}`]);
  });
}

Deno.test("an answer within the delay leaves no second request to come", async () => {
  const clock = new FakeClock();
  await using a = await answering(200);
  await using b = await answering(200);
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED });
  await using pending = await Pending.send(gateway, get());
  await pending.response;
  clock.advance(1_000);
  await settle();
  assert.equal(a.requests.length + b.requests.length, 1);
});

const NEVER: readonly [what: string, text: string][] = [
  ["a POST", post("pay")],
  ["a PATCH", request("PATCH", "/", [], "pay")],
  ["an upload that is still to come", chunkedHead("PUT") + chunk("hello")],
];
for (const [what, text] of NEVER) {
  Deno.test(`${what} is never sent twice at once`, async () => {
    const clock = new FakeClock();
    await using a = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
    await using b = await HoldingOrigin.start();
    await using gateway = gatewayTo([a.url, b.url], clock, {
      settings: { ...HEDGED, retry: { unsafe: "may-duplicate" } },
    });
    await using client = await gateway.connect();
    await client.send(text);
    await until(() => a.connections[0]?.received.length > 0);
    clock.advance(300);
    await settle();
    assert.equal(b.count, 0);
    await client.close();
  });
}

Deno.test("a POST with an Idempotency-Key is hedged", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED });
  await using pending = await Pending.send(gateway, post("pay", "idempotency-key: 7"));
  await until(() => a.count === 1);
  clock.advance(200);
  await b.release(0);
  assert.equal((await pending.response).status, 200);
  assert.equal(await b.held[0].request.text(), "pay");
});

Deno.test("there is no second request where there is no second endpoint", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url], clock, { settings: HEDGED });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  clock.advance(300);
  await settle();
  assert.equal(a.count, 1);
  await a.release(0);
  assert.equal((await pending.response).status, 200);
});

Deno.test("max requests go out beside the first, each to another endpoint, one delay after the other", async () => {
  const clock = new FakeClock();
  await using all = new AsyncDisposableStack();
  const origins: HoldingOrigin[] = [];
  for (let i = 0; i < 4; i++) origins.push(all.use(await HoldingOrigin.start()));
  await using gateway = gatewayTo(origins.map(({ url }) => url), clock, {
    settings: { hedge: { after: "200ms", max: 2 } },
  });
  await using pending = await Pending.send(gateway, get());
  const counts = () => origins.map(({ count }) => count);
  for (const seen of [[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 0]]) {
    await until(() => counts().join() === seen.join());
    clock.advance(200);
  }
  await settle();
  assert.deepEqual(counts(), [1, 1, 1, 0]);
  await origins[2].release(0);
  assert.equal((await pending.response).status, 200);
  for (const lost of [origins[0], origins[1]]) await lost.held[0].request.connection.ended();
});

for (const engine of ENGINES) {
  Deno.test(`${engine}: a client that leaves ends both requests, and neither endpoint is blamed`, async () => {
    const clock = new FakeClock();
    await using a = await HoldingOrigin.start();
    await using b = await HoldingOrigin.start();
    await using gateway = gatewayTo([a.url, b.url], clock, {
      settings: { ...HEDGED, circuitBreaker: { failureThreshold: 1 }, maxInFlight: { total: 1 } },
      listen: { engine },
    });
    let opened = 0;
    gateway.gateway.events.on("breaker.changed", () => opened++);
    await using client = await gateway.connect();
    await client.send(get());
    await until(() => a.count === 1);
    clock.advance(200);
    await until(() => b.count === 1);
    await client.reset();
    await passUntil(clock, gateway.event(), 10);
    assert.equal((await gateway.event()).status, 499);
    for (const { held } of [a, b]) await held[0].request.connection.ended();
    assert.equal(opened, 0);
    await using next = await Pending.send(gateway, get());
    await until(() => a.count + b.count === 3);
    await (a.count === 2 ? a : b).release(1);
    assert.equal((await next.response).status, 200);
  });
}

Deno.test("the loser of two is not blamed, and both places are free again", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, {
    settings: {
      ...HEDGED,
      circuitBreaker: { failureThreshold: 1 },
      maxInFlight: { perEndpoint: 1, queue: 0 },
      retry: { budget: { ratio: 0, floor: 1 } },
    },
  });
  let opened = 0;
  gateway.gateway.events.on("breaker.changed", () => opened++);
  for (let i = 0; i < 3; i++) {
    await using pending = await Pending.send(gateway, get());
    await until(() => a.count + b.count === 2 * i + 1);
    clock.advance(200);
    await until(() => a.count === i + 1 && b.count === i + 1);
    await (i % 2 === 0 ? b : a).release(i);
    assert.equal((await pending.response).status, 200);
    await (i % 2 === 0 ? a : b).held[i].request.connection.ended();
  }
  assert.equal(opened, 0);
});

Deno.test("no more second requests than the budget has places for", async () => {
  const clock = new FakeClock();
  await using origins = await HoldingOrigins.start(2);
  await using gateway = gatewayTo(origins.urls, clock, {
    settings: { ...HEDGED, retry: { budget: { ratio: 0, floor: 2 } } },
  });
  await using all = new AsyncDisposableStack();
  const pending: Pending[] = [];
  for (let i = 0; i < 6; i++) pending.push(all.use(await Pending.send(gateway, get())));
  const firsts: Held[] = [];
  for (let i = 0; i < 6; i++) firsts.push(await origins.next());
  clock.advance(200);
  await until(() => origins.count === 8);
  await settle();
  assert.equal(origins.count, 8);
  for (const { go } of firsts) go(answer(200));
  for (const { response } of pending) assert.equal((await response).status, 200);
});

Deno.test("a percentile counts from the twentieth answer on", async () => {
  const clock = new FakeClock();
  await using origins = await HoldingOrigins.start(2);
  await using gateway = gatewayTo(origins.urls, clock, { settings: { hedge: { after: "p90" } } });
  for (let i = 0; i < 20; i++) {
    await using pending = await Pending.send(gateway, get());
    const { go } = await origins.next();
    clock.advance(100);
    go(answer(200));
    await pending.response;
  }
  assert.equal(origins.count, 20);
  await using slow = await Pending.send(gateway, get());
  await origins.next();
  clock.advance(99);
  await settle();
  assert.equal(origins.count, 21);
  // Buckets are nine hundredths wide.
  clock.advance(15);
  (await origins.next()).go(answer(200, "second"));
  assert.equal((await slow.response).text, "second");
});

Deno.test("a route may have its own hedging, or none", async () => {
  for (const [hedge, count] of [[false, 0], [{ after: "50ms" }, 1]] as const) {
    const clock = new FakeClock();
    await using a = await HoldingOrigin.start();
    await using b = await HoldingOrigin.start();
    await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED, route: { hedge } });
    await using pending = await Pending.send(gateway, get());
    await until(() => a.count === 1);
    clock.advance(hedge === false ? 1_000 : 50);
    await settle();
    assert.equal(b.count, count);
    await a.release(0);
    await pending.response;
  }
});

Deno.test("an answer whose body is on its way is not overtaken", async () => {
  const clock = new FakeClock(), end = Promise.withResolvers<void>();
  await using a = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await end.promise;
    await request.send("0\r\n\r\n");
  });
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED });
  await using pending = await Pending.send(gateway, get());
  await until(() => pending.client.receivedText.includes("hello"));
  clock.advance(1_000);
  await settle();
  end.resolve();
  assert.equal((await pending.response).text, "hello");
  assert.equal(b.count, 0);
});

Deno.test("a second request does not go to a backup while the ordinary endpoint is well", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using backup = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, { url: backup.url, backup: true }], clock, {
    settings: { hedge: { after: "200ms" } },
  });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await settle();
  clock.advance(1_000);
  await settle();
  assert.equal(backup.count, 0);
  await a.release(0);
  await pending.response;
});

Deno.test("the delay of a second request counts from the try that is under way, not from one that is over", async () => {
  const clock = new FakeClock();
  await using origins = await HoldingOrigins.start(3);
  await using gateway = gatewayTo(origins.urls, clock, { settings: { hedge: { after: "200ms" } } });
  await using pending = await Pending.send(gateway, get());
  const first = await origins.next();
  clock.advance(190);
  first.go(answer(503));
  const retry = await origins.next();
  clock.advance(10);
  await settle();
  assert.equal(origins.count, 2, "the retry has taken 10 ms");
  clock.advance(190);
  (await origins.next()).go(answer(200, "hedge"));
  assert.equal((await pending.response).text, "hedge");
  await retry.request.connection.ended();
});

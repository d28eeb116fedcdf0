import { strict as assert } from "node:assert";
import { defineBalancer } from "gatewright";
import { FakeClock } from "../support/fake_clock.ts";
import { answer } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { gatewayTo, get, HoldingOrigin, HoldingOrigins, Pending, REFUSING, settle } from "./traffic_bed.ts";

const HEDGED = { hedge: { after: "200ms" } } as const;

const BAD: readonly [what: string, bad: string][] = [["503", answer(503)], ["garbage", "garbage\r\n\r\n"]];
for (const [what, bad] of BAD) {
  Deno.test(`a first request that comes to ${what} waits for the second`, async () => {
    const clock = new FakeClock();
    await using a = await HoldingOrigin.start();
    await using b = await HoldingOrigin.start();
    await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED });
    await using pending = await Pending.send(gateway, get());
    await until(() => a.count === 1);
    clock.advance(200);
    await until(() => b.count === 1);
    await a.release(0, bad);
    await settle();
    assert.equal(pending.status, null);
    await b.release(0, answer(200, "second"));
    assert.equal((await pending.response).text, "second");
  });

  Deno.test(`a second request that comes to ${what} leaves the first to answer`, async () => {
    const clock = new FakeClock();
    await using a = await HoldingOrigin.start();
    await using b = await HoldingOrigin.start();
    await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED });
    await using pending = await Pending.send(gateway, get());
    await until(() => a.count === 1);
    clock.advance(200);
    await b.release(0, bad);
    await settle();
    assert.equal(pending.status, null);
    await a.release(0, answer(200, "first"));
    assert.equal((await pending.response).text, "first");
  });
}

Deno.test("a second request that finds nobody there does no harm", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, REFUSING], clock, { settings: HEDGED });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  clock.advance(200);
  await settle();
  await a.release(0, answer(200, "first"));
  assert.equal((await pending.response).text, "first");
});

Deno.test("both fail: the client gets what the last one came to, and a try that is left is used", async () => {
  for (const [attempts, status] of [[2, 504], [3, 200]]) {
    const clock = new FakeClock();
    await using all = await HoldingOrigins.start(3);
    await using gateway = gatewayTo(all.urls, clock, { settings: { ...HEDGED, retry: { attempts } } });
    await using pending = await Pending.send(gateway, get());
    const first = await all.next();
    clock.advance(200);
    const second = await all.next();
    first.go(answer(503));
    await settle();
    second.go(answer(504));
    if (attempts === 3) (await all.next()).go(answer(200));
    assert.equal((await pending.response).status, status);
    assert.equal(all.count, attempts);
  }
});

Deno.test("two requests for one 503 that is the upstream's own answer: it passes", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: { ...HEDGED, retry: false } });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  clock.advance(200);
  await until(() => b.count === 1);
  await a.release(0, answer(503, "own"));
  await settle();
  await b.release(0, answer(503, "own"));
  const response = await pending.response;
  assert.deepEqual([response.status, response.text], [503, "own"]);
});

Deno.test("an answer that waits for a second request is not lost when that one comes to nothing", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: { hedge: { after: "200ms" } } });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await settle();
  clock.advance(200);
  await until(() => b.count === 1);
  await a.release(0, answer(500, "the application's own words"));
  await settle();
  await b.held[0].request.connection.reset();
  const response = await pending.response;
  assert.deepEqual([response.status, response.text], [500, "the application's own words"]);
});

Deno.test("a status that retry.on lists waits for the second request, whatever it is", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, {
    settings: { hedge: { after: "200ms" }, retry: { on: [429] } },
  });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await settle();
  clock.advance(200);
  await until(() => b.count === 1);
  await a.release(0, answer(429));
  await settle();
  await b.release(0, answer(200, "second"));
  assert.equal((await pending.response).text, "second");
});

Deno.test("a failure while a second request is under way does not use up the try that would come to something", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, REFUSING], clock, { settings: { hedge: { after: "200ms" } } });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await settle();
  clock.advance(200);
  await settle();
  // The second request found nobody there: the first may still be tried again.
  await a.held[0].request.connection.reset();
  await until(() => a.count === 2 || pending.status !== null);
  if (a.count === 2) await a.release(1, answer(200, "again"));
  assert.equal((await pending.response).text, "again");
});

Deno.test("a balancer that fails for the second request leaves the first alone", async () => {
  const clock = new FakeClock();
  // Written with two endpoints in mind: there is one left for a second request.
  const second = defineBalancer({ name: "second", create: () => (eligible) => eligible[1] });
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, {
    settings: { hedge: { after: "200ms" }, balance: second },
  });
  await using pending = await Pending.send(gateway, get());
  await until(() => b.count === 1);
  clock.advance(200);
  await settle();
  if (pending.status === null) await b.release(0);
  assert.equal((await pending.response).status, 200);
});

Deno.test("an answer that nobody would ask for again does not wait for the second request", async () => {
  const clock = new FakeClock();
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: HEDGED });
  await using pending = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  clock.advance(200);
  await until(() => b.count === 1);
  await a.release(0, answer(500, "the application's own words"));
  assert.equal((await pending.response).text, "the application's own words");
});

Deno.test("an endpoint that never answers is ejected, though a second request always answers for it", async () => {
  const clock = new FakeClock();
  await using hung = await HoldingOrigin.start();
  await using well = await HoldingOrigin.start();
  await using gateway = gatewayTo([hung.url, well.url], clock, {
    settings: { ...HEDGED, outliers: { consecutiveGatewayErrors: 2 }, circuitBreaker: { failureThreshold: 1 } },
  });
  const told: string[] = [];
  gateway.gateway.events.on("endpoint.ejected", ({ endpoint }) => told.push(endpoint));
  gateway.gateway.events.on("breaker.changed", ({ to }) => told.push(to));
  while (hung.count < 2) {
    const served = well.count, before = hung.count + served;
    await using pending = await Pending.send(gateway, get());
    await until(() => hung.count + well.count > before);
    if (well.count === served) clock.advance(200);
    await well.release(served);
    assert.equal((await pending.response).status, 200);
  }
  assert.deepEqual(told, [`o/${hung.url}`]);
  const [{ latency, failures }] = gateway.gateway.upstreams()[0].endpoints;
  assert.ok(latency >= 200, `${latency} ms`);
  assert.equal(failures, 0, "it may only be slow");
});

Deno.test("hedges are within the default budget where nothing is tried again", async () => {
  const clock = new FakeClock();
  await using all = await HoldingOrigins.start(2);
  await using gateway = gatewayTo(all.urls, clock, { settings: { ...HEDGED, retry: false } });
  await using pending = new AsyncDisposableStack();
  for (let i = 0; i < 5; i++) pending.use(await Pending.send(gateway, get()));
  await until(() => all.count === 5);
  clock.advance(200);
  await until(() => all.count === 8);
  await settle();
  assert.equal(all.count, 8, "three more, the floor of the budget");
});

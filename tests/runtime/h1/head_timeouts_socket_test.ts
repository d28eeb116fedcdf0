import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { FakeClock } from "../../support/fake_clock.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { passUntil } from "../../support/until.ts";
import { arrive, get } from "./setup.ts";

const timeouts = { header: "2s", idle: "5s" } as const;

function start(clock: FakeClock): TestGateway {
  return TestGateway.start(
    defineGateway({ routes: [{ path: "/", respond: { body: "here" } }] }),
    { clock },
    { engine: "h1", timeouts },
  );
}

Deno.test("a connection without a byte is closed at the header time-out, not before; nothing is logged as a request", async () => {
  const clock = new FakeClock();
  await using gateway = start(clock);
  await using client = await gateway.connect();
  await clock.untilPending(1);
  clock.advance(1_900);
  await arrive();
  assert.equal(client.ending, null);
  await clock.pass(400);
  assert.equal(await client.ended(), "fin");
  assert.equal(client.received.length, 0);
  assert.equal(gateway.completed.length, 0);
  assert.equal(clock.pending, 0, "the sweep rests when nobody is there");
});

Deno.test("half a head: 408 with a log line of its own, then FIN, and the socket is freed although the client stays", async () => {
  const clock = new FakeClock();
  await using gateway = start(clock);
  await using client = await gateway.connect();
  await client.send("GET / HTTP/1.1\r\nhost: a");
  await arrive();
  const response = client.response();
  await passUntil(clock, response, 100);
  assert.deepEqual([(await response).status, (await response).header("connection")], [408, "close"]);
  assert.ok(clock.now() <= 2_500, `after ${clock.now()} ms`);
  assert.equal(await client.ended(), "fin");
  const { status, error, method, path } = await gateway.event();
  assert.deepEqual([status, error, method, path], [408, "request_timeout", "", ""]);
  clock.advance(5_500);
  assert.equal(clock.pending, 0, "no connection is left");
});

Deno.test("a head's time counts from its first byte, on each request anew, and bytes buy none", async () => {
  const clock = new FakeClock();
  await using gateway = start(clock);
  await using client = await gateway.connect();
  for (let i = 0; i < 3; i++) {
    // Quiet for longer than a head may take, then a head that takes most of its time.
    if (i > 0) clock.advance(4_000);
    const head = get();
    await client.send(head.slice(0, 10));
    await arrive();
    clock.advance(1_500);
    await client.send(head.slice(10));
    assert.equal((await client.response()).text, "here");
  }
  const head = get("/", `x-long: ${"y".repeat(100)}`);
  let at = 0;
  while (client.ending === null && at < head.length - 4) {
    await client.send(head[at++]).catch(() => {});
    await arrive();
    clock.advance(100);
  }
  assert.equal((await client.response()).status, 408);
  assert.ok(at < 30, `${at} bytes`);
});

Deno.test("the first head's time counts from the connection's beginning: a late first byte does not renew it, 408", async () => {
  const clock = new FakeClock();
  await using gateway = start(clock);
  await using client = await gateway.connect();
  await clock.untilPending(1);
  clock.advance(1_800);
  await client.send("G");
  await arrive();
  clock.advance(500);
  assert.equal((await client.response()).status, 408);
  assert.equal((await gateway.event()).error, "request_timeout");
});

Deno.test("an empty line between two requests is no request, and does not renew the idle time-out", async () => {
  const clock = new FakeClock();
  await using gateway = start(clock);
  await using client = await gateway.connect();
  await client.exchange(get());
  await arrive();
  clock.advance(3_000);
  await client.send("\r\n");
  await arrive();
  clock.advance(2_500);
  assert.equal(await client.ended(), "fin");
  assert.equal(gateway.completed.length, 1);
});

Deno.test("an idle connection is closed at the idle time-out, counted from its last answer", async () => {
  const clock = new FakeClock();
  await using gateway = start(clock);
  await using client = await gateway.connect();
  await client.exchange(get());
  await arrive();
  clock.advance(4_800);
  assert.equal((await client.exchange(get())).text, "here");
  await arrive();
  clock.advance(4_800);
  assert.equal(client.ending, null);
  clock.advance(500);
  assert.equal(await client.ended(), "fin");
  assert.equal(client.takeNow().length, 0);
});

Deno.test("dates are those of the gateway's clock, to the second", async () => {
  const clock = new FakeClock({ wall: Date.UTC(2026, 5, 1, 12, 0, 0) });
  await using gateway = start(clock);
  await using client = await gateway.connect();
  assert.equal((await client.exchange(get())).header("date"), "Mon, 01 Jun 2026 12:00:00 GMT");
  await clock.pass(1_100);
  assert.equal((await client.exchange(get())).header("date"), "Mon, 01 Jun 2026 12:00:01 GMT");
  await client.close();
  await clock.untilPending(0);
  clock.advance(60_000);
  await using later = await gateway.connect();
  assert.equal((await later.exchange(get())).header("date"), "Mon, 01 Jun 2026 12:01:01 GMT");
});

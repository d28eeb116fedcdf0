import { strict as assert } from "node:assert";
import { type BodyError, isBodySource } from "../../../src/core/body.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { FakeClock } from "../../support/fake_clock.ts";
import * as f from "./frames.ts";
import { Peer, settled } from "./peer.ts";
import { type Handle, type ListenerOptions, reply, TestListener } from "./test_listener.ts";

/** Of a test's listener, in milliseconds: header 2000, idle 5000, body 4000, write 3000. */
function listening(
  handle?: Handle,
  options: ListenerOptions = {},
): { listener: TestListener; pass: (ms: number) => Promise<void> } {
  const listener = new TestListener(handle, options), clock = listener.clock as FakeClock;
  return {
    listener,
    async pass(ms) {
      await clock.pass(ms, settled);
      await settled();
    },
  };
}

/** Reads the body to its end. */
const reading: Handle = async ({ body }) => {
  const scrap = new Uint8Array(1024);
  if (isBodySource(body)) { while (await body.read(scrap) > 0); }
  return Reply.text(200, "all");
};

Deno.test("a connection that says nothing, or half of its preface, is closed at the header time-out", async () => {
  for (const said of ["", "PRI * HT"]) {
    const { listener, pass } = listening();
    using peer = new Peer(listener);
    await peer.send(f.bytes(said));
    peer.take();
    await pass(1_900);
    assert.deepEqual(peer.lines(), []);
    await pass(400);
    assert.ok(peer.lines().length === 1 && peer.stream.writeClosed);
  }
});

Deno.test("an idle connection ends with GOAWAY at the idle time-out; pings buy no time", async () => {
  const { listener, pass } = listening();
  using peer = await listener.connect();
  await pass(3_000);
  await peer.send(f.get(1));
  await pass(4_800);
  await peer.send(f.ping());
  assert.equal(peer.stream.writeClosed, false);
  peer.take();
  await pass(400);
  assert.deepEqual([peer.lines(), peer.stream.writeClosed, peer.stream.closed], [["GOAWAY 1 0"], true, false]);
  await pass(5_300);
  assert.deepEqual([peer.stream.closed, listener.connections], [true, 0], "it was heard out");
});

Deno.test("a stream that is served is no idle connection", async () => {
  const { listener, pass } = listening(() => new Promise<Reply>(() => {}));
  using peer = await listener.connect();
  await peer.send(f.get(1));
  await pass(60_000);
  assert.deepEqual(peer.lines(), []);
});

Deno.test("a field block that does not end: 408, and the connection ends; further frames of it buy no time", async () => {
  const { listener, pass } = listening();
  using peer = await listener.connect();
  await peer.send(f.frame(f.HEADERS, f.END, 1, f.block(...f.pseudo())));
  for (let i = 0; i < 3; i++) {
    await pass(500);
    await peer.send(f.frame(f.CONTINUATION, 0, 1, f.block(["x-a", "1"])));
  }
  assert.deepEqual(peer.lines(), []);
  await pass(700);
  assert.deepEqual(peer.lines(), ["HEADERS 1 408", "DATA 1 189 END", "GOAWAY 1 11"]);
  assert.deepEqual(listener.lines, ["408 - - request_timeout"]);
});

Deno.test("a frame that does not end closes the connection; DATA has the body's time", async () => {
  const { listener, pass } = listening(reading);
  using peer = await listener.connect();
  await peer.send(f.post(1), f.data(1, "x".repeat(1000)).subarray(0, 500));
  await pass(3_000);
  assert.deepEqual(peer.lines(), []);
  using other = await listener.connect();
  await other.send(f.post(1), f.ping().subarray(0, 12));
  await pass(2_300);
  assert.deepEqual(other.lines(), ["GOAWAY 1 11"]);
});

Deno.test("a busy connection whose reads end within frames is not taken for a slow one", async () => {
  const { listener, pass } = listening();
  using peer = await listener.connect();
  await peer.send(f.get(1).subarray(0, 5));
  for (let stream = 1; stream < 21; stream += 2) {
    await pass(500);
    await peer.send(f.get(stream).subarray(5), f.get(stream + 2).subarray(0, 5));
  }
  assert.equal(listener.log.length, 10);
});

Deno.test("a body that stands still is a 408 once somebody waits for it, and goes on where nobody does", async () => {
  const { listener, pass } = listening((exchange) =>
    exchange.path === "/read" ? reading(exchange) : new Promise<Reply>(() => {})
  );
  using peer = await listener.connect();
  await peer.send(f.post(1, "/read"), f.post(3, "/unread"), f.data(1, "x"), f.data(3, "x"));
  await pass(3_900);
  assert.deepEqual(peer.lines(), []);
  await peer.send(f.data(1, ""));
  await pass(400);
  assert.deepEqual(peer.lines(), ["HEADERS 1 408", "DATA 1 206 END", "RST 1 0"]);
  assert.deepEqual(listener.lines, ["408 POST /read request_body_timeout"]);
});

Deno.test("a body that drips below the least rate is cut although no wait is too long", async () => {
  for (const [size, status] of [[1_900, "408"], [2_700, undefined]] as const) {
    const { listener, pass } = listening(reading, { minRate: 1_000 });
    using peer = await listener.connect();
    await peer.send(f.post(1));
    for (let i = 0; i < 20 && listener.log.length === 0; i++) {
      await peer.send(f.data(1, "d".repeat(size)));
      await pass(2_000);
    }
    assert.equal(listener.lines[0]?.slice(0, 3), status);
  }
});

Deno.test("a stream that waits for the window which others hold is not blamed for it", async () => {
  const { listener, pass } = listening((exchange) =>
    exchange.path === "/read" ? reading(exchange) : new Promise<Reply>(() => {})
  );
  using peer = await listener.connect();
  await peer.send(f.post(99, "/read"));
  for (const stream of [101, 103, 105, 107]) {
    await peer.send(f.post(stream, "/held"), ...Array.from({ length: 16 }, () => f.data(stream, "x".repeat(16_384))));
  }
  await pass(20_000);
  assert.deepEqual(peer.lines(), []);
});

Deno.test("a client that takes none of an answer: the stream is reset at the write time-out, others go on", async () => {
  const { listener, pass } = listening(({ path }) => reply(200, [], new Uint8Array(path === "/large" ? 50_000 : 10)));
  using peer = await listener.connect();
  await peer.send(f.settings([4, 100]), f.get(1, "/large"));
  peer.take();
  await pass(2_000);
  await peer.send(f.windowUpdate(1, 100));
  await pass(2_000);
  assert.deepEqual(peer.lines(), ["DATA 1 100"], "it took some");
  await pass(1_400);
  await peer.send(f.get(3));
  assert.deepEqual(peer.lines(), ["RST 1 8", "HEADERS 3 200", "DATA 3 10 END"]);
  assert.deepEqual(listener.lines, ["200 GET /large client_write_timeout", "200 GET /"]);
});

Deno.test("a source is not waited for by the write time-out", async () => {
  const { listener, pass } = listening(() =>
    reply(200, [], { length: undefined, cancel() {}, read: () => new Promise(() => {}) })
  );
  using peer = await listener.connect();
  await peer.send(f.get(1));
  await pass(60_000);
  assert.deepEqual(peer.lines(), ["HEADERS 1 200"]);
});

Deno.test("a socket that takes nothing is closed at the write time-out", async () => {
  const { listener, pass } = listening();
  using peer = await listener.connect();
  peer.stream.allow(3);
  await peer.send(f.get(1));
  await pass(2_900);
  assert.equal(peer.stream.closed, false);
  await pass(400);
  assert.deepEqual([peer.stream.closed, listener.lines, listener.connections], [true, [
    "499 GET / client_closed_request",
  ], 0]);
});

Deno.test("a client that takes an answer a byte at a time falls below the least rate", async () => {
  const { listener, pass } = listening(() => reply(200, [], new Uint8Array(50_000)), { minRate: 1_000 });
  using peer = await listener.connect();
  await peer.send(f.settings([4, 1]), f.get(1));
  for (let i = 0; i < 40 && listener.log.length === 0; i++) {
    await pass(1_000);
    await peer.send(f.windowUpdate(1, 1));
  }
  assert.deepEqual(listener.lines, ["200 GET / client_write_timeout"]);
});

Deno.test("the rest of an upload that was answered early has the body's time", async () => {
  const { listener, pass } = listening(() => Reply.text(200, "early"));
  using peer = await listener.connect();
  await peer.send(f.post(1, "/", ["content-length", "10"]));
  await pass(3_000);
  await peer.send(f.data(1, "x"));
  await pass(3_000);
  assert.deepEqual(peer.lines(), ["HEADERS 1 200", "DATA 1 5 END"]);
  await pass(1_400);
  assert.deepEqual(peer.lines(), ["RST 1 0"]);
});

Deno.test("a reader behind a time-out is told whose fault it was", async () => {
  const faults: unknown[] = [];
  const { listener, pass } = listening(async (exchange) => {
    await Promise.resolve(reading(exchange)).catch((error: BodyError) => faults.push(error.fault));
    return Reply.text(200, "");
  });
  using peer = await listener.connect();
  await peer.send(f.post(1));
  await pass(5_000);
  assert.deepEqual(faults, ["client-timeout"]);
});

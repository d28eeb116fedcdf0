import { strict as assert } from "node:assert";
import { type BodySource, isBodySource } from "../../../src/core/body.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { Reply } from "../../../src/core/reply.ts";
import * as f from "./frames.ts";
import { settled } from "./peer.ts";
import { type Handle, type ListenerOptions, TestListener } from "./test_listener.ts";

/** The body of an exchange, read to its end. */
async function readAll({ body }: Exchange): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0);
  if (!isBodySource(body)) return body;
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = new Uint8Array(1000), count = await body.read(piece);
    if (count === 0) return f.bytes(...pieces);
    pieces.push(piece.subarray(0, count));
  }
}

/** Answers with how much came, and which trailers. */
async function count(exchange: Exchange): Promise<Reply> {
  const { body } = exchange, bytes = await readAll(exchange);
  return Reply.text(200, `${bytes.length} ${isBodySource(body) ? JSON.stringify(body.trailers) : "bytes"}`);
}

/** The texts of the DATA that came. */
const texts = (frames: readonly { type: number; payload: Uint8Array }[]) =>
  frames.filter(({ type }) => type === f.DATA).map(({ payload }) => new TextDecoder().decode(payload));

Deno.test("a body that comes with its head is bytes; a later one, and one with trailers, is a source", async () => {
  const listener = new TestListener(count);
  using peer = await listener.connect();
  await peer.send(f.post(1), f.data(1, "he"), f.data(1, "llo", true));
  await peer.send(f.post(3), f.data(3, "he"));
  await peer.send(f.data(3, "llo", true));
  await peer.send(f.post(5), f.data(5, "hello"), f.head(5, f.block(["x-sum", "1"], ["x-b", ""])));
  await peer.send(f.post(7), f.data(7, "", true));
  assert.deepEqual(texts(peer.take()), ["5 bytes", "5 null", '5 ["x-sum","1","x-b",""]', "0 bytes"]);
  assert.deepEqual(listener.log.map(({ exchange }) => exchange.bytesIn), [5, 5, 5, 0]);
});

Deno.test("a length is told before the body has come", async () => {
  const listener = new TestListener(({ body }) => Reply.text(200, String(isBodySource(body) ? body.length : body)));
  using peer = await listener.connect();
  await peer.send(f.post(1, "/", ["content-length", "5"]), f.post(3));
  assert.deepEqual(texts(peer.take()), ["5", "undefined"]);
});

Deno.test("windows are given back as the body is read, and not before", async () => {
  const go = Promise.withResolvers<void>();
  const listener = new TestListener(async (exchange) => {
    await go.promise;
    return await count(exchange);
  });
  using peer = await listener.connect();
  await peer.send(f.post(1), ...Array.from({ length: 16 }, () => f.data(1, "x".repeat(16_384))));
  assert.deepEqual(peer.lines(), [], "nobody reads");
  go.resolve();
  await settled();
  const grown = peer.take().filter(({ type, stream }) => type === f.WINDOW && stream === 1);
  assert.ok(grown.length >= 1 && grown.length <= 2, `${grown.length} announcements`);
  await peer.send(f.data(1, "x", true));
  assert.deepEqual(texts(peer.take()), ["262145 null"]);
});

/** What becomes of requests whose bodies nobody reads. */
const UNREAD: readonly [how: string, handle: Handle, options?: ListenerOptions][] = [
  ["cancelled", ({ body }) => {
    (body as BodySource).cancel();
    return Reply.text(200, "enough");
  }],
  ["answered at once", () => Reply.text(200, "enough")],
  ["answered late", async () => {
    await settled();
    return Reply.text(200, "late");
  }],
  ["refused without asking anybody", () => Reply.text(200, "not asked"), { target: 1 }],
];

for (const [how, handle, options] of UNREAD) {
  for (const ends of [false, true]) {
    Deno.test(`bytes that nobody reads are given back to the connection: ${how}, ${ends ? "whole" : "open"}`, async () => {
      const listener = new TestListener(handle, options);
      using peer = await listener.connect();
      let given = 0;
      for (let stream = 1; stream < 160; stream += 2) {
        // Few enough to come with their head.
        const pieces = Array.from({ length: 2 }, () => f.data(stream, "x".repeat(16_384)));
        // With trailers, a body that came with its head is a source too.
        const end = ends ? [f.head(stream, f.block(["x-sum", "1"]))] : [];
        await peer.send(f.post(stream, "/upload"), ...pieces, ...end);
        await settled();
        for (const { type, payload } of peer.take()) {
          if (type === f.WINDOW) given += new DataView(payload.buffer).getUint32(0);
        }
      }
      assert.equal(listener.log.length, 80);
      assert.ok(given > 80 * 2 * 16_384 - 600_000, `${given} of ${80 * 2 * 16_384} bytes`);
    });
  }
}

Deno.test("bytes of streams that the client gives up are given back to the connection", async () => {
  const listener = new TestListener((exchange) => {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    exchange.onAbort({ abandon: () => resolve(Reply.text(200, "")) });
    return promise;
  });
  using peer = await listener.connect();
  for (let stream = 1; stream < 40; stream += 2) {
    await peer.send(f.post(stream), ...Array.from({ length: 8 }, () => f.data(stream, "x".repeat(16_384))));
    await peer.send(f.reset(stream));
  }
  assert.ok(peer.lines().every((line) => line.startsWith("WINDOW 0 ")));
});

Deno.test("a body beyond the limit is a 413 when it has come so far, or at once where it says so", async () => {
  const listener = new TestListener(count, { body: 1000 });
  using peer = await listener.connect();
  await peer.send(f.post(1, "/", ["content-length", "1000000"]));
  assert.deepEqual(peer.lines(), ["HEADERS 1 413", "DATA 1 176 END", "RST 1 0"]);
  await peer.send(f.post(3));
  await peer.send(f.data(3, "x".repeat(1000)));
  assert.deepEqual(peer.lines(), []);
  await peer.send(f.data(3, "x"));
  assert.deepEqual(peer.lines(), ["HEADERS 3 413", "DATA 3 176 END", "RST 3 0"]);
  await peer.send(f.post(5), f.data(5, "x".repeat(1001), true));
  assert.deepEqual(peer.lines(), ["HEADERS 5 413", "DATA 5 176 END"]);
  await peer.send(f.post(7), f.data(7, "x".repeat(1000), true));
  assert.deepEqual(texts(peer.take()), ["1000 bytes"]);
  assert.deepEqual(listener.lines.map((line) => line.split(" ").at(-1)), [...Array(3).fill("body_too_large"), "/"]);
});

Deno.test("100 is sent when the body is first read, and not when it comes by itself, or is not wanted", async () => {
  const listener = new TestListener((exchange) => exchange.path === "/no" ? Reply.text(200, "no") : count(exchange));
  using peer = await listener.connect();
  const expecting = (stream: number, path: string) => f.post(stream, path, ["expect", "100-continue"]);
  await peer.send(expecting(1, "/"));
  assert.deepEqual(peer.lines(), ["HEADERS 1 100"]);
  await peer.send(f.data(1, "hello", true));
  assert.deepEqual(peer.lines(), ["HEADERS 1 200", "DATA 1 6 END"]);
  await peer.send(expecting(3, "/"), f.data(3, "hel"));
  assert.deepEqual(peer.lines(), []);
  await peer.send(f.data(3, "lo", true));
  assert.deepEqual(peer.lines(), ["HEADERS 3 200", "DATA 3 6 END"]);
  await peer.send(expecting(5, "/no"));
  assert.deepEqual(peer.lines(), ["HEADERS 5 200", "DATA 5 2 END", "RST 5 0"]);
});

Deno.test("an early answer lets a short rest come, and refuses a long one", async () => {
  const listener = new TestListener(() => Reply.text(200, "early"));
  using peer = await listener.connect();
  const early = (stream: number) => [`HEADERS ${stream} 200`, `DATA ${stream} 5 END`];
  await peer.send(f.post(1, "/", ["content-length", "10"]));
  assert.deepEqual(peer.lines(), early(1));
  await peer.send(f.data(1, "0123456789", true));
  await peer.send(f.post(3, "/", ["content-length", "300000"]));
  assert.deepEqual(peer.lines(), [...early(3), "RST 3 0"]);
  await peer.send(f.data(3, "was on its way"));
  await peer.send(f.post(5));
  assert.deepEqual(peer.lines(), [...early(5), "RST 5 0"]);
  await peer.send(f.post(7, "/", ["content-length", "10"]));
  await peer.send(f.reset(7));
  assert.deepEqual(peer.lines(), early(7));
  assert.deepEqual(listener.lines, Array(4).fill("200 POST /"));
});

Deno.test("a client that resets while its body is read: the reader is told, 499", async () => {
  const faults: unknown[] = [];
  const listener = new TestListener(async (exchange) => {
    await readAll(exchange).catch((error) => faults.push(error.fault));
    return Reply.text(200, "too late");
  });
  using peer = await listener.connect();
  await peer.send(f.post(1), f.data(1, "x"));
  await peer.send(f.reset(1));
  assert.deepEqual([faults, peer.lines(), listener.lines], [["client"], [], ["499 POST / client_closed_request"]]);
  assert.equal(listener.log[0].exchange.bytesIn, 1);
});

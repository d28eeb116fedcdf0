import { strict as assert } from "node:assert";
import { BodyError, type BodySource } from "../../../src/core/body.ts";
import { BytesSource } from "../../../src/http/bytes_source.ts";
import { ClientWriter } from "../../../src/runtime/h1/client_writer.ts";
import type { ReplyFraming } from "../../../src/runtime/h1/reply_head.ts";
import { ReplyStream } from "../../../src/runtime/h1/reply_stream.ts";
import type { StreamEnding } from "../../../src/runtime/stream_ending.ts";
import { Sweep } from "../../../src/runtime/pace/sweep.ts";
import { BufferPool } from "../../../src/transport/buffer_pool.ts";
import { ScriptedBody } from "../../support/exchange.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { toBytes } from "../../support/latin1.ts";
import { MemoryStream, settled } from "./memory_stream.ts";
import { turn } from "../../support/turn.ts";

const HEAD = "HTTP/1.1 200 OK\r\n\r\n";

/** Sees that every buffer comes back once. */
class CountingPool extends BufferPool {
  readonly out = new Set<Uint8Array>();
  taken = 0;
  override take(): Uint8Array {
    const buffer = super.take();
    this.out.add(buffer);
    this.taken++;
    // What the one before left in it must never be seen.
    buffer.fill(0x21);
    return buffer;
  }
  override give(buffer: Uint8Array): void {
    assert.ok(this.out.delete(buffer), "a buffer that is not out came back");
    super.give(buffer);
  }
}

function start(source: BodySource, framing: ReplyFraming, head = HEAD, size = 128) {
  const stream = new MemoryStream(), writer = new ClientWriter(stream, new Sweep(new FakeClock()), 5_000);
  const buffers = { usual: new CountingPool(size, 4), large: new CountingPool(size * 8, 2) };
  const reply = new ReplyStream(source, writer, head, framing);
  return { stream, buffers, reply, send: () => reply.send(buffers) };
}

/** No buffer is lost, whatever became of the answer. */
function allBack({ usual, large }: { usual: CountingPool; large: CountingPool }): void {
  assert.deepEqual([usual.out.size, large.out.size], [0, 0], "buffers that did not come back");
}

/** A body whose reads are settled by hand. */
class HeldBody implements BodySource {
  readonly length = undefined;
  cancelled = 0;
  #held: { into: Uint8Array; pending: PromiseWithResolvers<number> } | null = null;
  get waiting(): boolean {
    return this.#held !== null;
  }
  read(into: Uint8Array): Promise<number> {
    const pending = Promise.withResolvers<number>();
    this.#held = { into, pending };
    return pending.promise;
  }
  async give(text: string): Promise<void> {
    const { into, pending } = this.#held!, bytes = toBytes(text);
    this.#held = null;
    into.set(bytes);
    pending.resolve(bytes.length);
    await settled();
  }
  async fail(error: Error): Promise<void> {
    const { pending } = this.#held!;
    this.#held = null;
    pending.reject(error);
    await settled();
  }
  cancel(): void {
    this.cancelled++;
    this.#held?.pending.reject(new BodyError("endpoint", "given up"));
    this.#held = null;
  }
}

for (const sync of [true, false]) {
  const how = sync ? "at hand" : "on its way";
  Deno.test(`ReplyStream: a body with a length that is ${how} goes out as it is behind its head`, async () => {
    const source = new ScriptedBody(["one", "two"], { length: 6, sync });
    const { stream, buffers, reply, send } = start(source, "length");
    assert.equal(await send(), "complete");
    assert.deepEqual([stream.heard, reply.bytes, source.cancelled], [HEAD + "onetwo", 6, 0]);
    allBack(buffers);
  });

  Deno.test(`ReplyStream: a body without a length that is ${how} goes out in chunks`, async () => {
    const { stream, buffers, reply, send } = start(new ScriptedBody(["one", "x".repeat(20)], { sync }), "chunked");
    assert.equal(await send(), "complete");
    assert.deepEqual(
      [stream.heard, reply.bytes],
      [HEAD + "3\r\none\r\n14\r\n" + "x".repeat(20) + "\r\n0\r\n\r\n", 23],
    );
    allBack(buffers);
  });

  Deno.test(`ReplyStream: an empty body that is ${how} ends in chunks as well as without`, async () => {
    for (const [framing, end] of [["chunked", "0\r\n\r\n"], ["close", ""], ["length", ""]] as const) {
      const { stream, send } = start(new ScriptedBody([], { sync }), framing);
      assert.deepEqual([await send(), stream.heard], ["complete", HEAD + end]);
    }
  });
}

Deno.test("ReplyStream sends trailers behind the last chunk, and none where they cannot stand", async () => {
  const source = () => new BytesSource(toBytes("hello"), ["x-sum", "abc", "content-length", "7"]);
  const chunked = start(source(), "chunked");
  await chunked.send();
  assert.equal(chunked.stream.heard, HEAD + "5\r\nhello\r\n0\r\nx-sum: abc\r\n\r\n");
  const closed = start(source(), "close");
  await closed.send();
  assert.equal(closed.stream.heard, HEAD + "hello");
});

Deno.test("ReplyStream sends the head while the body is not here, and the first byte with it where it is", async () => {
  const source = new HeldBody(), { stream, send } = start(source, "chunked"), done = send();
  await settled();
  assert.equal(stream.heard, HEAD);
  await source.give("a");
  assert.equal(stream.heard, HEAD + "1\r\na\r\n", "each piece at once");
  await source.give("");
  assert.equal(await done, "complete");
});

Deno.test("ReplyStream reads no piece while the one before is not out", async () => {
  const source = new HeldBody(), { stream, send } = start(source, "length"), done = send();
  await settled();
  stream.hold();
  await source.give("abc");
  assert.equal(source.waiting, false);
  stream.take();
  await settled();
  assert.equal(source.waiting, true);
  await source.give("");
  assert.equal(await done, "complete");
});

Deno.test("ReplyStream: a head that is longer than a buffer goes out before the body", async () => {
  const head = `HTTP/1.1 200 OK\r\nx: ${"y".repeat(500)}\r\n\r\n`;
  const { stream, buffers, send } = start(new ScriptedBody(["z".repeat(300)], { sync: true }), "chunked", head);
  assert.equal(await send(), "complete");
  assert.ok(stream.heard.startsWith(head));
  assert.equal(stream.heard.slice(head.length).replaceAll(/[0-9a-f]+\r\n|\r\n/g, ""), "z".repeat(300));
  allBack(buffers);
});

Deno.test("ReplyStream: a body that breaks off is broken, whether its reader waited or not, and its reason is kept", async () => {
  for (const sync of [true, false]) {
    const failure = new BodyError("endpoint", "broke");
    const source = new ScriptedBody(["one"], { sync, failure }),
      { stream, buffers, reply, send } = start(source, "chunked");
    assert.equal(await send(), "broken");
    assert.deepEqual([reply.cause, reply.bytes, stream.heard], [failure, 3, HEAD + "3\r\none\r\n"]);
    allBack(buffers);
  }
});

Deno.test("ReplyStream: a body that breaks off while its head is held back by the client is broken, not unhandled", async () => {
  const source = new HeldBody(), { stream, buffers, send } = start(source, "chunked");
  stream.hold();
  const done = send();
  await settled();
  await source.fail(new BodyError("endpoint", "broke"));
  // The runtime looks for rejections that nobody heard of.
  await turn();
  stream.take();
  assert.equal(await done, "broken");
  allBack(buffers);
});

const LEAVES: readonly [when: string, body: () => ScriptedBody | HeldBody, taken: number][] = [
  ["with the first piece", () => new ScriptedBody(["one", "two"], { sync: true }), 0],
  ["within a piece", () => new ScriptedBody(["one", "two"], { sync: true }), HEAD.length + 5],
  ["before the body begins", () => new HeldBody(), 0],
];

for (const [when, body, taken] of LEAVES) {
  Deno.test(`ReplyStream: a client that leaves ${when}: the source is told, buffers come back`, async () => {
    const source = body(), { stream, buffers, send } = start(source, "chunked");
    stream.take(taken);
    const done: Promise<StreamEnding> = send();
    await settled();
    stream.reset();
    assert.equal(await done, "left");
    assert.ok(source.cancelled > 0);
    allBack(buffers);
  });
}

Deno.test("ReplyStream takes large buffers for a body that says so, or proves to be large, and not before", async () => {
  const announced = start(new ScriptedBody(["x".repeat(2000)], { length: 2000, sync: true }), "length");
  assert.equal(await announced.send(), "complete");
  assert.deepEqual([announced.buffers.usual.taken, announced.buffers.large.taken], [0, 1]);
  const proven = start(new ScriptedBody(["x".repeat(3000)], { sync: true }), "chunked");
  assert.equal(await proven.send(), "complete");
  assert.deepEqual([proven.buffers.usual.taken, proven.buffers.large.taken], [1, 1]);
  const small = start(new ScriptedBody(["x".repeat(400)], { sync: true }), "chunked");
  assert.equal(await small.send(), "complete");
  assert.deepEqual([small.buffers.usual.taken, small.buffers.large.taken], [1, 0]);
  for (const { buffers } of [announced, proven, small]) allBack(buffers);
});

Deno.test("ReplyStream: no byte of another answer is in what a used buffer sends", async () => {
  const pools = { usual: new CountingPool(64, 1), large: new CountingPool(512, 1) };
  for (let i = 0; i < 20; i++) {
    const text = String.fromCharCode(97 + i).repeat(1 + (i * 37) % 150), stream = new MemoryStream();
    const writer = new ClientWriter(stream, new Sweep(new FakeClock()), 5_000);
    assert.equal(await new ReplyStream(new ScriptedBody([text]), writer, HEAD, "close").send(pools), "complete");
    assert.equal(stream.heard, HEAD + text);
  }
  allBack(pools);
});

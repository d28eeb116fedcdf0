import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { BodyError, type BodyFault } from "../../../src/core/body.ts";
import { RequestBody } from "../../../src/runtime/h1/request_body.ts";
import type { RequestFraming } from "../../../src/runtime/intake/framing.ts";
import { ByteSlab } from "../../../src/transport/byte_slab.ts";
import { ReadBuffer } from "../../../src/transport/read_buffer.ts";
import { toBytes, toText } from "../../support/latin1.ts";
import { settled } from "./memory_stream.ts";

const CHUNKED: RequestFraming = { chunked: true, length: 0 };
const length = (length: number): RequestFraming => ({ chunked: false, length });

/** A connection that is fed by hand. */
class Feed {
  wants = 0;
  overs = 0;
  readonly buffer = new ReadBuffer(256, 4096);
  readonly body: RequestBody;
  readonly slab = new ByteSlab();

  constructor(framing: RequestFraming, most = 1_000_000) {
    const owner = { wantBody: () => void this.wants++, bodyRead: () => void this.overs++ };
    this.body = new RequestBody(owner, this.buffer, framing, most);
  }

  /** Bytes come into the buffer. */
  put(text: string): void {
    const bytes = toBytes(text);
    this.buffer.widen(this.buffer.length + bytes.length + this.buffer.start);
    if (this.buffer.length === 0) this.buffer.start = this.buffer.end = 0;
    this.buffer.bytes.set(bytes, this.buffer.end);
    this.buffer.end += bytes.length;
    this.body.arrived();
  }

  /** What is in the buffer behind the body. */
  get rest(): string {
    return toText(this.buffer.bytes.subarray(this.buffer.start, this.buffer.end));
  }

  /** One read of at most `size` bytes, as text; `""` at the end. */
  async read(size = 100): Promise<string> {
    const into = new Uint8Array(size), count = await this.body.read(into);
    return toText(into.subarray(0, count));
  }
}

/** Rejects with a BodyError of this fault. */
async function fails(work: Promise<unknown> | (() => unknown), fault: BodyFault): Promise<void> {
  await assert.rejects(async () => await (typeof work === "function" ? work() : work), (error) => {
    assert.ok(error instanceof BodyError, String(error));
    assert.equal(error.fault, fault);
    return true;
  });
}

Deno.test("RequestBody.whole(): a body that is here with its head is bytes, and what follows stays", () => {
  for (const [framing, text] of [[length(5), "hello"], [CHUNKED, "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"]] as const) {
    const feed = new Feed(framing);
    feed.put(text + "GET /");
    const bytes = feed.body.whole(feed.slab);
    assert.equal(bytes && toText(bytes), "hello");
    assert.deepEqual([feed.body.ended, feed.body.received, feed.rest], [true, 5, "GET /"]);
    assert.equal(feed.body.read(new Uint8Array(9)), 0);
    // The connection reads the next request into the same memory.
    feed.buffer.bytes.fill(0);
    assert.equal(bytes && toText(bytes), "hello", "a copy");
  }
});

Deno.test("RequestBody.whole(): a body with a byte missing, or with trailers, has to be read", async () => {
  const part = new Feed(length(5));
  part.put("hell");
  assert.equal(part.body.whole(part.slab), null);
  assert.equal(await part.read(), "hell");
  const trailed = new Feed(CHUNKED);
  trailed.put("5\r\nhello\r\n0\r\nx-sum: abc\r\n\r\nGET");
  assert.equal(trailed.body.whole(trailed.slab), null);
  assert.equal(await trailed.read(2), "he");
  assert.equal(trailed.body.ended, false);
  assert.equal(await trailed.read(), "llo");
  assert.equal(await trailed.read(), "");
  assert.deepEqual([trailed.body.trailers, trailed.rest], [["x-sum", "abc"], "GET"]);
});

Deno.test("RequestBody.whole() throws for broken chunks that are here", () => {
  const feed = new Feed(CHUNKED);
  feed.put("5\r\nhelloX");
  assert.throws(() => feed.body.whole(feed.slab), BodyError);
  assert.equal(feed.body.failed, true);
});

Deno.test("RequestBody asks for bytes when none are here, once a time, and tells of the end once", async () => {
  const feed = new Feed(length(10));
  assert.equal(feed.wants, 0, "nothing is read that nobody wants");
  const first = feed.read();
  assert.deepEqual([feed.wants, feed.body.waiting], [1, true]);
  feed.put("abc");
  assert.deepEqual([await first, feed.body.waiting], ["abc", false]);
  feed.put("defg");
  assert.equal(await feed.read(2), "de");
  assert.equal(feed.wants, 1);
  assert.equal(await feed.read(), "fg");
  const last = feed.read();
  feed.put("hijGET");
  assert.deepEqual([await last, feed.overs, feed.rest, feed.body.left], ["hij", 1, "GET", 0]);
  assert.equal(await feed.read(), "");
  assert.equal(feed.overs, 1);
});

Deno.test("RequestBody in chunks: pieces without data ask for more, the end is told without another read", async () => {
  const feed = new Feed(CHUNKED), first = feed.read();
  for (const piece of ["5", "\r", "\n"]) feed.put(piece);
  assert.deepEqual([feed.wants, feed.body.waiting], [4, true]);
  feed.put("hel");
  assert.equal(await first, "hel");
  const second = feed.read();
  feed.put("lo\r\n0\r\n");
  assert.equal(await second, "lo");
  const end = feed.read();
  feed.put("\r\nGET");
  assert.deepEqual([await end, feed.overs, feed.rest], ["", 1, "GET"]);
});

Deno.test("RequestBody counts data and not framing against its limit", async () => {
  const within = new Feed(CHUNKED, 10);
  within.put("1\r\nx\r\n".repeat(10) + "0\r\n\r\n");
  let text = "";
  for (let piece = await within.read(); piece !== ""; piece = await within.read()) text += piece;
  assert.equal(text, "x".repeat(10));
  const beyond = new Feed(CHUNKED, 10);
  beyond.put("1\r\nx\r\n".repeat(11) + "0\r\n\r\n");
  await fails(async () => {
    while (await beyond.read() !== "");
  }, "too-large");
  await fails(beyond.read(), "too-large");
  assert.equal(beyond.body.failed, true);
});

Deno.test("RequestBody: a reader that waits hears of broken chunks; so does every later one", async () => {
  const feed = new Feed(CHUNKED), reading = feed.read();
  feed.put("zz\r\n");
  await fails(reading, "client");
  await fails(feed.read(), "client");
  assert.equal(feed.overs, 0);
});

Deno.test("RequestBody.fail(): the first reason stays, and what is here is not read any more", async () => {
  const feed = new Feed(length(10)), reading = feed.read();
  feed.body.fail(new BodyError("client-timeout", "slow"));
  feed.body.fail(new BodyError("client", "gone"));
  await fails(reading, "client-timeout");
  feed.put("abc");
  await fails(feed.read(), "client-timeout");
});

Deno.test("RequestBody.fail() behind the end does nothing", async () => {
  const feed = new Feed(length(3));
  feed.put("abc");
  assert.equal(await feed.read(), "abc");
  feed.body.fail(new BodyError("client", "gone"));
  assert.deepEqual([feed.body.failed, await feed.read()], [false, ""]);
});

Deno.test("RequestBody.cancel(): who waits is told, and the connection can read past the rest", async () => {
  const feed = new Feed(CHUNKED), reading = feed.read();
  feed.body.cancel();
  await fails(reading, "client");
  await fails(feed.read(), "client");
  feed.put("5\r\nhel");
  assert.equal(feed.body.discard(), false);
  feed.put("lo\r\n0\r\n\r\nGET");
  assert.deepEqual([feed.body.discard(), feed.overs, feed.rest], [true, 1, "GET"]);
});

Deno.test("RequestBody.discard() keeps to the limit and to the framing", () => {
  const large = new Feed(CHUNKED, 3);
  large.put("5\r\nhello\r\n");
  assert.throws(() => large.body.discard(), BodyError);
  const broken = new Feed(CHUNKED);
  broken.put("5\r\nhelloX");
  assert.throws(() => broken.body.discard(), BodyError);
});

Deno.test("RequestBody.discard() drops what was decoded before anybody asked", () => {
  const feed = new Feed(CHUNKED);
  feed.put("5\r\nhello\r\n3\r\nx");
  assert.equal(feed.body.whole(feed.slab), null);
  feed.body.cancel();
  feed.put("yz\r\n0\r\n\r\nGET");
  assert.deepEqual([feed.body.discard(), feed.rest], [true, "GET"]);
});

Deno.test("RequestBody never hands a reader's memory on: a byte that comes too late is not in it", async () => {
  const feed = new Feed(length(10)), into = new Uint8Array(10), reading = feed.body.read(into);
  feed.body.cancel();
  await fails(Promise.resolve(reading), "client");
  feed.put("abc");
  await settled();
  assert.deepEqual(into, new Uint8Array(10));
});

/** `data` in chunks of these sizes, with what is allowed around them. */
function chunked(data: string, sizes: readonly number[], trailer: string): string {
  let text = "";
  for (let at = 0, i = 0; at < data.length; i++) {
    const piece = data.slice(at, at += sizes[i % sizes.length]);
    text += piece.length.toString(16) + (i % 3 === 0 ? ";ext=1" : "") + "\r\n" + piece + "\r\n";
  }
  return text + "0\r\n" + trailer + "\r\n";
}

Deno.test("property: however a body is cut, written and read, its bytes, its end and its trailers are the same", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  const data = fc.string({ unit: fc.constantFrom(..."ab\r\n0;"), minLength: 1, maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(data, sizes, sizes, sizes, fc.boolean(), fc.constantFrom("", "x-a: 1\r\n"), async (
      data,
      chunkSizes,
      cuts,
      reads,
      isChunked,
      trailer,
    ) => {
      const feed = new Feed(isChunked ? CHUNKED : length(data.length));
      const wire = (isChunked ? chunked(data, chunkSizes, trailer) : data) + "GET / HT";
      let at = 0, text = "", reads_ = 0;
      const put = () => feed.put(wire.slice(at, at += cuts[at % cuts.length]));
      put();
      const whole = feed.body.whole(feed.slab);
      if (whole !== null) text = toText(whole);
      else {
        for (;;) {
          const reading = feed.read(reads[reads_++ % reads.length]);
          while (feed.body.waiting) put();
          const piece = await reading;
          if (piece === "") break;
          text += piece;
        }
      }
      assert.deepEqual([text, feed.body.received, feed.body.ended], [data, data.length, true]);
      assert.deepEqual(feed.body.trailers, isChunked && trailer !== "" ? ["x-a", "1"] : null);
      assert.equal(feed.rest + wire.slice(at), "GET / HT");
    }),
    { numRuns: 300 },
  );
});

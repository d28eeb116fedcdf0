import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BodyError } from "../../src/core/body.ts";
import { SourceStream } from "../../src/http/source_stream.ts";
import { sourceOfStream, StreamSource } from "../../src/http/stream_source.ts";
import { readAll, readText, ScriptedBody } from "../support/exchange.ts";

/** A stream that has nothing to do with the gateway's own, and what was done to it. */
function foreignStream(chunks: readonly unknown[], failure?: Error) {
  const seen = { pulls: 0, cancelled: undefined as unknown };
  const left = [...chunks];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      seen.pulls++;
      const chunk = left.shift();
      if (chunk !== undefined) controller.enqueue(chunk as Uint8Array);
      else if (failure !== undefined) controller.error(failure);
      else controller.close();
    },
    cancel(reason) {
      seen.cancelled = reason;
    },
  }, { highWaterMark: 0 });
  return { stream, seen };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("SourceStream and StreamSource keep every byte in order, whatever the sizes", async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 });
  await fc.assert(fc.asyncProperty(chunks, fc.integer({ min: 1, max: 50 }), fc.boolean(), async (parts, size, sync) => {
    const whole = parts.flatMap((part) => [...part]);
    const source = sourceOfStream(foreignStream(parts).stream, { fault: "endpoint" });
    assert.deepEqual([...await readAll(source, size)], whole);
    const nonEmpty = parts.filter((part) => part.length > 0);
    const stream = new SourceStream(new ScriptedBody(nonEmpty, { sync }));
    assert.deepEqual([...await new Response(stream).bytes()], whole);
  }));
});

Deno.test("SourceStream reads a large body in growing pieces, each with a buffer of its own", async () => {
  const body = new Uint8Array(2_000_000).map((_, i) => i % 251);
  const seen: Uint8Array[] = [];
  for await (const chunk of new SourceStream(new ScriptedBody([body]))) seen.push(chunk);
  assert.equal(new Set(seen.map((chunk) => chunk.buffer)).size, seen.length);
  assert.deepEqual(new Uint8Array(await new Blob(seen as Uint8Array<ArrayBuffer>[]).arrayBuffer()), body);
});

Deno.test("SourceStream reads nothing ahead", async () => {
  const source = new ScriptedBody(["a", "b", "c"]), stream = new SourceStream(source);
  await Promise.resolve();
  assert.equal(source.reads, 0);
  const reader = stream.getReader();
  await reader.read();
  assert.equal(source.reads, 1);
  await reader.cancel();
  assert.equal(source.cancelled, 1);
});

Deno.test("SourceStream fails as its source fails", async () => {
  const failure = new BodyError("endpoint", "broke off");
  const stream = new SourceStream(new ScriptedBody(["abc"], { failure }));
  await assert.rejects(new Response(stream).text(), failure);
});

Deno.test("sourceOfStream() gives back the source of a SourceStream that nobody read, else reads the stream", async () => {
  const source = new ScriptedBody(["abc", "def"]);
  const stream = new SourceStream(source);
  assert.equal(sourceOfStream(stream, { fault: "client" }), source);
  await assert.rejects(stream.getReader().read(), /handed on/);

  const read = new SourceStream(new ScriptedBody(["abc", "def"])), reader = read.getReader();
  await reader.read();
  reader.releaseLock();
  assert.equal(await readText(sourceOfStream(read, { fault: "client" })), "def");

  const locked = new SourceStream(new ScriptedBody(["abc"]));
  locked.getReader();
  assert.throws(() => sourceOfStream(locked, { fault: "client" }), TypeError);
});

Deno.test("sourceOfStream() gives a source back through new Response() and new Request()", () => {
  const source = new ScriptedBody(["abc"]);
  assert.equal(sourceOfStream(new Response(new SourceStream(source)).body!, { fault: "client" }), source);
  const request = new Request("http://a/", { method: "POST", body: new SourceStream(source) });
  assert.equal(sourceOfStream(request.body!, { fault: "client" }), source);
});

Deno.test("StreamSource pulls one piece for a read and none for what is left of it", async () => {
  const { stream, seen } = foreignStream([bytes("abcdef"), bytes("g")]);
  const source = sourceOfStream(stream, { fault: "endpoint" }), into = new Uint8Array(4);
  assert.equal(await source.read(into), 4);
  assert.equal(source.read(into), 2, "what is there is given at once");
  assert.equal(seen.pulls, 1);
  assert.equal(await source.read(into), 1);
  assert.equal(await source.read(into), 0);
  assert.equal(source.read(into), 0);
});

Deno.test("StreamSource.cancel() cancels the stream and is no end", async () => {
  const { stream, seen } = foreignStream([bytes("abcdef"), bytes("g")]);
  const source = sourceOfStream(stream, { fault: "endpoint" });
  await source.read(new Uint8Array(4));
  source.cancel();
  assert.ok(seen.cancelled instanceof BodyError);
  await assert.rejects(Promise.resolve(source.read(new Uint8Array(4))), BodyError);
});

Deno.test("StreamSource.cancel() fails a read that is on its way", async () => {
  const stream = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
  const source = sourceOfStream(stream, { fault: "endpoint" });
  const read = source.read(new Uint8Array(4));
  source.cancel();
  await assert.rejects(Promise.resolve(read), BodyError);
});

Deno.test("StreamSource.cancel() after the end does nothing", async () => {
  const { stream, seen } = foreignStream([]);
  const source = sourceOfStream(stream, { fault: "endpoint" });
  assert.equal(await source.read(new Uint8Array(4)), 0);
  source.cancel();
  assert.equal(seen.cancelled, undefined);
  assert.equal(source.read(new Uint8Array(4)), 0);
});

Deno.test("StreamSource maps errors to BodyError, with the fault it was told", async () => {
  const cause = new RangeError("boom");
  const source = sourceOfStream(foreignStream([bytes("a")], cause).stream, { fault: "client" });
  await source.read(new Uint8Array(4));
  await assert.rejects(
    Promise.resolve(source.read(new Uint8Array(4))),
    (error) => error instanceof BodyError && error.fault === "client" && error.cause === cause,
  );
  const own = new BodyError("too-large", "x");
  await assert.rejects(readAll(sourceOfStream(foreignStream([], own).stream, { fault: "client" })), own);
});

Deno.test("StreamSource refuses chunks that are no bytes, and says what to use", async () => {
  const { stream, seen } = foreignStream(["text"]);
  await assert.rejects(
    readAll(sourceOfStream(stream, { fault: "endpoint" })),
    /Uint8Array, not string.*TextEncoderStream/,
  );
  assert.ok(seen.cancelled instanceof BodyError);
});

Deno.test("StreamSource fails a body that is not as long as it was said to be", async () => {
  for (
    const [length, message] of [[2, /longer than its content-length, 2/], [4, /ended after 3 of 4/], [3, null]] as const
  ) {
    const source = new StreamSource(foreignStream([bytes("abc")]).stream.getReader(), { fault: "endpoint", length });
    assert.equal(source.length, length);
    if (message === null) assert.equal(await readText(source), "abc");
    else await assert.rejects(readAll(source), message);
  }
});

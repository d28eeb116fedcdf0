import { strict as assert } from "node:assert";
import { BodyError, type BodySource, isBodySource } from "../../../src/core/body.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { readText, ScriptedBody } from "../../support/exchange.ts";
import { type Handle, type MemoryLimits, MemoryListener } from "./memory_listener.ts";
import { type MemoryStream, settled } from "./memory_stream.ts";
import { chunk, get, post } from "./setup.ts";

/** Answers with the path. */
const ECHO: Handle = ({ path }) => Reply.text(200, path);
/** Reads the body and answers with it. */
const READ: Handle = async ({ body }) => Reply.text(200, await readText(body));

function start(handle: Handle = ECHO, limits?: MemoryLimits) {
  const listener = new MemoryListener(handle, limits);
  return { listener, clock: listener.clock, ...listener.connect() };
}

/** The statuses of all answers, in order. */
function statuses({ heard }: MemoryStream): number[] {
  return Array.from(heard.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status));
}

Deno.test("a connection answers one request after another, in the order in which they came", async () => {
  const first = Promise.withResolvers<Reply>();
  const { stream } = start(({ path }) => path === "/a" ? first.promise : Reply.text(200, path));
  stream.say(get("/a") + get("/b") + get("/c"));
  await settled();
  assert.equal(stream.heard, "", "the second does not overtake the first");
  first.resolve(Reply.text(200, "/a"));
  await settled();
  assert.deepEqual(Array.from(stream.heard.matchAll(/\r\n\r\n(\/.)/g), ([, body]) => body), ["/a", "/b", "/c"]);
});

Deno.test("a connection takes a pipeline with bodies apart, in one piece and byte by byte", async () => {
  const all = post(["content-length: 5"], "GET /") +
    post(["transfer-encoding: chunked"], chunk("hello") + "0\r\n\r\n") +
    get("/", "connection: close") + get("/never");
  for (const pieces of [[all], all.split("")]) {
    const { stream, listener } = start(READ);
    for (const piece of pieces) {
      stream.say(piece);
      await settled();
    }
    assert.deepEqual(stream.heard.split("\r\n\r\n").slice(1).map((part) => part.split("HTTP/1.1")[0]), [
      "GET /",
      "hello",
      "",
    ]);
    assert.deepEqual(listener.completed.map(({ bytesIn, bytesOut }) => [bytesIn, bytesOut]), [[5, 5], [5, 5], [0, 0]]);
    assert.equal(stream.finished || stream.closed, true);
  }
});

Deno.test("a body that is here with its head is handed over as bytes, which stay as they are", async () => {
  const bodies: Uint8Array[] = [];
  const { stream } = start(({ body }) => {
    assert.ok(!isBodySource(body) && body !== null);
    bodies.push(body);
    return Reply.text(200, "ok");
  });
  for (const text of ["first", "later"]) {
    stream.say(post(["content-length: 5"], text));
    await settled();
  }
  assert.deepEqual(bodies.map((body) => new TextDecoder().decode(body)), ["first", "later"]);
});

Deno.test("a body beyond its limit: 413 where it is announced, 413 while it comes; the connection ends", async () => {
  const announced = start(READ, { body: 10 });
  announced.stream.say(post(["content-length: 11"]));
  await settled();
  assert.deepEqual(statuses(announced.stream), [413]);
  const chunked = start(READ, { body: 10 });
  chunked.stream.say(post(["transfer-encoding: chunked"]), chunk("hello"), chunk("hello"), chunk("!"));
  await settled();
  assert.deepEqual(statuses(chunked.stream), [413]);
  for (const { stream } of [announced, chunked]) {
    assert.match(stream.heard, /\r\nconnection: close\r\n/);
    assert.equal(stream.finished, true);
  }
});

Deno.test("a body that only drips is cut at the least rate although no wait is too long", async () => {
  const { stream, clock, listener } = start(READ, { minRate: 100 });
  stream.say(post(["content-length: 100000"], "x"));
  await settled();
  for (let second = 0; second < 30; second++) {
    clock.advance(1_000);
    stream.say("x".repeat(99));
    await settled();
    assert.equal(listener.completed.length, 0, `in second ${second}`);
  }
  clock.advance(1_000);
  await settled();
  assert.deepEqual(statuses(stream), [408]);
});

Deno.test("an answer that is sipped at is cut at the least rate although no wait is too long", async () => {
  for (const [rate, outcome] of [[100, ""], [99, "client_write_timeout"]] as const) {
    const { stream, clock, listener } = start(() => new Reply(200, HeaderList.of(), new Uint8Array(200_000)), {
      minRate: 100,
    });
    stream.hold();
    stream.say(get());
    await settled();
    for (let second = 0; second < 60; second++) {
      stream.take(rate);
      await settled();
      clock.advance(1_000);
    }
    stream.take();
    await settled();
    assert.equal(listener.completed[0].exchange.error, outcome, `${rate} bytes a second`);
  }
});

Deno.test("an answer that nobody takes is given up at the write time-out, and its source is told", async () => {
  const body = new ScriptedBody(["x".repeat(100), "y".repeat(100)]),
    handle = () => new Reply(200, HeaderList.of(), body);
  const { stream, clock, listener } = start(handle, { minRate: 0 });
  stream.hold();
  stream.say(get());
  await settled();
  clock.advance(29_900);
  assert.equal(stream.closed, false);
  clock.advance(300);
  await settled();
  assert.deepEqual([stream.closed, body.cancelled > 0], [true, true]);
  assert.deepEqual(listener.completed.map(({ status, exchange }) => [status, exchange.error]), [
    [200, "client_write_timeout"],
  ]);
  assert.equal(listener.open.size, 0);
});

Deno.test("an answer whose source breaks off closes the connection: the client never takes it for whole", async () => {
  for (const length of [undefined, 100]) {
    const body = new ScriptedBody(["part"], { length, failure: new BodyError("endpoint", "broke") });
    const { stream, listener } = start(() => new Reply(200, HeaderList.of(), body));
    stream.say(get() + get("/next"));
    await settled();
    assert.ok(!stream.heard.endsWith("0\r\n\r\n"));
    assert.deepEqual([stream.closed, stream.finished, statuses(stream)], [true, false, [200]]);
    assert.deepEqual(listener.completed.map(({ exchange }) => exchange.error), ["upstream_body_broken"]);
  }
});

Deno.test("a handler that throws, at once or later, or answers with a status that cannot be: 500, and the connection goes on", async () => {
  const { stream, listener } = start(({ path }) => {
    if (path === "/throw") throw new Error("thrown");
    if (path === "/reject") return Promise.reject(new Error("rejected"));
    return new Reply(path === "/status" ? 42 : 200, HeaderList.of(), null);
  });
  for (const path of ["/throw", "/reject", "/status", "/fine"]) {
    stream.say(get(path));
    await settled();
  }
  assert.deepEqual(statuses(stream), [500, 500, 500, 200]);
  assert.equal(listener.crashes.length, 3);
});

Deno.test("one request too many: 503 with Retry-After, nobody asked, and the connection goes on", async () => {
  let asked = 0;
  const { stream, listener } = start(() => Reply.text(200, `${++asked}`));
  listener.overloaded = true;
  stream.say(get());
  await settled();
  listener.overloaded = false;
  stream.say(get());
  await settled();
  assert.deepEqual([statuses(stream), asked], [[503, 200], 1]);
  assert.match(stream.heard, /\r\nretry-after: 1\r\n/);
  assert.equal(listener.completed[0].exchange.error, "overloaded");
});

Deno.test("a body that nobody reads is read past where it is small, and ends the connection where it is not", async () => {
  for (const [size, ends] of [[1_000, false], [256 * 1024, false], [256 * 1024 + 1, true]] as const) {
    const { stream, listener } = start();
    stream.say(post([`content-length: ${size}`]));
    await settled();
    assert.deepEqual(statuses(stream), [200], "the answer does not wait for it");
    assert.equal(stream.heard.includes("connection: close"), ends, `${size} bytes`);
    for (let at = 0; at < size; at += 10_000) {
      stream.say("z".repeat(Math.min(10_000, size - at)));
      await settled();
    }
    stream.say(get("/next"));
    await settled();
    assert.deepEqual(statuses(stream), ends ? [200] : [200, 200], `${size} bytes`);
    assert.equal(listener.completed.length, ends ? 1 : 2);
  }
});

Deno.test("a body in chunks that nobody reads ends the connection: nobody knows how long it is", async () => {
  const { stream } = start();
  stream.say(post(["transfer-encoding: chunked"], chunk("some")));
  await settled();
  assert.match(stream.heard, /connection: close/);
  assert.equal(stream.finished, true);
});

Deno.test("a client that still sends behind its last answer is heard out, for five seconds, and not answered", async () => {
  const { stream, clock, listener } = start();
  stream.say(get("/1", "connection: close") + get("/2"));
  await settled();
  assert.deepEqual([stream.finished, stream.closed, stream.reading], [true, false, true]);
  stream.say(get("/3"));
  await settled();
  clock.advance(4_900);
  assert.equal(stream.closed, false);
  clock.advance(300);
  assert.deepEqual([stream.closed, statuses(stream), listener.open.size], [true, [200], 0]);
});

Deno.test("a client that is heard out and ends is closed at once; one that never stops, after 64 MiB", async () => {
  const ending = start();
  ending.stream.say(get("/1", "connection: close") + "x");
  await settled();
  ending.stream.end();
  await settled();
  assert.equal(ending.stream.closed, true);
  const endless = start(), piece = new Uint8Array(64 * 1024);
  endless.stream.say(get("/1", "connection: close") + "x");
  await settled();
  let pieces = 0;
  for (; pieces < 2_000 && !endless.stream.closed; pieces++) {
    endless.stream.say(piece);
    await null;
    await null;
    await null;
  }
  assert.equal(pieces, 1_024);
});

Deno.test("a client that sent `connection: close` and nothing else is closed with its answer", async () => {
  const { stream } = start();
  stream.say(get("/", "connection: close"));
  await settled();
  assert.equal(stream.closed, true);
});

Deno.test("drain(): an idle connection is closed, a busy one finishes with `connection: close`, half a head is waited for", async () => {
  const listener = new MemoryListener(ECHO), slow = Promise.withResolvers<Reply>();
  const idle = listener.connect(), half = listener.connect();
  listener.host.handle = () => slow.promise;
  const busy = listener.connect();
  idle.stream.say("");
  busy.stream.say(get("/busy"));
  half.stream.say(get("/half").slice(0, 20));
  await settled();
  listener.draining = true;
  for (const { connection } of [idle, busy, half]) connection.drain();
  assert.deepEqual([idle, busy, half].map(({ stream }) => stream.closed), [true, false, false]);
  slow.resolve(Reply.text(200, "done"));
  half.stream.say(get("/half").slice(20));
  await settled();
  for (const { stream } of [busy, half]) {
    assert.deepEqual(statuses(stream), [200]);
    assert.match(stream.heard, /\r\nconnection: close\r\n/);
    assert.equal(stream.closed, true);
  }
});

Deno.test("cut(): 503 where there is no answer yet, the end where one is under way; both are told why", async () => {
  const listener = new MemoryListener(({ path }) =>
    path === "/none" ? new Promise<Reply>(() => {}) : new Reply(200, HeaderList.of(), new Endless())
  );
  const none = listener.connect(), some = listener.connect();
  none.stream.say(get("/none"));
  some.stream.say(get("/some"));
  await settled();
  for (const { connection } of [none, some]) connection.cut();
  await settled();
  assert.deepEqual([statuses(none.stream), statuses(some.stream)], [[503], [200]]);
  assert.deepEqual([none, some].map(({ stream }) => stream.closed || stream.finished), [true, true]);
  assert.deepEqual(listener.completed.map(({ exchange }) => exchange.error), ["shutting_down", "shutting_down"]);
  assert.ok(listener.completed.every(({ exchange }) => exchange.aborted), "the work for them is given up");
});

/** A body that never comes until it is cancelled. */
class Endless implements BodySource {
  readonly length = undefined;
  #reject: (error: Error) => void = () => {};
  read(): Promise<number> {
    return new Promise((_resolve, reject) => this.#reject = reject);
  }
  cancel(): void {
    this.#reject(new BodyError("endpoint", "given up"));
  }
}

Deno.test("cut(): last words that nobody takes are not waited for longer than a second", async () => {
  const { stream, connection, clock } = start(() => new Promise<Reply>(() => {}));
  stream.say(get());
  await settled();
  stream.hold();
  connection.cut();
  clock.advance(1_200);
  await settled();
  assert.equal(stream.closed, true);
});

Deno.test("cut(): an answer that comes while the last words are on their way is dropped, and its source is told", async () => {
  const late = Promise.withResolvers<Reply>(), body = new ScriptedBody(["late"]);
  const { stream, connection, listener } = start(() => late.promise);
  stream.say(get());
  await settled();
  stream.hold();
  connection.cut();
  late.resolve(new Reply(200, HeaderList.of(), body));
  await settled();
  assert.equal(body.cancelled, 1);
  stream.take();
  await settled();
  assert.deepEqual(statuses(stream), [503]);
  assert.equal(listener.completed.length, 1);
});

Deno.test("an answer that comes when its client has gone is dropped, and its source is told", async () => {
  const late = Promise.withResolvers<Reply>(), body = new ScriptedBody(["x"]);
  const { stream, listener } = start(() => late.promise);
  stream.say(get());
  await settled();
  stream.reset();
  await settled();
  assert.equal(listener.completed.length, 0, "the handler is still at it");
  late.resolve(new Reply(200, HeaderList.of(), body));
  await settled();
  assert.deepEqual([body.cancelled, stream.closed], [1, true]);
  assert.deepEqual(listener.completed.map(({ status, exchange }) => [status, exchange.error]), [
    [499, "client_closed_request"],
  ]);
});

Deno.test("100 Continue goes out when the body is wanted and not before, once", async () => {
  const go = Promise.withResolvers<void>(),
    { stream } = start(async ({ body }) => {
      await go.promise;
      return Reply.text(200, await readText(body));
    });
  stream.say(post(["content-length: 5", "expect: 100-continue"]));
  await settled();
  assert.deepEqual(statuses(stream), []);
  go.resolve();
  await settled();
  assert.match(stream.heard, /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  stream.say("he");
  await settled();
  stream.say("llo");
  await settled();
  assert.deepEqual(statuses(stream), [100, 200]);
  assert.ok(stream.heard.endsWith("hello"));
});

Deno.test("100 Continue is not said to whoever does not wait for it", async () => {
  const { stream } = start(READ);
  stream.say(post(["content-length: 5", "expect: 100-continue"], "h"));
  await settled();
  stream.say("ello");
  await settled();
  assert.deepEqual(statuses(stream), [200]);
});

Deno.test("a final answer in place of 100 Continue ends the connection: a body may come or not", async () => {
  const { stream } = start(() => Reply.text(403, "no"));
  stream.say(post(["content-length: 5", "expect: 100-continue"]));
  await settled();
  assert.deepEqual(statuses(stream), [403]);
  assert.match(stream.heard, /connection: close/);
  assert.equal(stream.finished, true);
});

Deno.test("interim answers go out before the answer and never behind it, and not to HTTP/1.0", async () => {
  const inform: Handle = (exchange) => {
    exchange.inform(103, ["link", "</a>"]);
    queueMicrotask(() => queueMicrotask(() => exchange.inform(103, ["link", "</late>"])));
    return Reply.text(200, "ok");
  };
  const { stream } = start(inform);
  stream.say(get());
  await settled();
  assert.deepEqual(statuses(stream), [103, 200]);
  assert.ok(stream.heard.startsWith("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"));
  const old = start(inform);
  old.stream.say("GET / HTTP/1.0\r\nhost: a\r\n\r\n");
  await settled();
  assert.deepEqual(statuses(old.stream), [200]);
});

Deno.test("every connection that ends is told to its listener once, whatever ended it", async () => {
  const ways: readonly ((stream: MemoryStream, listener: MemoryListener) => void)[] = [
    (stream) => stream.end(),
    (stream) => stream.reset(),
    (stream) => stream.say("nonsense\r\n\r\n"),
    (_stream, listener) => listener.clock.advance(80_000),
    (stream) => stream.say(get("/", "connection: close")),
  ];
  for (const way of ways) {
    const { stream, listener } = start();
    assert.equal(listener.open.size, 1);
    way(stream, listener);
    await settled();
    listener.clock.advance(10_000);
    await settled();
    assert.deepEqual([listener.open.size, stream.closed, listener.clock.pending], [0, true, 0]);
  }
});

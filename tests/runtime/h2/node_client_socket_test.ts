import { turn } from "../../support/turn.ts";
import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import http2 from "node:http2";
import { type BodySource, isBodySource } from "../../../src/core/body.ts";
import { systemClock } from "../../../src/core/clock.ts";
import { Reply } from "../../../src/core/reply.ts";
import type { H2Connection } from "../../../src/runtime/h2/h2_connection.ts";
import { until } from "../../support/until.ts";
import { type Handle, reply, TestListener } from "./test_listener.ts";

const MIB = 1 << 20;

/** A listener on a socket, and Node's client connected to it. */
class Stage implements AsyncDisposable {
  readonly listener: TestListener;
  readonly session: http2.ClientHttp2Session;
  readonly sessionClosed = Promise.withResolvers<void>();
  readonly #socket = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #accepting: Promise<void>;
  #connection: H2Connection | null = null;

  constructor(handle: Handle, settings: http2.Settings = {}) {
    this.listener = new TestListener(handle, { clock: systemClock });
    this.#accepting = this.#accept();
    this.session = http2.connect(`http://127.0.0.1:${(this.#socket.addr as Deno.NetAddr).port}`, { settings });
    this.session.on("error", () => {});
    this.session.on("close", () => this.sessionClosed.resolve());
  }

  /** Stops as a listener does. */
  drain(): void {
    this.#connection?.drain();
  }

  async #accept(): Promise<void> {
    try {
      const conn = await this.#socket.accept();
      conn.setNoDelay(true);
      this.#connection = this.listener.serve(conn, "127.0.0.1");
    } catch { /* closed before anybody came */ }
  }

  /** Opens a stream. */
  open(path: string, fields: http2.OutgoingHttpHeaders = {}, endStream = true): http2.ClientHttp2Stream {
    const stream = this.session.request({ ":path": path, ...fields }, { endStream });
    stream.on("error", () => {});
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.close();
    this.#socket.close();
    await this.#accepting;
    if (!this.session.destroyed) this.session.destroy();
    await this.sessionClosed.promise;
    await until(() => this.listener.connections === 0);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: http2.IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: http2.IncomingHttpHeaders | null;
  readonly code: number;
}

/** What came of a stream. */
function answer(stream: http2.ClientHttp2Stream): Promise<Answer> {
  const pieces: Buffer[] = [];
  let headers: http2.IncomingHttpHeaders = {}, trailers: http2.IncomingHttpHeaders | null = null;
  stream.on("response", (fields) => headers = fields);
  stream.on("trailers", (fields) => trailers = fields);
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  return new Promise((resolve) => {
    stream.on("close", () => {
      const status = Number(headers[":status"] ?? 0);
      resolve({ status, headers, body: Buffer.concat(pieces), trailers, code: stream.rstCode ?? 0 });
    });
  });
}

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Bytes that tell their place. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i * 7 + (i >> 8));
}

/** The whole body. */
async function readAll({ body }: { body: Uint8Array | BodySource | null }): Promise<Uint8Array> {
  if (!isBodySource(body)) return body ?? new Uint8Array(0);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = new Uint8Array(64 * 1024), count = await body.read(piece);
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, count));
  }
}

/** A body of this many bytes that are read a piece at a time. */
function source(bytes: Uint8Array, read: (at: number) => void = () => {}): BodySource {
  let at = 0;
  return {
    length: bytes.length,
    cancel() {},
    read(into) {
      const count = Math.min(into.length, bytes.length - at);
      into.set(bytes.subarray(at, at + count));
      at += count;
      read(at);
      return Promise.resolve(count);
    },
  };
}

Deno.test("node:http2 gets what was answered", async () => {
  await using stage = new Stage(({ headers, path }) => {
    const made = Reply.text(200, `${path} ${headers.get("x-a")}`);
    made.appendHeader("set-cookie", "a=1");
    made.appendHeader("set-cookie", "b=2");
    return made;
  });
  const { status, headers, body } = await answer(stage.open("/hello", { "x-a": "b" }));
  assert.deepEqual([status, body.toString(), headers["set-cookie"]], [200, "/hello b", ["a=1", "b=2"]]);
  assert.equal(headers["content-length"], "8");
});

Deno.test("node:http2 sends bodies of any size, and gets them back", async () => {
  await using stage = new Stage(async (exchange) => reply(200, [], source(await readAll(exchange))));
  for (const size of [0, 1, 16_384, 16_385, 3 * MIB]) {
    const bytes = pattern(size), stream = stage.open("/echo", { ":method": "POST" }, false), answered = answer(stream);
    stream.end(bytes);
    const { status, body, code } = await answered;
    assert.deepEqual([status, body.length, digest(body), code], [200, size, digest(bytes), 0]);
  }
});

Deno.test("node:http2: a hundred streams at a time, none gets a byte of another", async () => {
  await using stage = new Stage(async (exchange) => reply(200, [], source(await readAll(exchange))));
  const answers = Array.from({ length: 100 }, async (_, i) => {
    const bytes = new Uint8Array(1_000 * i).fill(i), stream = stage.open(`/${i}`, { ":method": "POST" }, false);
    const answered = answer(stream);
    stream.end(bytes);
    const { body } = await answered;
    return body.length === bytes.length && body.every((byte) => byte === i);
  });
  assert.deepEqual(await Promise.all(answers), Array(100).fill(true));
  await until(() => stage.listener.open === 0);
});

Deno.test("node:http2: trailers both ways", async () => {
  await using stage = new Stage(async (exchange) => {
    const body = await readAll(exchange), trailers = isBodySource(exchange.body) ? exchange.body.trailers : null;
    return reply(
      200,
      [],
      Object.assign(source(body), { length: undefined, trailers: [...trailers ?? [], "x-own", "2"] }),
    );
  });
  const stream = stage.session.request({ ":path": "/", ":method": "POST", te: "trailers" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "x-sum": "1" }));
  const answered = answer(stream);
  stream.end("hello");
  const { body, trailers } = await answered;
  assert.deepEqual([body.toString(), trailers?.["x-sum"], trailers?.["x-own"]], ["hello", "1", "2"]);
});

Deno.test("node:http2: an interim answer, and the first event of a stream at once", async () => {
  const go = Promise.withResolvers<void>();
  await using stage = new Stage((exchange) => {
    exchange.inform(103, ["link", "</a.css>"]);
    let reads = 0;
    const read = async (into: Uint8Array) => {
      if (reads++ > 0) await go.promise;
      into.set(new TextEncoder().encode(`data: ${reads}\n\n`));
      return reads === 3 ? 0 : 9;
    };
    return reply(200, ["content-type", "text/event-stream"], { length: undefined, cancel() {}, read });
  });
  const stream = stage.open("/"), early = Promise.withResolvers<unknown>(), first = Promise.withResolvers<string>();
  stream.on("headers", (fields) => early.resolve(fields["link"]));
  stream.on("data", (piece: Buffer) => first.resolve(piece.toString()));
  const answered = answer(stream);
  assert.deepEqual([await early.promise, await first.promise], ["</a.css>", "data: 1\n\n"]);
  go.resolve();
  assert.equal((await answered).body.toString(), "data: 1\n\ndata: 2\n\n");
});

Deno.test("node:http2: a stream that is cancelled ends the work for it, and nothing else", async () => {
  const abandoned = Promise.withResolvers<void>();
  await using stage = new Stage((exchange) => {
    if (exchange.path !== "/held") return Reply.text(200, "other");
    const { promise, resolve } = Promise.withResolvers<Reply>();
    exchange.onAbort({
      abandon() {
        abandoned.resolve();
        resolve(Reply.text(200, ""));
      },
    });
    return promise;
  });
  const held = stage.open("/held");
  await until(() => stage.listener.open === 1);
  held.close(http2.constants.NGHTTP2_CANCEL);
  await abandoned.promise;
  assert.equal((await answer(stage.open("/"))).body.toString(), "other");
  assert.deepEqual(stage.listener.lines, ["499 GET /held client_closed_request", "200 GET /"]);
});

Deno.test("node:http2: a body that breaks off is an error to the client", async () => {
  await using stage = new Stage(() => {
    let reads = 0;
    const read = (into: Uint8Array) => reads++ === 0 ? into.length : Promise.reject(new Error("cut"));
    return reply(200, [], { length: undefined, cancel() {}, read });
  });
  assert.equal((await answer(stage.open("/"))).code, http2.constants.NGHTTP2_INTERNAL_ERROR);
});

Deno.test("node:http2: drain() lets what is under way end, and then the session", async () => {
  const go = Promise.withResolvers<void>();
  await using stage = new Stage(async () => {
    await go.promise;
    return Reply.text(200, "last");
  });
  const answered = answer(stage.open("/")), told = Promise.withResolvers<number>();
  stage.session.on("goaway", (code: number) => told.resolve(code));
  await until(() => stage.listener.open === 1);
  stage.drain();
  assert.equal(await told.promise, 0);
  go.resolve();
  assert.equal((await answered).body.toString(), "last");
  await stage.sessionClosed.promise;
});

Deno.test("node:http2: a client that stops reading stops the source; when it reads on, all comes", async () => {
  const bytes = pattern(8 * MIB);
  let read = 0;
  await using stage = new Stage(() => reply(200, [], source(bytes, (at) => read = at)));
  const stream = stage.open("/"), pieces: Buffer[] = [], closed = Promise.withResolvers<void>();
  await new Promise((resolve) => stream.on("response", resolve));
  stream.on("close", closed.resolve);
  // Nobody takes its data: the window stays closed once it is full.
  await until(() => read > 0 && stage.listener.open === 1);
  await still(() => read);
  assert.ok(read < MIB, `${read} bytes were read`);
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  await closed.promise;
  assert.equal(digest(Buffer.concat(pieces)), digest(bytes));
});

Deno.test("node:http2: a reader that stops stops the upload; when it reads on, all comes", async () => {
  const go = Promise.withResolvers<void>(), bytes = pattern(8 * MIB);
  await using stage = new Stage(async (exchange) => {
    await go.promise;
    return Reply.text(200, digest(await readAll(exchange)));
  });
  const stream = stage.open("/", { ":method": "POST" }, false), answered = answer(stream);
  let taken = 0;
  for (let at = 0; at < bytes.length; at += MIB / 4) {
    stream.write(bytes.subarray(at, at + MIB / 4), () => taken += MIB / 4);
  }
  stream.end();
  await until(() => stage.listener.open === 1);
  await still(() => taken);
  assert.ok(taken < 2 * MIB, `${taken} bytes were taken`);
  go.resolve();
  assert.equal((await answered).body.toString(), digest(bytes));
});

/** Lets the event loop turn until a count has stopped to change. */
async function still(count: () => number): Promise<void> {
  for (let turns = 0, last = count(); turns < 20; turns++) {
    await turn();
    if (count() !== last) turns = 0;
    last = count();
  }
}

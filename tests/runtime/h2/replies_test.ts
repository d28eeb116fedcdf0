import { strict as assert } from "node:assert";
import type { BodySource } from "../../../src/core/body.ts";
import { BodyError } from "../../../src/core/body.ts";
import { Reply } from "../../../src/core/reply.ts";
import * as f from "./frames.ts";
import { settled } from "./peer.ts";
import { reply, TestListener } from "./test_listener.ts";

const encoder = new TextEncoder();

/** A body that gives what it is told to, when it is told. */
class Script implements BodySource {
  trailers: readonly string[] | null = null;
  cancelled = 0;
  reads = 0;
  readonly #pieces: (Uint8Array | Error | null)[] = [];
  #waiting: { into: Uint8Array; resolve(count: number): void; reject(error: Error): void } | null = null;

  constructor(readonly length: number | undefined = undefined) {}

  read(into: Uint8Array): Promise<number> {
    this.reads++;
    return new Promise((resolve, reject) => {
      this.#waiting = { into, resolve, reject };
      this.#next();
    });
  }

  cancel(): void {
    this.cancelled++;
    this.give(new Error("cancelled"));
  }

  /** Gives a piece, the end (`null`) or an error. */
  give(piece: string | Uint8Array | Error | null): void {
    this.#pieces.push(typeof piece === "string" ? encoder.encode(piece) : piece);
    this.#next();
  }

  #next(): void {
    const waiting = this.#waiting, [piece] = this.#pieces;
    if (waiting === null || piece === undefined) return;
    this.#waiting = null;
    if (piece instanceof Uint8Array) {
      const count = Math.min(piece.length, waiting.into.length);
      waiting.into.set(piece.subarray(0, count));
      if (count < piece.length) this.#pieces[0] = piece.subarray(count);
      else this.#pieces.shift();
      return waiting.resolve(count);
    }
    this.#pieces.shift();
    if (piece === null) waiting.resolve(0);
    else waiting.reject(piece);
  }
}

/** Asks for one answer. @returns the fields of its head, as a record of lists, and the lines behind it */
async function answerOf(made: Reply, method = "GET", ...fields: [string, string][]) {
  const listener = new TestListener(() => made);
  using peer = await listener.connect();
  await peer.send(f.head(1, f.block(...f.pseudo(method), ...fields)));
  const frames = peer.take(), flat = frames[0].fields;
  const pairs = flat.flatMap((name, i) => i % 2 === 0 ? [[name, flat[i + 1]]] : []);
  return { pairs: pairs.map((pair) => pair.join(": ")), flags: frames[0].flags, rest: frames.slice(1), listener };
}

const DATE = "date: Thu, 01 Jan 2026 00:00:00 GMT", ID = "x-request-id: id-1";

Deno.test("a head has the fields of its reply, without those of a connection, and with Date, length and id", async () => {
  const fields = ["content-type", "a/b", "connection", "x-drop", "keep-alive", "1", "transfer-encoding", "chunked"];
  fields.push("upgrade", "h2c", "proxy-connection", "close", "trailer", "x-a", "te", "x", "content-length", "999");
  fields.push("x-request-id", "forged", "set-cookie", "a=1", "set-cookie", "b=2", "x-empty", "", "x-high", "\xe9");
  const { pairs } = await answerOf(reply(200, fields, encoder.encode("hello")));
  assert.deepEqual(pairs, [
    ":status: 200",
    "content-type: a/b",
    "set-cookie: a=1",
    "set-cookie: b=2",
    "x-empty: ",
    "x-high: \xe9",
    "content-length: 5",
    DATE,
    ID,
  ]);
  assert.ok((await answerOf(reply(200, ["date", "then"], null))).pairs.includes("date: then"));
});

/** By status, method and body: the length that is told, and whether the stream ends with the head. */
const LENGTHS: readonly [
  status: number,
  method: string,
  fields: string[],
  body: Reply["body"],
  length: string | null,
  lines: number,
][] = [
  [200, "GET", [], encoder.encode("hello"), "5", 1],
  [200, "GET", [], new Uint8Array(0), "0", 0],
  [200, "GET", [], null, "0", 0],
  [404, "GET", ["content-length", "7"], null, "0", 0],
  [200, "HEAD", [], encoder.encode("hello"), "5", 0],
  [200, "HEAD", ["content-length", "7"], null, "7", 0],
  [200, "HEAD", [], null, null, 0],
  [204, "GET", ["content-length", "7"], encoder.encode("hello"), null, 0],
  [205, "GET", [], encoder.encode("hello"), "0", 0],
  [304, "GET", ["content-length", "7"], null, "7", 0],
  [304, "GET", [], null, null, 0],
];

Deno.test("lengths are told as on HTTP/1.1, and streams without content end with the head", async (t) => {
  for (const [status, method, fields, body, length, lines] of LENGTHS) {
    await t.step(
      `${status} to ${method}, ${fields.join(": ") || "no length"}, ${body?.length ?? "no"} bytes`,
      async () => {
        const { pairs, flags, rest } = await answerOf(reply(status, fields, body), method);
        assert.equal(pairs.find((pair) => pair.startsWith("content-length"))?.slice(16) ?? null, length);
        assert.deepEqual([rest.length, (flags & f.END) !== 0], [lines, lines === 0]);
      },
    );
  }
  for (const [status, method] of [[200, "HEAD"], [304, "GET"]] as const) {
    const body = new Script(12), { pairs, flags } = await answerOf(reply(status, [], body), method);
    assert.ok(pairs.includes("content-length: 12") && (flags & f.END) !== 0 && body.cancelled === 1);
  }
});

Deno.test("head and body of a small answer are one write; so are those of many streams", async () => {
  const listener = new TestListener();
  using peer = await listener.connect();
  const before = peer.stream.writes;
  await peer.send(...Array.from({ length: 50 }, (_, i) => f.get(2 * i + 1)));
  assert.deepEqual([peer.take().length, peer.stream.writes - before, listener.log.length], [100, 1, 50]);
});

Deno.test("a head that no frame holds goes on in CONTINUATION", async () => {
  const { pairs } = await answerOf(reply(200, ["x-large", "x".repeat(40_000)], null));
  assert.equal(pairs[1].length, "x-large: ".length + 40_000);
});

Deno.test("a reply that cannot be sent is its maker's crash", async () => {
  for (const status of [101, 199, 600, 200.5]) {
    const body = new Script(), { pairs, listener } = await answerOf(reply(status, [], body));
    assert.deepEqual([pairs[0], body.cancelled], [":status: 500", 1]);
    assert.deepEqual(listener.lines, ["500 GET / internal_error"]);
  }
  let closed = 0;
  const made = reply(200, [], null);
  made.tunnel = { close: () => void closed++ } as unknown as NonNullable<Reply["tunnel"]>;
  assert.deepEqual([(await answerOf(made)).pairs[0], closed], [":status: 500", 1]);
});

Deno.test("a handler that throws, at once or later, is a 500", async () => {
  for (const handle of [() => assert.fail("now"), () => Promise.reject(new Error("later"))]) {
    const listener = new TestListener(handle);
    using peer = await listener.connect();
    await peer.send(f.get(1));
    assert.equal(peer.take()[0].fields[1], "500");
    assert.deepEqual([listener.lines, listener.crashes.length], [["500 GET / internal_error"], 1]);
  }
});

Deno.test("a body that arrives is sent as it arrives; the head does not wait for it", async () => {
  const body = new Script(), listener = new TestListener(() => reply(200, [], body));
  using peer = await listener.connect();
  await peer.send(f.get(1));
  assert.deepEqual(peer.lines(), ["HEADERS 1 200"]);
  for (const text of ["one", "two", "three"]) {
    body.give(text);
    await settled();
    assert.deepEqual(peer.lines(), [`DATA 1 ${text.length}`]);
  }
  assert.equal(listener.log.length, 0);
  body.give(null);
  await settled();
  assert.deepEqual(peer.lines(), ["DATA 1 0 END"]);
  assert.deepEqual([listener.lines, listener.log[0].bytesOut], [["200 GET /"], 11]);
});

Deno.test("trailers follow for a client that takes them, without those that end here", async () => {
  for (
    const [te, lines] of [["trailers", ["HEADERS 1 200", "DATA 1 3", "HEADERS 1 trailers END"]], ["", [
      "HEADERS 1 200",
      "DATA 1 3",
      "DATA 1 0 END",
    ]]] as const
  ) {
    const body = new Script(), listener = new TestListener(() => reply(200, [], body));
    using peer = await listener.connect();
    body.give("abc");
    body.give(null);
    body.trailers = ["grpc-status", "0", "content-length", "9", "X-Sum", "1"];
    await peer.send(f.get(1, "/", ...(te === "" ? [] : [["te", te] as [string, string]])));
    const frames = peer.take();
    assert.deepEqual(frames.map(f.lineOf), lines);
    if (te !== "") assert.deepEqual(frames[2].fields, ["grpc-status", "0", "x-sum", "1"]);
  }
});

Deno.test("interim answers come before the answer, and none after it", async () => {
  const go = Promise.withResolvers<Reply>();
  let late = () => {};
  const listener = new TestListener((exchange) => {
    exchange.inform(103, ["link", "</a.css>; rel=preload", "connection", "close"]);
    late = () => exchange.inform(103, ["link", "late"]);
    return go.promise;
  });
  using peer = await listener.connect();
  await peer.send(f.get(1));
  assert.deepEqual(peer.take().map(({ fields, flags }) => [fields, flags & f.END]), [[[
    ":status",
    "103",
    "link",
    "</a.css>; rel=preload",
  ], 0]]);
  go.resolve(Reply.text(200, "done"));
  await settled();
  late();
  await settled();
  assert.deepEqual(peer.lines(), ["HEADERS 1 200", "DATA 1 4 END"]);
});

Deno.test("a body that breaks off is a reset, never an end", async () => {
  for (
    const [cause, error] of [[new BodyError("endpoint", "cut"), "upstream_body_broken"], [
      new Error("bug"),
      "body_failed",
    ]] as const
  ) {
    const body = new Script(), listener = new TestListener(() => reply(200, [], body));
    using peer = await listener.connect();
    await peer.send(f.get(1));
    body.give("abc");
    body.give(cause);
    await settled();
    assert.deepEqual(peer.lines(), ["HEADERS 1 200", "DATA 1 3", "RST 1 2"]);
    assert.deepEqual(listener.lines, [`200 GET / ${error}`]);
    await peer.send(f.get(3, "/"), f.reset(3));
  }
});

Deno.test("a body that ends before the length it told is a reset as well", async () => {
  const body = new Script(5), listener = new TestListener(() => reply(200, [], body));
  using peer = await listener.connect();
  body.give("abc");
  body.give(null);
  await peer.send(f.get(1));
  assert.deepEqual(peer.lines(), ["HEADERS 1 200", "DATA 1 3", "RST 1 2"]);
  assert.deepEqual(listener.lines, ["200 GET / body_failed"]);
});

Deno.test("a client that resets: the source is given up, the exchange aborted, 499", async () => {
  const body = new Script(), listener = new TestListener(() => reply(200, [], body));
  using peer = await listener.connect();
  await peer.send(f.get(1));
  body.give("abc");
  await settled();
  await peer.send(f.reset(1));
  assert.deepEqual(peer.lines(), ["HEADERS 1 200", "DATA 1 3"]);
  assert.ok(body.cancelled > 0 && listener.log[0].exchange.aborted);
  assert.deepEqual([listener.lines, listener.log[0].bytesOut], [["499 GET / client_closed_request"], 3]);
});

Deno.test("a client that resets before there is an answer: what comes late is given up, 499", async () => {
  const go = Promise.withResolvers<Reply>(), body = new Script();
  const listener = new TestListener(() => go.promise);
  using peer = await listener.connect();
  await peer.send(f.get(1));
  await peer.send(f.reset(1));
  assert.deepEqual([listener.log.length, listener.open], [0, 1], "its handler has not come back");
  go.resolve(reply(200, [], body));
  await settled();
  assert.deepEqual([peer.lines(), body.cancelled, listener.lines], [[], 1, ["499 GET / client_closed_request"]]);
});

Deno.test("a request that is reset right behind its head asks nobody", async () => {
  let asked = 0;
  const listener = new TestListener(() => Reply.text(200, String(++asked)));
  using peer = await listener.connect();
  await peer.send(f.get(1), f.reset(1), f.post(3), f.data(3, "x"), f.reset(3));
  assert.deepEqual(listener.lines, ["499 GET / client_closed_request", "499 POST / client_closed_request"]);
  assert.equal(asked, 0);
});

Deno.test("a connection that breaks ends everything on it", async () => {
  for (const way of ["end", "reset"] as const) {
    const body = new Script(),
      listener = new TestListener(({ path }) => path === "/body" ? reply(200, [], body) : new Promise<Reply>(() => {}));
    const peer = await listener.connect();
    let abandoned = 0;
    const { handle } = listener;
    listener.handle = (exchange) => {
      exchange.onAbort({ abandon: () => void abandoned++ });
      return handle(exchange);
    };
    await peer.send(f.get(1, "/body"), f.get(3));
    peer.stream[way]();
    await settled();
    assert.deepEqual([peer.stream.closed, listener.connections, abandoned], [true, 0, 2]);
    assert.ok(body.cancelled > 0);
    assert.deepEqual(listener.lines, ["499 GET /body client_closed_request"]);
  }
});

Deno.test("a client that takes nothing is sent no more than its windows, and nothing is read for it", async () => {
  const body = new Script(), listener = new TestListener(() => reply(200, [], body));
  using peer = await listener.connect();
  body.give(new Uint8Array(1_000_000));
  body.give(null);
  await peer.send(f.get(1));
  const sent = () => peer.take().reduce((sum, { type, payload }) => sum + (type === f.DATA ? payload.length : 0), 0);
  assert.equal(sent(), 65_535);
  const { reads } = body;
  await peer.send(f.windowUpdate(1, 100_000));
  assert.deepEqual([sent(), body.reads], [0, reads], "the connection's window is closed");
  await peer.send(f.windowUpdate(0, 10));
  assert.equal(sent(), 10);
  await peer.send(f.windowUpdate(0, 2_000_000));
  assert.equal(sent(), 99_990);
  await peer.send(f.windowUpdate(1, 2_000_000));
  assert.equal(sent(), 1_000_000 - 65_535 - 100_000);
  assert.equal(listener.log[0].bytesOut, 1_000_000);
});

Deno.test("streams that wait for the connection's window share it, and none takes its lack for an end", async () => {
  const bodies = new Map<string, Script>(),
    listener = new TestListener(({ path }) => {
      const body = new Script(40_000);
      bodies.set(path, body);
      body.give(new Uint8Array(40_000));
      body.give(null);
      return reply(200, [], body);
    });
  using peer = await listener.connect();
  await peer.send(...Array.from({ length: 10 }, (_, i) => f.get(2 * i + 1, `/${i}`)));
  const received = new Map<number, number>(), ended = new Set<number>();
  for (let i = 0; i < 1_000 && ended.size < 10; i++) {
    for (const { type, stream, payload, flags } of peer.take()) {
      if (type !== f.DATA) continue;
      received.set(stream, (received.get(stream) ?? 0) + payload.length);
      if ((flags & f.END) !== 0) ended.add(stream);
    }
    await peer.send(f.windowUpdate(0, 1_000));
  }
  assert.deepEqual([...received.values()], Array(10).fill(40_000));
  assert.deepEqual(listener.lines.sort(), Array.from(listener.lines, (_, i) => `200 GET /${i}`).sort());
});

Deno.test("streams are sent in turn: a large one does not keep a small one waiting", async () => {
  const listener = new TestListener(({ path }) =>
    reply(200, [], new Uint8Array(path === "/large" ? 1_000_000 : 20_000))
  );
  using peer = await listener.connect();
  await peer.send(f.settings([4, 2 ** 30]), f.windowUpdate(0, 2 ** 30));
  peer.take();
  await peer.send(f.get(1, "/large"), f.get(3, "/small"));
  const order = peer.take().filter(({ type }) => type === f.DATA).map(({ stream }) => stream);
  assert.ok(order.lastIndexOf(3) < 6, order.join(" "));
});

Deno.test("a socket that takes nothing stops the reading of requests, and of sources", async () => {
  const listener = new TestListener(() => reply(200, ["x-large", "x".repeat(4_000)], null));
  using peer = await listener.connect();
  peer.stream.allow(0);
  for (let stream = 1; stream < 2_000; stream += 2) peer.stream.put(f.get(stream));
  await settled();
  const { length } = listener.log;
  assert.equal(length, 0, "nothing is out");
  assert.ok(listener.open < 200, `${listener.open} requests taken in`);
  peer.stream.allow(Infinity);
  for (let turns = 0; turns < 100 && listener.log.length < 1_000; turns++) await settled();
  assert.deepEqual([listener.log.length, listener.open], [1_000, 0]);
});

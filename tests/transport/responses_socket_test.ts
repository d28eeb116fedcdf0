import { strict as assert } from "node:assert";
import { BodyError } from "../../src/core/body.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { bodyText, TransportHarness } from "./harness.ts";

/** What an origin sends in answer to a request, and what the client must make of it. */
interface Row {
  readonly title: string;
  readonly method?: string;
  readonly sends: readonly string[];
  readonly closes?: true;
  readonly status?: number;
  readonly body?: string;
  /** Whether the connection may be used again. */
  readonly kept?: boolean;
  readonly fails?: string;
  /** The head is good, but reading the body must fail. */
  readonly breaks?: true;
}

const OK = "HTTP/1.1 200 OK\r\n";
/** A head of 1 KB. */
const INTERIM = "HTTP/1.1 103 Early Hints\r\nlink: </a>; title=".padEnd(1020, "a") + "\r\n\r\n";
const ROWS: readonly Row[] = [
  { title: "content-length in one packet", sends: [answer(200, "hello")], body: "hello", kept: true },
  {
    title: "head and body in two packets",
    sends: [OK + "content-length: 5\r\n\r\n", "hello"],
    body: "hello",
    kept: true,
  },
  {
    title: "a body in three packets",
    sends: [OK + "content-length: 5\r\n\r\n", "he", "llo"],
    body: "hello",
    kept: true,
  },
  { title: "a head byte by byte", sends: [...answer(200, "x")], body: "x", kept: true },
  {
    title: "HTTP/1.2, which counts as 1.1",
    sends: ["HTTP/1.2 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"],
    body: "x",
    kept: true,
  },
  { title: "an empty body", sends: [answer(200)], body: "", kept: true },
  { title: "no reason phrase", sends: ["HTTP/1.1 200 \r\ncontent-length: 0\r\n\r\n"], body: "", kept: true },
  { title: "no space behind the status", sends: ["HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n"], body: "", kept: true },
  {
    title: "chunks in one packet",
    sends: [OK + "transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"],
    body: "hello",
    kept: true,
  },
  {
    title: "chunks in pieces",
    sends: [OK + "Transfer-Encoding: Chunked\r\n\r\n2\r", "\nhe\r\n3\r\nl", "lo\r\n0\r\nx: y\r\n", "\r\n"],
    body: "hello",
    kept: true,
  },
  { title: "no chunks at all", sends: [OK + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"], body: "", kept: true },
  { title: "a body ended by closing", sends: [OK + "\r\n", "hel", "lo"], closes: true, body: "hello", kept: false },
  {
    title: "HTTP/1.0 without keep-alive",
    sends: ["HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi"],
    body: "hi",
    kept: false,
  },
  {
    title: "HTTP/1.0 with keep-alive",
    sends: ["HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\ncontent-length: 2\r\n\r\nhi"],
    body: "hi",
    kept: true,
  },
  { title: "connection: close", sends: [answer(200, "hi", "connection: x, Close")], body: "hi", kept: false },
  { title: "HEAD with a length", method: "HEAD", sends: [OK + "content-length: 500\r\n\r\n"], body: "", kept: true },
  {
    title: "HEAD with chunked",
    method: "HEAD",
    sends: [OK + "transfer-encoding: chunked\r\n\r\n"],
    body: "",
    kept: true,
  },
  { title: "204", sends: ["HTTP/1.1 204 No Content\r\n\r\n"], status: 204, body: "", kept: true },
  {
    title: "304 with a length",
    sends: ["HTTP/1.1 304 Not Modified\r\ncontent-length: 500\r\n\r\n"],
    status: 304,
    body: "",
    kept: true,
  },
  {
    title: "100 and 103 before the answer",
    sends: ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + answer(201, "x")],
    status: 201,
    body: "x",
    kept: true,
  },
  { title: "bytes behind the answer", sends: [answer(200, "hi") + "HTTP/1.1 200 OK"], body: "hi", kept: false },
  {
    title: "bytes behind the last chunk",
    sends: [OK + "transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nX"],
    body: "hi",
    kept: false,
  },
  { title: "bytes behind a HEAD answer", method: "HEAD", sends: [answer(200, "hi")], body: "", kept: false },
  { title: "bytes behind a 304", sends: ["HTTP/1.1 304 Not Modified\r\n\r\nbody"], status: 304, body: "", kept: false },

  {
    title: "both length and chunked",
    sends: [OK + "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    fails: "upstream_protocol_error",
  },
  {
    title: "two lengths",
    sends: [OK + "content-length: 2\r\ncontent-length: 3\r\n\r\nhi"],
    fails: "upstream_protocol_error",
  },
  {
    title: "two equal lengths",
    sends: [OK + "content-length: 2\r\ncontent-length: 2\r\n\r\nhi"],
    fails: "upstream_protocol_error",
  },
  { title: "a list of lengths", sends: [OK + "content-length: 2, 2\r\n\r\nhi"], fails: "upstream_protocol_error" },
  { title: "a length with a sign", sends: [OK + "content-length: +2\r\n\r\nhi"], fails: "upstream_protocol_error" },
  { title: "an empty length", sends: [OK + "content-length:\r\n\r\nhi"], fails: "upstream_protocol_error" },
  {
    title: "a length beyond all measure",
    sends: [OK + "content-length: 99999999999999999999\r\n\r\n"],
    fails: "upstream_protocol_error",
  },
  {
    title: "another transfer coding",
    sends: [OK + "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"],
    fails: "upstream_protocol_error",
  },
  {
    title: "an obfuscated chunked",
    sends: [OK + "transfer-encoding: xchunked\r\n\r\n0\r\n\r\n"],
    fails: "upstream_protocol_error",
  },
  {
    title: "chunked in HTTP/1.0",
    sends: ["HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    fails: "upstream_protocol_error",
  },
  { title: "a folded line", sends: [OK + "x: a\r\n b\r\n\r\n"], fails: "upstream_protocol_error" },
  { title: "a space before a colon", sends: [OK + "x : a\r\n\r\n"], fails: "upstream_protocol_error" },
  { title: "a bare LF", sends: ["HTTP/1.1 200 OK\nx: a\n\n"], fails: "upstream_protocol_error" },
  { title: "another protocol", sends: ["SSH-2.0-OpenSSH_9.2\r\n\r\n"], fails: "upstream_protocol_error" },
  { title: "HTTP/2.0", sends: ["HTTP/2.0 200 OK\r\n\r\n"], fails: "upstream_protocol_error" },
  { title: "status 99", sends: ["HTTP/1.1 99 Odd\r\n\r\n"], fails: "upstream_protocol_error" },
  { title: "status 2000", sends: ["HTTP/1.1 2000 Odd\r\n\r\n"], fails: "upstream_protocol_error" },
  { title: "status 600", sends: ["HTTP/1.1 600 Odd\r\n\r\n"], fails: "upstream_protocol_error" },
  { title: "status with a letter", sends: ["HTTP/1.1 2O0 OK\r\n\r\n"], fails: "upstream_protocol_error" },
  {
    title: "101 that nobody asked for",
    sends: ["HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n"],
    fails: "upstream_protocol_error",
  },
  {
    title: "a bad chunk size",
    sends: [OK + "transfer-encoding: chunked\r\n\r\nzz\r\n"],
    fails: "upstream_protocol_error",
  },
  { title: "a head of 70 KB", sends: [OK + `x: ${"a".repeat(70_000)}\r\n\r\n`], fails: "upstream_head_too_large" },
  {
    title: "70 KB of interim answers before it",
    sends: [INTERIM.repeat(70), answer(200, "hi")],
    fails: "upstream_head_too_large",
  },
  {
    title: "60 KB of interim answers before it",
    sends: [INTERIM.repeat(60), answer(200, "hi")],
    body: "hi",
    kept: true,
  },
  { title: "300 field lines", sends: [OK + "x: a\r\n".repeat(300) + "\r\n"], fails: "upstream_protocol_error" },
  { title: "nothing, and closes", sends: [], closes: true, fails: "upstream_reset" },
  { title: "half a head, and closes", sends: ["HTTP/1.1 200 OK\r\nx:"], closes: true, fails: "upstream_reset" },
  { title: "half a small body, and closes", sends: [OK + "content-length: 5\r\n\r\nhe"], closes: true, breaks: true },

  {
    title: "half a large body, and closes",
    sends: [OK + "content-length: 50000\r\n\r\nhe"],
    closes: true,
    breaks: true,
  },
  {
    title: "chunks without the last",
    sends: [OK + "transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n"],
    closes: true,
    breaks: true,
  },
  {
    title: "a chunk that breaks off",
    sends: [OK + "transfer-encoding: chunked\r\n\r\n9\r\nhe"],
    closes: true,
    breaks: true,
  },
  {
    title: "a bad second chunk",
    sends: [OK + "transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n", "zz\r\n"],
    breaks: true,
  },
];

for (const row of ROWS) {
  const verdict = row.fails ??
    (row.breaks ? "the body breaks" : row.kept ? "the connection is kept" : "the connection is closed");
  Deno.test(`an answer with ${row.title}: ${verdict}`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (request.connection.index > 0) return await request.send(answer(200, "second"));
      if (request.index > 0) return await request.send(answer(200, "again"));
      await request.sendPieces(row.sends);
      if (row.closes) await request.connection.close();
    });
    await using client = new TransportHarness(origin.port);
    const outcome = await client.send(row.method ?? "GET");
    if (row.fails !== undefined) {
      assert.ok(!outcome.ok);
      assert.equal(outcome.code, row.fails);
      assert.deepEqual([outcome.fault, outcome.sent], ["endpoint", true]);
      assert.equal(client.pool.size, 0, "a broken connection is not kept");
      return;
    }
    assert.ok(outcome.ok);
    assert.equal(outcome.reply.status, row.status ?? 200);
    if (row.breaks) {
      await assert.rejects(
        bodyText(outcome.reply),
        (error) => error instanceof BodyError && error.fault === "endpoint",
      );
      assert.equal(client.pool.size, 0);
      return;
    }
    assert.equal(await bodyText(outcome.reply), row.body);
    assert.equal(client.pool.idle, row.kept ? 1 : 0);
    const next = await client.reply();
    assert.equal(await bodyText(next), row.kept ? "again" : "second", "the next request has an answer of its own");
  });
}

Deno.test("interim answers are counted for each request anew", async () => {
  await using origin = await ScriptedOrigin.start([INTERIM.repeat(40) + answer(200, "hi")]);
  await using client = new TransportHarness(origin.port);
  for (let i = 0; i < 3; i++) assert.equal(await bodyText(await client.reply()), "hi");
  assert.equal(origin.connections.length, 1);
});

Deno.test("fields arrive apart, in order and with every byte", async () => {
  const sent = answer(200, "", "Set-Cookie: a=1", "X-Name: caf\xe9 ", "set-cookie: b=2", "x-empty:");
  await using origin = await ScriptedOrigin.start(async (request) => await request.send(sent));
  await using client = new TransportHarness(origin.port);
  const reply = await client.reply();
  assert.deepEqual(reply.headers.getAll("set-cookie"), ["a=1", "b=2"]);
  assert.deepEqual([reply.header("x-name"), reply.header("x-empty")], ["caf\xe9", ""]);
});

Deno.test("fields that Connection names are removed, those that matter are not", async () => {
  await using origin = await ScriptedOrigin.start([
    answer(200, "", "connection: x-hop, set-cookie", "x-hop: 1", "set-cookie: a=1", "x-end: 1"),
  ]);
  await using client = new TransportHarness(origin.port);
  const reply = await client.reply();
  assert.deepEqual([reply.header("x-hop"), reply.header("set-cookie"), reply.header("x-end")], [null, "a=1", "1"]);
});

Deno.test("what several Connection lines say counts together", async () => {
  await using origin = await ScriptedOrigin.start([
    answer(200, "", "connection: close, x-a", "connection: keep-alive, x-b", "x-a: 1", "x-b: 1"),
  ]);
  await using client = new TransportHarness(origin.port);
  const reply = await client.reply();
  assert.deepEqual([reply.header("x-a"), reply.header("x-b"), client.pool.size], [null, null, 0]);
});

Deno.test("a body of 5 MB comes whole, and the connection is kept", async () => {
  const data = "0123456789abcdef".repeat(5 * 2 ** 16);
  await using origin = await ScriptedOrigin.start(async (request) => await request.send(answer(200, data)));
  await using client = new TransportHarness(origin.port);
  const { body } = await client.reply();
  assert.ok(body !== null && "read" in body);
  assert.equal(body.length, data.length);
  const buffer = new Uint8Array(100_000);
  let at = 0;
  for (let count = await body.read(buffer); count > 0; count = await body.read(buffer)) {
    assert.equal(new TextDecoder().decode(buffer.subarray(0, count)), data.slice(at, at + count));
    at += count;
  }
  assert.equal(at, data.length);
  assert.equal(client.pool.idle, 1);
});

import { strict as assert } from "node:assert";
import { BodyError, isBodySource } from "../../../src/core/body.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { responseReply } from "../../../src/policies/web/response_reply.ts";
import { WebReply } from "../../../src/policies/web/web_reply.ts";
import { webResponse } from "../../../src/policies/web/web_response.ts";
import { readText, ScriptedBody } from "../../support/exchange.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const WHO = `policy "p"`;

/** A `Response` as `fetch` gives it: with the URL it came from. */
function fetched(body: BodyInit | null, headers: Record<string, string>): Response {
  return Object.defineProperty(new Response(body, { headers }), "url", { value: "http://origin.test/" });
}

/** A stream that is not at its end until a timer or a socket says so. */
function waiting(first: string): { stream: ReadableStream<Uint8Array>; cancelled(): boolean } {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes(first)),
    pull: () => new Promise(() => {}),
    cancel: () => void (cancelled = true),
  });
  return { stream, cancelled: () => cancelled };
}

Deno.test("webResponse() has status, fields and bytes, and every set-cookie on its own", async () => {
  const headers = HeaderList.of("x-a", "1", "x-a", "2", "set-cookie", "a=1", "set-cookie", "b=2; Expires=Mon, 1 Jan");
  const response = webResponse(new Reply(201, headers, bytes("hi")));
  assert.equal(response.status, 201);
  assert.deepEqual([...response.headers], [["set-cookie", "a=1"], ["set-cookie", "b=2; Expires=Mon, 1 Jan"], [
    "x-a",
    "1, 2",
  ]]);
  assert.equal(await response.text(), "hi");
});

Deno.test("webResponse() gives no body to statuses without content, and gives up the one that was there", () => {
  for (const status of [204, 205, 304]) {
    const body = new ScriptedBody(["x"]);
    assert.equal(webResponse(new Reply(status, HeaderList.of(), body)).body, null);
    assert.equal(body.cancelled, 1);
    assert.equal(webResponse(new Reply(status, HeaderList.of(), bytes("x"))).body, null);
  }
});

Deno.test("responseReply() takes status and fields, and drops what ends at this hop", () => {
  const response = new Response(null, {
    status: 404,
    headers: [
      ["X-A", "1"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["connection", "close, x-hop"],
      ["x-hop", "1"],
      ["transfer-encoding", "chunked"],
      ["keep-alive", "timeout=5"],
      ["content-length", "12"],
    ],
  });
  const reply = responseReply(response, WHO);
  assert.ok(reply instanceof Reply, "nothing waits for a response without a body");
  assert.equal(reply.status, 404);
  assert.deepEqual(reply.headers.getAll("set-cookie"), ["a=1", "b=2"]);
  assert.deepEqual(Object.fromEntries(response.headers)["x-a"], "1");
  assert.equal(reply.header("x-a"), "1");
  for (const name of ["connection", "x-hop", "transfer-encoding", "keep-alive"]) assert.equal(reply.header(name), null);
  assert.equal(reply.header("content-length"), "12", "as HEAD tells it");
  assert.equal(reply.body, null);
});

Deno.test("responseReply() takes a body that is there as bytes", async (t) => {
  const bodies: Record<string, [body: Response, text: string | null]> = {
    text: [new Response("hello"), "hello"],
    bytes: [new Response(bytes("hello")), "hello"],
    json: [Response.json({ a: 1 }), `{"a":1}`],
    form: [new Response(new URLSearchParams({ a: "1" })), "a=1"],
    blob: [new Response(new Blob(["hello"])), "hello"],
    "a stream that is closed": [new Response(ReadableStream.from([bytes("hello")])), "hello"],
    "a wrong length": [new Response("hello", { headers: { "content-length": "7" } }), "hello"],
    empty: [new Response(""), null],
  };
  for (const [name, [response, text]] of Object.entries(bodies)) {
    await t.step(name, async () => {
      const { body, headers } = await responseReply(response, WHO);
      if (text === null) return assert.equal(body, null);
      assert.ok(body instanceof Uint8Array);
      assert.equal(await readText(body), text);
      assert.equal(headers.get("content-length"), null);
      assert.equal(headers.get("content-type"), response.headers.get("content-type"));
    });
  }
});

Deno.test("responseReply() does not hold a stream back, and cancels it with its body", async () => {
  const { stream, cancelled } = waiting("first");
  const { body } = await responseReply(new Response(stream), WHO);
  assert.ok(isBodySource(body));
  assert.equal(body.length, undefined);
  const into = new Uint8Array(16);
  assert.equal(await body.read(into), 5);
  body.cancel();
  assert.ok(cancelled());
});

Deno.test("responseReply() reads a stream of several pieces whole, and tells its failure", async () => {
  const pieces = ReadableStream.from([bytes("a"), bytes("b"), bytes("c")]);
  assert.equal(await readText((await responseReply(new Response(pieces), WHO)).body), "abc");
  const failing = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new RangeError("boom")) });
  await assert.rejects(
    readText((await responseReply(new Response(failing), WHO)).body),
    (error) => error instanceof BodyError && (error.cause as Error).message === "boom",
  );
});

Deno.test("responseReply() keeps the length that fetch tells, unless fetch decoded the body", async () => {
  const { stream } = waiting("12345");
  const plain = await responseReply(fetched(stream, { "content-length": "10" }), WHO);
  assert.ok(isBodySource(plain.body));
  assert.equal(plain.body.length, 10);
  plain.body.cancel();
  for (const encoding of ["gzip", "br", "GZIP"]) {
    const { stream } = waiting("12345");
    const decoded = await responseReply(fetched(stream, { "content-encoding": encoding, "content-length": "3" }), WHO);
    assert.ok(isBodySource(decoded.body));
    assert.equal(decoded.body.length, undefined);
    assert.equal(decoded.header("content-encoding"), null);
    decoded.body.cancel();
  }
  const kept = await responseReply(fetched("x", { "content-encoding": "zstd" }), WHO);
  assert.equal(kept.header("content-encoding"), "zstd", "which fetch does not decode");
  const own = await responseReply(new Response("x", { headers: { "content-encoding": "gzip" } }), WHO);
  assert.equal(own.header("content-encoding"), "gzip", "which its author vouches for");
});

Deno.test("responseReply() refuses what cannot be sent, naming its author", async () => {
  const read = new Response("x");
  await read.text();
  const reading = new Response("x");
  reading.body!.getReader();
  const cases: [Response, RegExp][] = [
    [Response.error(), /policy "p" returned Response\.error\(\)/],
    [Object.defineProperty(new Response(null), "status", { value: 101 }), /status 101/],
    [read, /policy "p" returned a Response whose body has been read/],
    [reading, /body has been read/],
    [new Response(null, { headers: { "x-a": "a\x01b" } }), /header "x-a"/],
  ];
  for (const [response, message] of cases) assert.throws(() => responseReply(response, WHO), message);
});

Deno.test("a source passes through response() and back as itself", () => {
  const body = new ScriptedBody(["abc"]), reply = new Reply(200, HeaderList.of("x-a", "1"), body);
  const { body: stream, headers } = new WebReply(reply).response();
  const back = responseReply(new Response(stream, { headers }), WHO);
  assert.ok(back instanceof Reply, "nothing waits");
  assert.equal(back.body, body);
  assert.equal(back.header("x-a"), "1");
});

Deno.test("WebReply.response() lends the body: it is the reply's until the response's is touched", async (t) => {
  const lend = () => {
    const body = new ScriptedBody(["abc", "def"]), reply = new Reply(200, HeaderList.of(), body);
    return { body, reply, response: new WebReply(reply).response() };
  };
  await t.step("untouched", async () => {
    const { reply } = lend();
    assert.equal(await readText(reply.body), "abcdef");
  });
  await t.step("a clone was read", async () => {
    const { reply, response } = lend();
    assert.equal(await response.clone().text(), "abcdef");
    assert.equal(await readText(reply.body), "abcdef");
  });
  await t.step("it was read", async () => {
    const { reply, response } = lend();
    await response.text();
    await assert.rejects(readText(reply.body), /return a Response made of what it read/);
  });
  await t.step("a clone was read, and it too", async () => {
    const { reply, response } = lend();
    await Promise.all([response.clone().text(), response.text()]);
    await assert.rejects(readText(reply.body), /return a Response made of what it read/);
  });
  await t.step("untouched, and given up", () => {
    const { body, reply } = lend();
    assert.ok(isBodySource(reply.body));
    reply.body.cancel();
    assert.equal(body.cancelled, 1);
  });
  await t.step("being read, and given up", async () => {
    const { body, reply, response } = lend();
    const text = response.text();
    assert.ok(isBodySource(reply.body));
    reply.body.cancel();
    assert.equal(body.cancelled, 0);
    assert.equal(await text, "abcdef");
  });
});

Deno.test("WebReply.response() gives ready bytes as often as asked, and a source once", async () => {
  const ready = new WebReply(new Reply(200, HeaderList.of(), bytes("abc")));
  (await ready.response().bytes()).fill(0);
  assert.equal(await ready.response().text(), "abc");
  assert.equal(await readText(ready.reply.body), "abc");
  const streamed = new WebReply(new Reply(200, HeaderList.of(), new ScriptedBody(["abc"])));
  streamed.response();
  assert.throws(() => streamed.response(), /called before/);
});

Deno.test("WebReply changes the reply, and refuses framing and statuses that cannot be sent", () => {
  const reply = new Reply(200, HeaderList.of("x-a", "1"), null), web = new WebReply(reply);
  web.status = 404;
  web.setHeader("X-A", "2");
  web.appendHeader("set-cookie", "a=1");
  web.appendHeader("set-cookie", "b=2");
  web.removeHeader("X-A");
  assert.equal(web.header("X-A"), null);
  assert.equal(reply.status, 404);
  assert.deepEqual(reply.headers.flat(), ["set-cookie", "a=1", "set-cookie", "b=2"]);
  for (const status of [101, 199, 600, 200.5, NaN]) assert.throws(() => web.status = status, RangeError);
  for (const name of ["Content-Length", "transfer-encoding", "connection"]) {
    assert.throws(() => web.setHeader(name, "1"), /cannot be changed on a response/);
    assert.throws(() => web.appendHeader(name, "1"), TypeError);
    assert.throws(() => web.removeHeader(name), TypeError);
  }
  assert.throws(() => web.setHeader("x-a", "a\r\nb: c"), TypeError);
});

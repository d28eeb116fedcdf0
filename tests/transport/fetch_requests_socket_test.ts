import { strict as assert } from "node:assert";
import { BodyError } from "../../src/core/body.ts";
import { until } from "../support/until.ts";
import { FetchHarness, type FetchRequest } from "./fetch_harness.ts";
import { H2Origin, type H2Request } from "./fetch_origin.ts";
import { bodyText, GivenBody } from "./harness.ts";

const OK = (request: H2Request) => request.answer(200, {}, "ok");

/** What the origin sees of a request. */
async function seen(method: string, request: FetchRequest): Promise<H2Request> {
  await using origin = await H2Origin.start(OK);
  await using client = new FetchHarness(origin.port);
  const reply = await client.reply(method, request);
  if (method !== "HEAD") assert.equal(await bodyText(reply), "ok");
  return origin.requests[0];
}

const FIELDS: readonly [what: string, lines: readonly string[], name: string, values: readonly string[]][] = [
  ["Host is the authority", [], "host", []],
  ["no runtime names itself", [], "user-agent", [""]],
  ["a client's own name passes", ["User-Agent: curl/8"], "user-agent", ["curl/8"]],
  ["duplicates stay apart", ["x-a: 1", "x-a: 2"], "x-a", ["1", "2"]],
  ["cookies stay apart and whole", ["cookie: a=1; b=2", "cookie: c=3"], "cookie", ["a=1; b=2", "c=3"]],
  ["names become lower case, values keep theirs", ["X-Mixed:  Value \t"], "x-mixed", ["Value"]],
  ["a value may have a colon", ["x-url: http://x:1/y"], "x-url", ["http://x:1/y"]],
  ["an empty value passes", ["x-empty:"], "x-empty", [""]],
  ["bytes above ASCII pass", ["x-obs: caf\xe9\xa0"], "x-obs", ["caf\xe9\xa0"]],
  [
    "what a client accepts passes behind the word that keeps the runtime from decoding",
    [
      "accept-encoding: gzip, br",
      "accept-encoding: zstd",
    ],
    "accept-encoding",
    ["identity", "gzip, br, zstd"],
  ],
  ["without Accept-Encoding nothing is decoded either", [], "accept-encoding", ["identity"]],
  ["identity is said once", ["accept-encoding: identity"], "accept-encoding", ["identity"]],
  ["no Connection", ["connection: te, upgrade"], "connection", []],
  ["no Upgrade", ["upgrade: websocket", "connection: upgrade"], "upgrade", []],
  ["no TE: trailers get lost", ["te: trailers", "connection: te"], "te", []],
  ["no Expect: interim answers get lost", ["expect: 100-continue"], "expect", []],
  ["Via passes", ["via: 1.1 a, 1.1 b"], "via", ["1.1 a, 1.1 b"]],
  [
    "fields that browsers keep for themselves pass",
    ["origin: http://o", "referer: http://r/", "date: x", "dnt: 1"],
    "origin",
    [
      "http://o",
    ],
  ],
];

for (const [what, lines, name, values] of FIELDS) {
  Deno.test(`a request over HTTP/2: ${what}`, async () => {
    assert.deepEqual((await seen("GET", { lines })).all(name), values);
  });
}

Deno.test("a request over HTTP/2 says scheme, authority and method", async () => {
  const { fields } = await seen("PROPFIND", { host: "Other.example:81" });
  assert.deepEqual(fields.slice(0, 8), [
    ...[":method", "PROPFIND", ":scheme", "http", ":authority", "other.example:81", ":path", "/"],
  ]);
});

const TARGETS: readonly [sent: string, seen: string][] = [
  ["/", "/"],
  ["/?", "/?"],
  ["/a//b/", "/a//b/"],
  ["//x/y", "//x/y"],
  ["/a%2Fb/%2e%2e%2Fc?q=../..", "/a%2Fb/%2e%2e%2Fc?q=../.."],
  ["/a|b^c[]~!$&'()*+,;=:@?x=`{}|^[]\\&y=/?", "/a|b^c[]~!$&'()*+,;=:@?x=`{}|^[]\\&y=/?"],
  // A URL parser's work: the same characters in another spelling.
  ['/"<>`{}', "/%22%3C%3E%60%7B%7D"],
  [`/?q="<>'`, "/?q=%22%3C%3E%27"],
  ["/a\\b", "/a%5Cb"],
  ["/\xe9?\xff", "/%E9?%FF"],
];

for (const [sent, path] of TARGETS) {
  Deno.test(`the target ${JSON.stringify(sent)} arrives as ${path}`, async () => {
    assert.deepEqual((await seen("GET", { target: sent })).all(":path"), [path]);
  });
}

const REFUSED: readonly [what: string, method: string, request: FetchRequest][] = [
  ["TRACE", "TRACE", {}],
  ["TRACK", "TRACK", {}],
  ["a method that would become another", "get", {}],
  ["a body with GET", "GET", { body: new Uint8Array(1) }],
  ["a body still to come with HEAD", "HEAD", { body: new GivenBody(undefined) }],
  ["a dot segment", "GET", { target: "/a/../b" }],
  ["a dot segment at the end", "GET", { target: "/a/." }],
  ["an encoded dot segment", "GET", { target: "/a/%2E./b" }],
  ["an encoded dot segment before the query", "GET", { target: "/a/..?x" }],
  ["a fragment", "GET", { target: "/a#b" }],
  ["an asterisk", "OPTIONS", { target: "*" }],
  ["a Host that would become another", "GET", { host: "0x7f.1" }],
  ["a Host with a path", "GET", { host: "a/b" }],
  ["a Host with a user", "GET", { host: "u@a" }],
  ["a Host with a port that is blocked", "GET", { host: "a:6000" }],
  ["no Host", "GET", { host: "" }],
];

for (const [what, method, request] of REFUSED) {
  Deno.test(`what fetch would not send as it is, is not sent: ${what}`, async () => {
    await using origin = await H2Origin.start(OK);
    await using client = new FetchHarness(origin.port);
    const { code, sent, fault, cause } = await client.failure(method, request);
    assert.deepEqual([code, sent, fault], ["no_endpoint", false, "gateway"]);
    assert.ok(cause instanceof Error);
    assert.equal(origin.requests.length, 0);
  });
}

Deno.test("a Host with the scheme's own port is the Host without", async () => {
  assert.deepEqual((await seen("GET", { host: "a.example:80" })).all(":authority"), ["a.example"]);
});

Deno.test("a body at hand goes with its length; POST without one says 0", async () => {
  const body = await seen("POST", { body: new TextEncoder().encode("hello") });
  assert.deepEqual([body.body, body.all("content-length"), body.all("content-type")], ["hello", ["5"], []]);
  assert.deepEqual((await seen("POST", {})).all("content-length"), ["0"]);
});

Deno.test("an upload of known length says it, and reaches the origin before it ends", async () => {
  await using origin = await H2Origin.start(OK);
  await using client = new FetchHarness(origin.port);
  const body = new GivenBody(10), reply = client.reply("PUT", { body });
  body.give("hello");
  const request = await origin.request();
  await until(() => request.body === "hello");
  assert.deepEqual([request.all("content-length"), request.complete], [["10"], false]);
  body.give("world");
  body.give(null);
  assert.equal(await bodyText(await reply), "ok");
  assert.deepEqual([request.body, request.complete], ["helloworld", true]);
});

Deno.test("an upload of unknown length has none", async () => {
  await using origin = await H2Origin.start(OK);
  await using client = new FetchHarness(origin.port);
  const body = new GivenBody(undefined), reply = client.reply("POST", { body });
  for (const piece of ["a", "b", "c", null]) body.give(piece);
  assert.equal(await bodyText(await reply), "ok");
  assert.deepEqual([origin.requests[0].body, origin.requests[0].all("content-length")], ["abc", []]);
});

const BROKEN: readonly [what: string, length: number | undefined, pieces: (string | Error | null)[], code: string][] = [
  ["breaks off", undefined, ["abc", new BodyError("client", "gone")], "request_body_failed"],
  ["grows too large", undefined, ["abc", new BodyError("too-large", "more")], "body_too_large"],
  ["comes too slowly", 9, ["abc", new BodyError("client-timeout", "late")], "request_body_timeout"],
  ["ends too early", 9, ["abc", null], "request_body_failed"],
  ["is too long", 4, ["abc", "def"], "request_body_failed"],
];

for (const [what, length, pieces, code] of BROKEN) {
  Deno.test(`an upload that ${what} never becomes a request`, async () => {
    await using origin = await H2Origin.start(OK);
    await using client = new FetchHarness(origin.port);
    const body = new GivenBody(length), failure = client.failure("POST", { body });
    body.give(pieces[0]);
    const request = await origin.request();
    await until(() => request.body === "abc");
    body.give(pieces[1]);
    const outcome = await failure;
    assert.deepEqual([outcome.code, outcome.fault, outcome.stage, body.cancelled], [code, "client", "send", true]);
    await until(() => request.closed);
    assert.deepEqual([request.body, request.complete], ["abc", false]);
  });
}

for (const fault of ["client", "too-large", "client-timeout"] as const) {
  Deno.test(`an upload that fails under a running answer ends that answer by its own fault: ${fault}`, async () => {
    await using origin = await H2Origin.start((request) => {
      request.stream.respond({ ":status": 200 });
      request.stream.write("hello");
    });
    await using client = new FetchHarness(origin.port);
    const body = new GivenBody(undefined), cause = new BodyError(fault, "it broke off");
    body.give("start");
    const reply = await client.reply("POST", { body }), reading = bodyText(reply);
    const request = await origin.request();
    await until(() => request.body === "start");
    body.give(cause);
    await assert.rejects(reading, (error) => error === cause);
    await until(() => request.closed);
    assert.equal(request.complete, false);
  });
}

Deno.test("an early answer ends the upload", async () => {
  await using origin = await H2Origin.start((request) => {
    request.stream.respond({ ":status": 413 });
    request.stream.end("too large");
  });
  await using client = new FetchHarness(origin.port);
  const body = new GivenBody(undefined), reply = await client.reply("POST", { body });
  assert.deepEqual([reply.status, await bodyText(reply)], [413, "too large"]);
  await until(() => body.cancelled);
});

Deno.test("one connection carries many requests, cold or warm", async () => {
  await using origin = await H2Origin.start(OK);
  await using client = new FetchHarness(origin.port);
  const replies = await Promise.all(Array.from({ length: 20 }, () => client.reply()));
  assert.deepEqual(await Promise.all(replies.map(bodyText)), Array(20).fill("ok"));
  assert.equal(await bodyText(await client.reply()), "ok");
  assert.deepEqual([origin.sessions, origin.requests.length], [1, 21]);
});

Deno.test("each Host has a connection of its own, and no more of them than the pool has places", async () => {
  const held: H2Request[] = [];
  await using origin = await H2Origin.start((request) =>
    request.all(":authority")[0] === "held" ? void held.push(request) : OK(request)
  );
  await using client = new FetchHarness(origin.port, { limits: { max: 2 } });
  const waiting = client.reply("GET", { host: "held" });
  await origin.request();
  for (const host of ["a", "b", "c", "a"]) assert.equal(await bodyText(await client.reply("GET", { host })), "ok");
  assert.deepEqual([client.transport.size, origin.sessions], [2, 5]);
  await until(() => origin.open === 2, "the connections of hosts that made room to be closed");
  const second = client.reply("GET", { host: "held" });
  await origin.request(5);
  assert.equal(origin.sessions, 5);
  await using small = new FetchHarness(origin.port, { limits: { max: 1 } });
  const only = small.reply("GET", { host: "held" });
  await origin.request(6);
  assert.deepEqual((await small.failure("GET", { host: "x" })).code, "pool_exhausted");
  for (const request of held) OK(request);
  for (const reply of [waiting, second, only]) assert.equal(await bodyText(await reply), "ok");
  assert.equal(await bodyText(await small.reply("GET", { host: "x" })), "ok");
});

Deno.test("a connection that nobody uses is closed", async () => {
  await using origin = await H2Origin.start(OK);
  await using client = new FetchHarness(origin.port, { limits: { idle: 20 } });
  assert.equal(await bodyText(await client.reply()), "ok");
  await until(() => origin.open === 0);
  assert.equal(await bodyText(await client.reply()), "ok");
  assert.equal(origin.sessions, 2);
});

Deno.test("closing lets what is under way end", async () => {
  const held: H2Request[] = [];
  await using origin = await H2Origin.start((request) => void held.push(request));
  await using client = new FetchHarness(origin.port);
  const reply = client.reply();
  await origin.request();
  client.transport.close();
  assert.equal(origin.open, 1);
  OK(held[0]);
  assert.equal(await bodyText(await reply), "ok");
  await until(() => origin.open === 0);
});

import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";

const get = (target: string, ...fields: string[]) =>
  [`GET ${target} HTTP/1.1`, "host: api.example:8080", ...fields, "", ""].join("\r\n");

Deno.test("a request reaches the endpoint with its fields, and the answer comes back with its own", async () => {
  await using origin = await ScriptedOrigin.start([
    answer(200, "hello", "x-one: 1", "set-cookie: a=1", "set-cookie: b=2"),
  ]);
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  const response = await client.exchange(get("/a/b?x=%20&y", "accept: */*", "x-two: 2", "x-request-id: id-1"));
  assert.deepEqual([response.status, response.text], [200, "hello"]);
  assert.deepEqual(response.head.headerValues("set-cookie"), ["a=1", "b=2"]);
  assert.deepEqual([response.header("x-one"), response.header("x-request-id"), response.header("via")], [
    "1",
    "id-1",
    "1.1 gatewright",
  ]);
  const [request] = origin.requests;
  assert.equal(request.target, "/a/b?x=%20&y");
  assert.equal(request.header("host"), "api.example:8080");
  assert.deepEqual(
    ["accept", "x-two", "x-request-id", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded", "via"]
      .map((name) => request.header(name)),
    [
      "*/*",
      "2",
      "id-1",
      "127.0.0.1",
      "http",
      "api.example:8080",
      'for=127.0.0.1;host="api.example:8080";proto=http',
      "1.1 gatewright",
    ],
  );
});

Deno.test("fields that end at this hop stay here, both ways", async () => {
  await using origin = await ScriptedOrigin.start([
    answer(
      200,
      "x",
      "connection: x-hop",
      "x-hop: 1",
      "keep-alive: timeout=5",
      "proxy-authenticate: Basic",
      "upgrade: h2c",
      "x-end: 1",
    ),
  ]);
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  const hop = [
    "connection: x-mine, keep-alive",
    "x-mine: 1",
    "te: gzip",
    "upgrade: h2c",
    "proxy-authorization: x",
    "proxy: http://evil",
    "keep-alive: 5",
    "x-end: 1",
  ];
  const response = await client.exchange(get("/", ...hop));
  const received = origin.requests[0].head;
  for (const name of ["connection", "x-mine", "te", "upgrade", "proxy-authorization", "proxy", "keep-alive"]) {
    assert.equal(received.header(name), null, `${name} went upstream`);
  }
  for (const name of ["x-hop", "keep-alive", "proxy-authenticate", "upgrade"]) {
    assert.equal(response.header(name), null, `${name} came back`);
  }
  assert.deepEqual([received.header("x-end"), response.header("x-end")], ["1", "1"]);
});

Deno.test("what an untrusted client says about where it comes from is replaced", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  await client.exchange(
    get(
      "/",
      "x-forwarded-for: 6.6.6.6",
      "x-forwarded-proto: https",
      "x-forwarded-host: evil",
      "forwarded: for=6.6.6.6",
      "x-real-ip: 6.6.6.6",
    ),
  );
  const received = origin.requests[0];
  assert.deepEqual(
    ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-real-ip"].map((name) => received.header(name)),
    ["127.0.0.1", "http", "api.example:8080", null],
  );
  assert.equal((await gateway.event()).client, "127.0.0.1");
});

Deno.test("a request without a body has none upstream, whatever its method", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = TestGateway.start(
    defineGateway({ methods: ["PURGE"], routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  for (const method of ["DELETE", "OPTIONS", "PURGE", "POST"]) {
    await client.exchange(`${method} /x HTTP/1.1\r\nhost: a\r\n\r\n`);
  }
  const framing = origin.requests.map((
    { method, head },
  ) => [method, head.header("transfer-encoding"), head.header("content-length")]);
  assert.deepEqual(framing, [["DELETE", null, null], ["OPTIONS", null, null], ["PURGE", null, null], [
    "POST",
    null,
    "0",
  ]]);
});

Deno.test("an absolute target does not say how the client came, nor may names with _ or client addresses", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  const claims = ["X_Forwarded_For: 6.6.6.6", "x-forwarded-user: root", "true-client-ip: 6.6.6.6", "x-ok: 1"];
  await client.exchange(get("https://a.example/x", ...claims));
  const { head } = origin.requests[0];
  assert.deepEqual(
    ["x-forwarded-proto", "forwarded", "x_forwarded_for", "x-forwarded-user", "true-client-ip", "x-ok"].map((name) =>
      head.header(name)
    ),
    ["http", "for=127.0.0.1;host=a.example;proto=http", null, null, null, "1"],
  );
});

Deno.test("the upstream's own request id does not stand beside the gateway's", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "", "x-request-id: theirs")]);
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  const response = await client.exchange(get("/", "x-request-id: ours"));
  assert.deepEqual(response.head.headerValues("x-request-id"), ["ours"]);
});

Deno.test("a trusted proxy is believed, counted from the right", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = TestGateway.start(
    defineGateway({
      trustedProxies: ["127.0.0.0/8", "10.0.0.0/8"],
      routes: [{ path: "/*", upstream: origin.url as "http://o" }],
    }),
  );
  await using client = await gateway.connect();
  await client.exchange(get("/", "x-forwarded-for: 6.6.6.6, 192.0.2.9, 10.0.0.1", "x-forwarded-proto: https"));
  const received = origin.requests[0];
  assert.equal(received.header("x-forwarded-for"), "6.6.6.6, 192.0.2.9, 10.0.0.1, 127.0.0.1");
  assert.equal(received.header("x-forwarded-proto"), "https");
  assert.equal((await gateway.event()).client, "192.0.2.9");
});

Deno.test("rewrite and stripPrefix change the path that goes upstream, raw segments and all", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = TestGateway.start(defineGateway({
    upstreams: { o: origin.url },
    routes: [
      { path: "/api/users/:id", upstream: "o", rewrite: "/users/:id" },
      { path: "/files/*rest", upstream: "o", stripPrefix: "/files" },
      { path: "/old/*rest", upstream: "o", rewrite: "/new/*rest" },
    ],
  }));
  await using client = await gateway.connect();
  for (const target of ["/api/users/a%2Fb%20c?q=1", "/files", "/files/x/y?z", "/old/a/b", "/old"]) {
    await client.exchange(get(target));
  }
  assert.deepEqual(origin.requests.map(({ target }) => target), [
    "/users/a%2Fb%20c?q=1",
    "/",
    "/x/y?z",
    "/new/a/b",
    "/new/",
  ]);
});

Deno.test("host: the client's, the endpoint's, or a given one", async () => {
  await using origin = await ScriptedOrigin.start([answer(200)]);
  await using gateway = TestGateway.start(defineGateway({
    upstreams: {
      client: { endpoints: [origin.url] },
      endpoint: { endpoints: [origin.url], host: "endpoint" },
      fixed: { endpoints: [origin.url], host: "inner.example" },
    },
    routes: [{ path: "/c", upstream: "client" }, { path: "/e", upstream: "endpoint" }, {
      path: "/f",
      upstream: "fixed",
    }],
  }));
  await using client = await gateway.connect();
  for (const target of ["/c", "/e", "/f"]) await client.exchange(get(target));
  assert.deepEqual(origin.requests.map((request) => request.header("host")), [
    "api.example:8080",
    `127.0.0.1:${origin.port}`,
    "inner.example",
  ]);
});

Deno.test("an upload is forwarded as it comes, with its length or in chunks", async () => {
  await using origin = await ScriptedOrigin.start([answer(201)]);
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  await client.send("POST /u HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n01234");
  const first = await origin.request(0);
  await client.send("56789");
  assert.equal((await client.response("POST")).status, 201);
  assert.equal(await first.text(), "0123456789");
  await client.send("POST /u HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
  const second = await origin.request(1);
  assert.equal(second.header("transfer-encoding"), "chunked");
  await client.send("0\r\n\r\n");
  assert.equal((await client.response("POST")).status, 201);
  assert.equal(await second.text(), "hello");
  assert.deepEqual(gateway.completed.map(({ bytesIn }) => bytesIn), [10, 5]);
});

Deno.test("pieces of an answer reach the client as they are sent", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(
      "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n8\r\ndata: 1\n\r\n",
    );
    await go.promise;
    await request.send("8\r\ndata: 2\n\r\n0\r\n\r\n");
  });
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  await client.send(get("/"));
  await client.takeWhen("the first event", (text) => text.includes("data: 1\n"));
  go.resolve();
  await client.takeWhen("the second event", (text) => text.includes("data: 2\n") && text.endsWith("0\r\n\r\n"));
  const event = await gateway.event();
  assert.deepEqual([event.status, event.bytesOut, event.error], [200, 16, ""]);
});

Deno.test("HEAD has the answer's length and no body", async () => {
  await using origin = await ScriptedOrigin.start(["HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n"]);
  await using gateway = TestGateway.start(
    defineGateway({ routes: [{ path: "/*", methods: ["GET"], upstream: origin.url as "http://o" }] }),
  );
  await using client = await gateway.connect();
  const response = await client.exchange("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
  assert.deepEqual([response.status, response.header("content-length"), response.text], [200, "500", ""]);
  assert.equal(origin.requests[0].method, "HEAD");
});

Deno.test("round robin honours weights", async () => {
  await using one = await ScriptedOrigin.start([answer(200, "1")]);
  await using two = await ScriptedOrigin.start([answer(200, "2")]);
  await using gateway = TestGateway.start(defineGateway({
    upstreams: { o: { endpoints: [one.url, { url: two.url, weight: 2 }] } },
    routes: [{ path: "/*", upstream: "o" }],
  }));
  await using client = await gateway.connect();
  for (let i = 0; i < 9; i++) await client.exchange(get("/"));
  assert.deepEqual([one.requests.length, two.requests.length], [3, 6]);
});

Deno.test("the access event tells the request's story", async () => {
  await using origin = await ScriptedOrigin.start([answer(200, "hello")]);
  await using gateway = TestGateway.start(
    defineGateway({ upstreams: { o: origin.url }, routes: [{ path: "/users/:id", name: "user", upstream: "o" }] }),
  );
  await using client = await gateway.connect();
  await client.exchange(get("/users/7?secret=1", "x-request-id: id-7"));
  const { duration, exchange, ...event } = await gateway.event();
  assert.ok(duration >= 0);
  assert.equal(exchange.query, "?secret=1");
  assert.deepEqual(event, {
    method: "GET",
    path: "/users/7",
    host: "api.example",
    route: "user",
    status: 200,
    bytesIn: 0,
    bytesOut: 5,
    endpoint: `o/${origin.url}`,
    attempts: 1,
    requestId: "id-7",
    client: "127.0.0.1",
    error: "",
    limit: "",
    auth: "",
    cache: "",
    identity: "",
    reason: "",
    traceId: "",
    traced: false,
  });
});

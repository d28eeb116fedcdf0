import { strict as assert } from "node:assert";
import { defineGateway, definePolicy, headers } from "gatewright";
import { ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";

const config = defineGateway({
  policies: [headers({ response: { set: { "x-global": "yes" } } })],
  routes: [
    { path: "/", respond: { body: "root" } },
    {
      path: "/users/:id",
      methods: ["GET", "PATCH"],
      handler: (ctx) => Response.json({ id: ctx.params.id, path: ctx.path, host: ctx.host }),
    },
    { path: "/go/:to", redirect: { to: "/users/{param:to}", status: 308, keepQuery: true } },
    { path: "/h", host: "*.example.com", respond: { body: "wild" } },
    { path: "/h", host: "api.example.com", respond: { body: "exact" } },
    { path: "/t", respond: { body: "everybody" } },
    { path: "/t", tenant: { key: "header:x-user-id", is: "acme" }, respond: { body: "acme" } },
    { path: "/reset", respond: { status: 205 } },
    { path: "/echo", methods: ["POST"], handler: async (ctx) => new Response(await ctx.request.text()) },
  ],
});

type Answer = readonly [status: number, says: string];

/** A request, and the status and body or code that answer it; another answer where `serve` has no choice. */
const ROWS: readonly [title: string, request: string, status: number, says: string, serve?: Answer][] = [
  ["a route", "GET / HTTP/1.1\r\nhost: a\r\n\r\n", 200, "root"],
  ["a path without a route (RFC 9110 §15.5.5)", "GET /nope HTTP/1.1\r\nhost: a\r\n\r\n", 404, "route_not_found"],
  [
    "a method that the route does not take (§15.5.6)",
    "DELETE /users/1 HTTP/1.1\r\nhost: a\r\n\r\n",
    405,
    "method_not_allowed",
  ],
  ["OPTIONS that no route takes (§9.3.7)", "OPTIONS /users/1 HTTP/1.1\r\nhost: a\r\n\r\n", 204, ""],
  ["HEAD on a GET route (§9.3.2)", "HEAD /users/1 HTTP/1.1\r\nhost: a\r\n\r\n", 200, ""],
  ["a parameter", "GET /users/a%20b HTTP/1.1\r\nhost: a\r\n\r\n", 200, '{"id":"a b","path":"/users/a%20b","host":"a"}'],
  ["a kept %2F", "GET /users/a%2fb HTTP/1.1\r\nhost: a\r\n\r\n", 200, '{"id":"a/b","path":"/users/a%2Fb","host":"a"}'],
  [
    "dot segments (RFC 3986 §5.2.4)",
    "GET /x/../users/%2e%2e/users/1 HTTP/1.1\r\nhost: a\r\n\r\n",
    200,
    '{"id":"1","path":"/users/1","host":"a"}',
  ],
  ["%2F beside dots", "GET /users/..%2f1 HTTP/1.1\r\nhost: a\r\n\r\n", 400, "bad_path"],
  ["a fragment in the target", "GET /users/1#x HTTP/1.1\r\nhost: a\r\n\r\n", 400, "bad_path"],
  ["a fragment in the query", "GET /?a#x HTTP/1.1\r\nhost: a\r\n\r\n", 400, "bad_target"],
  ["an encoded NUL", "GET /users/%00 HTTP/1.1\r\nhost: a\r\n\r\n", 400, "bad_path"],
  ["a broken escape", "GET /users/%zz HTTP/1.1\r\nhost: a\r\n\r\n", 400, "bad_path"],
  ["no Host (RFC 9112 §3.2)", "GET / HTTP/1.1\r\n\r\n", 400, "bad_host"],
  ["a Host with a path in it", "GET /x HTTP/1.1\r\nhost: a/users/1?\r\n\r\n", 400, "bad_host"],
  ["a Host with user information", "GET / HTTP/1.1\r\nhost: u@a\r\n\r\n", 400, "bad_host"],
  ["a Host with a space", "GET / HTTP/1.1\r\nhost: a b\r\n\r\n", 400, "bad_host"],
  ["a port out of range", "GET / HTTP/1.1\r\nhost: a:99999\r\n\r\n", 400, "bad_host"],
  [
    "absolute form: its authority wins (§3.2.2)",
    "GET http://api.example.com/h HTTP/1.1\r\nhost: other\r\n\r\n",
    200,
    "exact",
  ],
  ["TRACE", "TRACE / HTTP/1.1\r\nhost: a\r\n\r\n", 405, "method_not_allowed"],
  ["CONNECT", "CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n", 501, "method_not_implemented"],
  ["a wildcard host", "GET /h HTTP/1.1\r\nhost: www.Example.com:8080\r\n\r\n", 200, "wild"],
  ["an exact host before a wildcard", "GET /h HTTP/1.1\r\nhost: api.example.com\r\n\r\n", 200, "exact"],
  ["a host without a route", "GET /h HTTP/1.1\r\nhost: example.com\r\n\r\n", 404, "route_not_found"],
  ["a tenant with a route of its own", "GET /t HTTP/1.1\r\nhost: a\r\nx-user-id: acme\r\n\r\n", 200, "acme"],
  ["another tenant", "GET /t HTTP/1.1\r\nhost: a\r\nx-user-id: other\r\n\r\n", 200, "everybody"],
  ["a body that a handler reads", "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhello", 200, "hello"],
  [
    "a coding beside chunked (RFC 9112 §6.1)",
    "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    501,
    "transfer_coding_not_implemented",
  ],
  [
    "two equal lengths",
    "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nhi",
    400,
    "bad_content_length",
  ],
  ["a GET with a body", "GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi", 200, "root", [
    400,
    "body_not_supported",
  ]],
  ["another scheme", "GET ftp://a/x HTTP/1.1\r\nhost: a\r\n\r\n", 400, "bad_target"],
  ["205, which serve cannot end", "GET /reset HTTP/1.1\r\nhost: a\r\n\r\n", 205, "", [204, ""]],
  ["a redirect", "GET /go/x%2Fy?q=1 HTTP/1.1\r\nhost: a\r\n\r\n", 308, ""],
];

for (const engine of ["h1", "serve"] as const) {
  for (const [title, request, ...others] of ROWS) {
    const [status, says] = (engine === "serve" ? others[2] : undefined) ?? others as unknown as Answer;
    Deno.test(`${engine}: ${title}: ${status}`, async () => {
      await using gateway = TestGateway.start(config, {}, { engine });
      await using client = await gateway.connect();
      const response = await client.exchange(request);
      assert.equal(response.status, status);
      const problem = response.header("content-type") === "application/problem+json";
      assert.equal(problem ? JSON.parse(response.text).code : response.text, says);
      const event = await gateway.event();
      assert.equal(event.status, request.includes("/reset") ? 205 : status);
      // A refusal before routing is in the log with its code and the path as it came.
      if (problem && event.route === "" && !["route_not_found", "method_not_allowed"].includes(says)) {
        assert.equal(event.error, says);
        assert.notEqual(event.path, "");
      }
    });
  }
}

Deno.test("the global chain wraps routes and 404, 405 and OPTIONS answers alike", async () => {
  await using gateway = TestGateway.start(config);
  await using client = await gateway.connect();
  for (
    const [method, path, status] of [["GET", "/", 200], ["GET", "/nope", 404], ["DELETE", "/users/1", 405], [
      "OPTIONS",
      "/users/1",
      204,
    ]] as const
  ) {
    const response = await client.exchange(`${method} ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    assert.deepEqual([response.status, response.header("x-global")], [status, "yes"]);
    if (status === 405 || status === 204) assert.equal(response.header("allow"), "GET, HEAD, OPTIONS, PATCH");
  }
});

Deno.test("HEAD has the length that GET has, or none where it is not known", async () => {
  await using origin = await ScriptedOrigin.start(["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"]);
  await using gateway = TestGateway.start(defineGateway({
    routes: [
      { path: "/fixed", respond: { body: "root" } },
      { path: "/made", handler: () => new Response("four") },
      {
        path: "/stream",
        handler: () => new Response(new ReadableStream({ start: (controller) => controller.close() })),
      },
      { path: "/origin", upstream: origin.url as "http://o" },
    ],
  }));
  await using client = await gateway.connect();
  const lengths: (string | null)[] = [];
  for (const path of ["/fixed", "/made", "/stream", "/origin"]) {
    lengths.push((await client.exchange(`HEAD ${path} HTTP/1.1\r\nhost: a\r\n\r\n`)).header("content-length"));
  }
  assert.deepEqual(lengths, ["4", "4", null, null]);
});

Deno.test("a broken chunk while a handler reads the body: 400, not 499", async () => {
  const reading = Promise.withResolvers<void>();
  await using gateway = TestGateway.start(defineGateway({
    routes: [{
      path: "/",
      handler(ctx) {
        reading.resolve();
        return ctx.request.text().then((text) => new Response(text));
      },
    }],
  }));
  await using client = await gateway.connect();
  await client.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
  await reading.promise;
  await client.send("zz\r\n");
  const response = await client.response("POST");
  assert.deepEqual([response.status, JSON.parse(response.text).code], [400, "request_body_failed"]);
});

Deno.test("a redirect keeps the parameter's escapes and the query", async () => {
  await using gateway = TestGateway.start(config);
  await using client = await gateway.connect();
  const response = await client.exchange("GET /go/x%2Fy?q=1 HTTP/1.1\r\nhost: a\r\n\r\n");
  assert.equal(response.header("location"), "/users/x%2Fy?q=1");
});

Deno.test("policies run in array order, global first, and see the reply on the way back", async () => {
  const trail: string[] = [];
  const note = (name: string) =>
    definePolicy({
      name: "note",
      options: name,
      async handle(ctx, next) {
        trail.push(`${name} down ${ctx.route}`);
        const reply = await next();
        trail.push(`${name} up ${reply.status}`);
        return reply;
      },
    });
  await using gateway = TestGateway.start(defineGateway({
    policies: [note("global")],
    routes: [{ path: "/x", name: "x", respond: { status: 201 }, policies: [note("first"), note("second")] }],
  }));
  await using client = await gateway.connect();
  await client.exchange("GET /x HTTP/1.1\r\nhost: a\r\n\r\n");
  assert.deepEqual(trail, [
    "global down x",
    "first down x",
    "second down x",
    "second up 201",
    "first up 201",
    "global up 201",
  ]);
});

Deno.test("a request id is made where none came or none is valid, and is the same everywhere", async () => {
  let seen = "";
  await using gateway = TestGateway.start(defineGateway({
    routes: [{
      path: "/",
      handler: (ctx) => {
        seen = ctx.requestId;
        return new Response();
      },
    }],
  }));
  await using client = await gateway.connect();
  for (const field of ["", "x-request-id: has space\r\n", `x-request-id: ${"a".repeat(129)}\r\n`]) {
    const response = await client.exchange(`GET / HTTP/1.1\r\nhost: a\r\n${field}\r\n`);
    assert.match(seen, /^[a-z0-9-]{8,}$/);
    assert.equal(response.header("x-request-id"), seen);
  }
  assert.equal(new Set(gateway.completed.map(({ requestId }) => requestId)).size, 3);
});

import { strict as assert } from "node:assert";
import { FakeClock } from "../../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { turn } from "../../support/turn.ts";
import { passUntil, until } from "../../support/until.ts";
import { HoldingOrigin, REFUSING } from "../../upstreams/traffic_bed.ts";
import { type CallResult, errorOf, ServiceBed, textOf } from "./service_bed.ts";

const AT = "/check?by=gateway";

/** A bed whose service is this origin. */
function bedOf(origin: { readonly url: string }, calling: Partial<ConstructorParameters<typeof ServiceBed>[0]> = {}) {
  const clock = new FakeClock();
  return Object.assign(new ServiceBed({ to: `${origin.url}${AT}` as "http://a", ...calling }, clock), { clock });
}

Deno.test("Service.call() gives whatever answer there is, whole", async () => {
  const answers: readonly [bytes: string, status: number, text: string][] = [
    [answer(200, "hello", "x-a: 1"), 200, "hello"],
    [answer(500, "sorry"), 500, "sorry"],
    [answer(302, "", "location: /login"), 302, ""],
    ["HTTP/1.1 204 No Content\r\n\r\n", 204, ""],
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", 200, "hello"],
    [answer(200, "a".repeat(1_000)), 200, "a".repeat(1_000)],
  ];
  for (const [bytes, status, text] of answers) {
    await using origin = await ScriptedOrigin.start(bytes);
    await using bed = bedOf(origin);
    const result = await bed.call();
    assert.equal(textOf(result), text);
    assert.equal("answer" in result && result.answer.status, status);
  }
  await using closing = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", "hel", "lo");
    await request.connection.halfClose();
  });
  await using bed = bedOf(closing);
  assert.equal(textOf(await bed.call()), "hello");
});

Deno.test("Service.call() says who asks, and nothing of what the request has for this hop or for upstreams", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  await using bed = bedOf(origin, {
    request: (on) => ({ method: "GET", on, fields: ["x-given", "1", "connection", "x-given", "te", "trailers"] }),
  });
  const lines = [
    ...["GET /asked?for=1 HTTP/1.1", "host: a.example:81", "authorization: Bearer secret", "x-forwarded-for: 1.2.3.4"],
    ...["x-forwarded-host: evil.example", "forwarded: for=1.2.3.4", "via: 1.1 evil", "te: trailers", "connection: te"],
  ];
  await bed.call([...lines, "", ""].join("\r\n"));
  const { head } = origin.requests[0];
  assert.equal(head.startLine, `GET ${AT} HTTP/1.1`);
  assert.equal(head.header("host"), origin.url.slice("http://".length));
  assert.equal(head.header("x-given"), "1");
  assert.equal(head.header("x-forwarded-for"), "127.0.0.1");
  assert.equal(head.header("x-forwarded-host"), "a.example:81");
  assert.equal(head.header("x-forwarded-proto"), "http");
  assert.equal(head.header("forwarded"), 'for=127.0.0.1;host="a.example:81";proto=http');
  assert.equal(head.header("via"), "1.1 gatewright");
  for (const name of ["authorization", "connection", "te", "content-length", "transfer-encoding"]) {
    assert.equal(head.header(name), null, name);
  }
});

Deno.test("Service.call() continues what a trusted proxy said of the client, once", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  await using bed = bedOf(origin, { trustedProxies: ["127.0.0.0/8"] });
  const lines = ["x-forwarded-for: 192.0.2.9", "x-forwarded-proto: https", "x-forwarded-host: shop.example"];
  await bed.call(["GET / HTTP/1.1", "host: inner.example", ...lines, "", ""].join("\r\n"));
  const { head } = origin.requests[0];
  assert.equal(head.header("x-forwarded-for"), "192.0.2.9, 127.0.0.1");
  assert.equal(head.header("x-forwarded-proto"), "https");
  assert.equal(head.header("x-forwarded-host"), "shop.example");
});

Deno.test("Service.call() of the gateway's own says nothing of a client", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  const request = () => ({ method: "GET" });
  for (const to of [`${origin.url}${AT}` as const, { upstream: "id", path: AT } as const]) {
    await using bed = bedOf(origin, { to: to as "http://a", request, upstreams: { id: origin.url as "http://a" } });
    await bed.call();
    const { head } = origin.requests.at(-1)!;
    assert.equal(head.startLine, `GET ${AT} HTTP/1.1`);
    assert.equal(head.header("host"), origin.url.slice("http://".length));
    assert.ok(!head.header("x-forwarded-host")?.includes("a.example"));
    assert.equal(head.header("x-forwarded-for"), "127.0.0.1");
  }
});

Deno.test("Service.call() names an upstream's endpoint as the upstream says, also where it passes the client's host on", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  const own = origin.url.slice("http://".length);
  for (
    const [host, on, expected] of [["client", false, own], ["client", true, "a.example"], [
      "endpoint",
      true,
      own,
    ]] as const
  ) {
    await using bed = bedOf(origin, {
      to: { upstream: "id", path: "/x" },
      upstreams: { id: { endpoints: [origin.url as "http://a"], host } },
      request: (exchange) => ({ method: "GET", ...on ? { on: exchange } : {} }),
    });
    await bed.call();
    assert.equal(origin.requests.at(-1)!.header("host"), expected);
  }
});

Deno.test("Service.call() sends a body and its length, another target where one is given", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  await using bed = bedOf(origin, {
    request: () => ({
      method: "POST",
      fields: ["content-type", "text/plain", "content-length", "999", "transfer-encoding", "chunked"],
      body: new TextEncoder().encode("hello"),
      target: { path: "/other", query: "?x=1" },
    }),
  });
  await bed.call();
  const [request] = origin.requests;
  assert.equal(request.head.startLine, "POST /other?x=1 HTTP/1.1");
  assert.equal(request.header("content-length"), "5");
  assert.equal(request.header("transfer-encoding"), null);
  assert.equal(await request.text(), "hello");
});

Deno.test("Service.call() uses a connection again", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "a".repeat(1_000)));
  await using bed = bedOf(origin);
  for (let i = 0; i < 3; i++) await bed.call();
  assert.deepEqual(origin.connections.map(({ requests }) => requests.length), [3]);
});

/** What a service can do instead of answering, and what the call says. */
const HANGING: readonly [what: string, begins: string][] = [
  ["nothing", ""],
  ["half a head", "HTTP/1.1 200 OK\r\nx-a:"],
  ["half a body", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel"],
  ["half a body in chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n"],
  ["a body that only closing ends", "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhel"],
];

for (const [what, begins] of HANGING) {
  Deno.test(`Service.call() ends in time when the service sends ${what}`, async () => {
    await using origin = await ScriptedOrigin.start(async (request) => {
      if (begins !== "") await request.send(begins);
      await request.hang();
    });
    await using bed = bedOf(origin, { timeout: 500 });
    const called = bed.call();
    await origin.request();
    await passUntil(bed.clock, called, 50);
    assert.equal(errorOf(await called), `${origin.url}: no answer after 500 ms`);
    await (await origin.connection()).gone();
  });
}

Deno.test("Service.call() takes a drop at a time for no answer in time", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n");
    while (request.connection.ending === null) {
      await request.send("a");
      await Promise.race([request.connection.gone(), turn()]);
    }
  });
  await using bed = bedOf(origin, { timeout: 500, most: 1_000_000 });
  const called = bed.call();
  await origin.request();
  await passUntil(bed.clock, called, 50);
  assert.match(errorOf(await called), /no answer after 500 ms/);
});

Deno.test("Service.call() takes no answer that is too long, however it is framed", async () => {
  const long = "a".repeat(1_001), longer = "a".repeat(300_000);
  const answers: readonly [bytes: string, ends: boolean][] = [
    [answer(200, long), true],
    [answer(500, longer), true],
    [`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${long}`, false],
    [`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3e9\r\n${long}\r\n`, false],
    // What is said is enough: nothing of it need come.
    ["HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n", false],
  ];
  for (const [bytes, ends] of answers) {
    await using origin = await ScriptedOrigin.start(async (request) => {
      await request.send(bytes);
      await request.hang();
    });
    await using bed = bedOf(origin);
    assert.match(errorOf(await bed.call()), /the answer is longer than 1000 bytes/);
    // Nobody reads on.
    if (!ends) await (await origin.connection()).gone();
  }
});

Deno.test("Service.call() says what is wrong with a service that is not there, dies or talks nonsense", async () => {
  const dying = (bytes: string) =>
    ScriptedOrigin.start(async (request) => {
      if (bytes !== "") await request.send(bytes);
      await request.connection.halfClose();
    });
  const cases: [Promise<ScriptedOrigin>, RegExp][] = [
    [dying(""), /upstream_reset/],
    [dying("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel"), /closed in the middle of the body/],
    [dying("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n"), /closed in the middle of the body/],
    [dying("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n"), /upstream_protocol_error/],
    [dying("SMTP ready\r\n\r\n"), /upstream_protocol_error/],
    [dying(`HTTP/1.1 200 OK\r\nx-a: ${"a".repeat(200_000)}\r\n\r\n`), /upstream_head_too_large|upstream_/],
  ];
  for (const [starting, message] of cases) {
    await using origin = await starting;
    await using bed = bedOf(origin);
    assert.match(errorOf(await bed.call()), message);
  }
  await using nobody = bedOf({ url: REFUSING });
  assert.match(errorOf(await nobody.call()), /connect_refused/);
});

Deno.test("Service.call() is given up when the client leaves, unless others wait for it too", async () => {
  for (const shared of [false, true]) {
    await using origin = await HoldingOrigin.start();
    await using bed = bedOf(origin, { request: (on) => ({ method: "GET", on, shared }) });
    await using client = await bed.gateway.connect();
    await client.send("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");
    await until(() => origin.count === 1);
    await client.reset();
    if (shared) {
      await until(() => bed.asking[0].aborted, "the client to be gone");
      assert.equal(bed.results.length, 0);
      await origin.release(0, answer(200, "late"));
      assert.equal(textOf(await bed.result()), "late");
    } else {
      assert.match(errorOf(await bed.result()), /client_closed_request/);
      await origin.held[0].request.connection.gone();
    }
  }
});

Deno.test("Service.call() leaves nothing behind: no deadline, and no work of the exchange", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "ok"));
  await using bed = bedOf(origin, { timeout: 60_000 });
  const result: CallResult = await bed.call();
  assert.equal(textOf(result), "ok");
  // The wheel stops when no deadline is on it.
  await bed.clock.pass(3_000);
  const { error } = await bed.gateway.event();
  assert.equal(error, "");
});

Deno.test("a gateway that stops leaves no call behind, though nobody's leaving would end it", async () => {
  await using origin = await HoldingOrigin.start();
  await using bed = bedOf(origin, { timeout: 60_000, request: (on) => ({ method: "GET", on, shared: true }) });
  await using client = await bed.gateway.connect();
  await client.send("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");
  await until(() => origin.count === 1);
  await bed[Symbol.asyncDispose]();
  await origin.held[0].request.connection.gone();
  assert.match(errorOf(await bed.result()), /client_closed_request|given up/);
});

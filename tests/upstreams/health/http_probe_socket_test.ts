import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { Http1Client } from "../../../src/transport/http1_client.ts";
import { openHttp1 } from "../../../src/upstreams/health/open_transport.ts";
import { authority, serverCertificate } from "../../support/certificates.ts";
import { answer, type OriginScript, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { until } from "../../support/until.ts";
import { Patient } from "../../transport/harness.ts";
import { type HttpPlan, ProbeHarness, tlsSettings } from "./probe_harness.ts";

const KIB = 1024;

function chunked(...pieces: string[]): string {
  const chunks = [...pieces, ""].map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`);
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join("")}`;
}

/** An answer whose body goes on after what is here. */
function begun(body: string): OriginScript {
  return async (request) => {
    await request.send(`HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n${body}`);
    await request.connection.gone();
  };
}

const ROWS: readonly [title: string, script: OriginScript, plan: Partial<HttpPlan>, result: string][] = [
  ["an expected status", answer(200, "ok"), {}, "passed"],
  ["an answer without a body", "HTTP/1.1 204 No Content\r\n\r\n", {}, "passed"],
  ["a redirect is not followed", answer(302, "", "location: /elsewhere"), {}, "passed"],
  ["a redirect that is not expected", answer(301, "", "location: /"), { statuses: [[200, 299]] }, "status 301"],
  ["an unexpected status", answer(503, "ok"), {}, "status 503"],
  ["the last of a range", answer(399), {}, "passed"],
  ["behind the range", answer(400), {}, "status 400"],
  ["one of several ranges", answer(418), { statuses: [[200, 299], [418, 418]] }, "passed"],
  ["an interim answer", "HTTP/1.1 103 Early Hints\r\n\r\n" + answer(200), {}, "passed"],
  ["a body that matches", answer(200, "all is well"), { body: "is w" }, "passed"],
  ["a body that matches from end to end", answer(200, "ok"), { body: "^ok$" }, "passed"],
  ["a body that does not match", answer(200, "not ok"), { body: "^ok$" }, "the body does not match"],
  ["no body where one is expected", "HTTP/1.1 204 No Content\r\n\r\n", { body: "x" }, "the body does not match"],
  ["a body that may be empty", answer(200), { body: "^$" }, "passed"],
  ["a status before a body", answer(500, "ok"), { body: "ok" }, "status 500"],
  ["a body in chunks", chunked("al", "l w", "ell"), { body: "^all well$" }, "passed"],
  ["a body in UTF-8", answer(200, "é😀"), { body: "^..$" }, "passed"],
  [
    "a body that ends with the connection",
    async (request) => {
      await request.send("HTTP/1.1 200 OK\r\n\r\n", "fine");
      await request.connection.close();
    },
    { body: "^fine$" },
    "passed",
  ],
  ["the last byte that is looked at", answer(200, "x".repeat(64 * KIB - 1) + "!"), { body: "!" }, "passed"],
  ["a byte behind it", answer(200, "x".repeat(64 * KIB) + "!"), { body: "!" }, "the body does not match"],
  ["64 KiB of a body without end", begun("x".repeat(64 * KIB)), { body: "^x{65536}$" }, "passed"],
  ["a body that is not looked at need not come", begun("x"), {}, "passed"],
  [
    "a body that breaks off",
    async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nok");
      await request.connection.halfClose();
    },
    { body: "ok" },
    "the body broke off: the endpoint closed in the middle of the body",
  ],
  [
    "broken chunks",
    async (request) => {
      // More than a head is read with: what is broken comes with the body.
      const data = "x".repeat(20 * KIB), chunk = `${data.length.toString(16)}\r\n${data}\r\n`;
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", chunk, "zz\r\n");
      await request.connection.gone();
    },
    { body: "ok" },
    "the body broke off: the endpoint's chunked framing is broken",
  ],
  ["garbage", "SSH-2.0-OpenSSH_9.6\r\n\r\n", {}, "the answer is not valid HTTP"],
  [
    "a head that is too large",
    answer(200, "", "x: " + "y".repeat(70 * KIB)),
    {},
    "the head of the answer is too large",
  ],
  ["a reset", async (request) => await request.connection.reset(), {}, "the connection was closed before an answer"],
  [
    "a connection that is closed",
    { connection: async (connection) => await connection.close() },
    {},
    "the connection was closed before an answer",
  ],
];

for (const [title, script, plan, expected] of ROWS) {
  Deno.test(`httpProbe(): ${title} → ${expected}`, async () => {
    await using origin = await ScriptedOrigin.start(script);
    using harness = new ProbeHarness();
    assert.equal(await harness.run(harness.http(origin.port, plan)), expected);
    assert.deepEqual([harness.open, harness.deadlines.size], [0, 0]);
    assert.ok(origin.requests.length <= 1);
  });
}

Deno.test("a refused connection says so", async () => {
  const origin = await ScriptedOrigin.start(answer(200));
  await origin[Symbol.asyncDispose]();
  using harness = new ProbeHarness();
  assert.equal(await harness.run(harness.http(origin.port)), "connection refused");
  assert.equal(harness.deadlines.size, 0);
});

const LONG: readonly [title: string, script: OriginScript, plan: Partial<HttpPlan>, result: string][] = [
  ["an origin that never answers", async (request) => await request.hang(), {}, "no answer within 2s"],
  [
    "a banner of another protocol",
    async (request) => {
      await request.send("220 mail.example ESMTP\r\n");
      await request.hang();
    },
    {},
    "no answer within 2s",
  ],
  [
    "half a head",
    async (request) => {
      await request.send("HTTP/1.1 200 OK\r\ncontent-");
      await request.hang();
    },
    {},
    "no answer within 2s",
  ],
  [
    "interim answers for ever",
    async (request) => {
      await request.send("HTTP/1.1 103 Early Hints\r\n\r\n");
      await request.hang();
    },
    {},
    "no answer within 2s",
  ],
  ["a body that stands still", begun("ok"), { body: "ok" }, "no end of the body within 2s"],
];

for (const [title, script, plan, expected] of LONG) {
  Deno.test(`httpProbe() gives up ${title}: ${expected}`, async () => {
    await using origin = await ScriptedOrigin.start(script);
    using harness = new ProbeHarness();
    const result = await harness.runLong(harness.http(origin.port, plan), origin.request());
    assert.deepEqual(result, [expected, 2_000]);
    assert.deepEqual([harness.open, harness.deadlines.size], [0, 0]);
  });
}

Deno.test("the time limit is for the whole, however steadily a body drips", async () => {
  using harness = new ProbeHarness();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    while (request.connection.ending === null) {
      await request.send("1\r\nx\r\n");
      const next = harness.clock.now() + 500;
      await until(() => harness.clock.now() >= next || request.connection.ending !== null);
    }
  });
  const result = await harness.runLong(harness.http(origin.port, { body: "ok" }), origin.request());
  assert.deepEqual(result, ["no end of the body within 2s", 2_000]);
});

Deno.test("over TLS the certificate is verified", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "ok"), { tls: serverCertificate });
  using harness = new ProbeHarness();
  assert.equal(await harness.run(harness.http(origin.port, {}, tlsSettings({ ca: authority }))), "passed");
  const untrusted = await harness.run(harness.http(origin.port, {}, tlsSettings({})));
  assert.match(untrusted, /^no secure connection: ./);
  assert.deepEqual([harness.open, harness.deadlines.size], [0, 0]);
});

Deno.test("a handshake that never ends is given up in time", async () => {
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  using harness = new ProbeHarness();
  const probe = harness.http(origin.port, {}, tlsSettings({ ca: authority }));
  assert.deepEqual(await harness.runLong(probe, origin.connection()), ["no answer within 2s", 2_000]);
  await until(() => harness.open === 0 && harness.deadlines.size === 0);
});

Deno.test("the head is the plan's, with a name and the word that no more will come", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "ok"));
  using harness = new ProbeHarness();
  const own = `host: 127.0.0.1:${origin.port}`, agent = "user-agent: gatewright-health", close = "connection: close";
  const rows: [plan: Partial<HttpPlan>, lines: string[]][] = [
    [{}, ["GET /healthz HTTP/1.1", own, agent, close]],
    [{ path: "/a?b=c", host: "api.example" }, ["GET /a?b=c HTTP/1.1", "host: api.example", agent, close]],
    [{ method: "POST" }, ["POST /healthz HTTP/1.1", own, agent, close, "content-length: 0"]],
    [{ body: "ok" }, ["GET /healthz HTTP/1.1", own, agent, close, "accept-encoding: identity"]],
    [
      { headers: [["user-agent", "mine"], ["x-a", "1"], ["x-a", "2"]] },
      ["GET /healthz HTTP/1.1", own, close, "user-agent: mine", "x-a: 1", "x-a: 2"],
    ],
  ];
  for (const [i, [plan, lines]] of rows.entries()) {
    assert.equal(await harness.run(harness.http(origin.port, plan)), "passed");
    assert.equal(origin.requests[i].head.text, [...lines, "", ""].join("\r\n"));
  }
});

Deno.test("HEAD is answered without a body", async () => {
  await using origin = await ScriptedOrigin.start("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
  using harness = new ProbeHarness();
  assert.equal(await harness.run(harness.http(origin.port, { method: "HEAD" })), "passed");
  assert.equal(harness.open, 0);
});

Deno.test("each probe has a connection of its own, even where the origin keeps it open", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "ok", "connection: keep-alive"));
  using harness = new ProbeHarness();
  const probe = harness.http(origin.port);
  for (let i = 1; i <= 3; i++) {
    assert.equal(await harness.run(probe), "passed");
    assert.deepEqual([harness.made, harness.open], [i, 0]);
  }
  assert.deepEqual(origin.requests.map(({ index }) => index), [0, 0, 0]);
});

Deno.test("a probe takes no connection of traffic's and leaves it none", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "ok", "connection: keep-alive"));
  using harness = new ProbeHarness();
  const client = new Http1Client(harness.connect, harness.deadlines), address = harness.address(origin.port);
  const traffic = client.transport(address, { max: 1, idle: 60_000 });
  const request = async () => {
    const head = "GET / HTTP/1.1\r\nhost: origin\r\n";
    const wire = { method: "GET", head, body: null, headTimeout: 5_000, idleTimeout: 5_000 };
    const { promise, resolve } = Promise.withResolvers<boolean>();
    traffic.send(wire, { connect: 1_000, tls: 0 }, new Patient(), ({ ok }) => resolve(ok));
    assert.ok(await promise);
  };
  const probe = harness.http(origin.port, {}, null, openHttp1(harness.connect, address, harness.deadlines));
  await request();
  assert.equal(await harness.run(probe), "passed");
  await request();
  assert.equal(await harness.run(probe), "passed");
  await request();
  traffic.close();
  const targets = origin.requests.map(({ target, connection }) => [target, connection.index]);
  assert.deepEqual(targets, [["/", 0], ["/healthz", 1], ["/", 0], ["/healthz", 2], ["/", 0]]);
});

const CANCELLED: readonly [title: string, script: OriginScript, tls: boolean][] = [
  ["before the head", async (request) => await request.hang(), false],
  ["in the body", begun("ok"), false],
  ["in the handshake", { connection: async (connection) => void await connection.gone() }, true],
];

for (const [title, script, tls] of CANCELLED) {
  Deno.test(`cancelling a probe ${title} leaves no deadline and no socket, and nothing is told`, async () => {
    await using origin = await ScriptedOrigin.start(script);
    using harness = new ProbeHarness();
    const settings = tls ? tlsSettings({ ca: authority }) : null;
    let told = false;
    const cancel = harness.http(origin.port, { body: "ok" }, settings)(() => told = true);
    if (tls) await origin.connection();
    else await origin.request();
    // What the origin sent, if anything, is read.
    await harness.clock.pass(100);
    assert.equal(harness.open, 1);
    cancel();
    cancel();
    await until(() => harness.open === 0 && harness.deadlines.size === 0);
    await (await origin.connection()).gone();
    await harness.clock.pass(10_000);
    assert.equal(told, false);
  });
}

Deno.test("cancelling a probe at once leaves no deadline and no socket", async () => {
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  using harness = new ProbeHarness();
  let told = false;
  harness.http(origin.port)(() => told = true)();
  await until(() => harness.open === 0 && harness.deadlines.size === 0);
  assert.equal(told, false);
});

Deno.test("cancelling a probe that is over does nothing", async () => {
  await using origin = await ScriptedOrigin.start(answer(200));
  using harness = new ProbeHarness();
  let told = 0;
  const over = Promise.withResolvers<void>();
  const cancel = harness.http(origin.port)(() => {
    told++;
    over.resolve();
  });
  await over.promise;
  cancel();
  assert.deepEqual([told, harness.open, harness.deadlines.size], [1, 0, 0]);
});

Deno.test("of a body that is here whole no more is looked at either", async () => {
  using harness = new ProbeHarness();
  const body = new TextEncoder().encode("x".repeat(64 * KIB) + "!");
  const probe = harness.http(1, { body: "!" }, null, () => ({
    send: (_request, _timeouts, _client, settle) => {
      settle({ ok: true, reply: new Reply(200, HeaderList.of(), body), version: "1.1" });
    },
    close: () => {},
  }));
  assert.equal(await harness.run(probe), "the body does not match");
});

Deno.test("a transport that cannot be opened fails the probe, with its words", async () => {
  using harness = new ProbeHarness();
  const probe = harness.http(1, {}, null, () => {
    throw new TypeError("no such transport");
  });
  assert.equal(await harness.run(probe), "not sent: no such transport");
  assert.equal(harness.deadlines.size, 0);
});

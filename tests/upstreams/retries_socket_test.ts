import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import {
  answering,
  ask,
  chunk,
  chunkedHead,
  ENGINES,
  gatewayTo,
  get,
  post,
  REFUSING,
  request,
  settle,
} from "./traffic_bed.ts";

/** What an origin does with a request that it has read. */
const RESET = async ({ connection }: OriginRequest) => await connection.reset();

function failing(after: (request: OriginRequest) => Promise<void>): Promise<ScriptedOrigin> {
  return ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.body();
    await after(request);
  });
}

const BODY = "x".repeat(3_000);
const WHOLE: readonly [what: string, text: string, method: string, body: string][] = [
  ["a GET", get(), "GET", ""],
  ["a POST", post("order"), "POST", "order"],
  ["a POST in chunks", chunkedHead("POST") + chunk("or") + chunk("der") + "0\r\n\r\n", "POST", "order"],
  ["a POST of 3000 bytes", post(BODY), "POST", BODY],
  ["a PATCH", request("PATCH", "/", [], "order"), "PATCH", "order"],
];

for (const [what, text, method, body] of WHOLE) {
  Deno.test(`${what} that an endpoint refuses to be connected for goes to another one, once`, async () => {
    await using good = await answering(200, "ok");
    await using gateway = gatewayTo([REFUSING, good.url], new FakeClock());
    const response = await ask(gateway, text);
    assert.deepEqual([response.status, response.text], [200, "ok"]);
    const event = await gateway.event();
    assert.deepEqual([event.attempts, event.endpoint, event.error], [2, `o/${good.url}`, ""]);
    assert.deepEqual(good.requests.map((request) => request.method), [method]);
    assert.equal(await good.requests[0].text(), body);
  });
}

for (const engine of ENGINES) {
  Deno.test(`${engine}: a POST whose body is still to come goes whole to the second endpoint`, async () => {
    await using good = await ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.connection.takeUntil("one");
      await request.connection.takeUntil("0\r\n\r\n");
      await request.send(answer(200, "ok"));
      await request.connection.close();
    });
    await using gateway = gatewayTo([REFUSING, good.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(chunkedHead("POST"));
    await good.request();
    await client.send(chunk("one"));
    await until(() => good.connections[0].receivedText.includes("one"));
    await client.send(chunk("two") + "0\r\n\r\n");
    assert.equal((await client.response("POST")).status, 200);
    assert.match(good.connections[0].receivedText, /3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n$/);
    assert.equal(good.requests.length, 1);
  });
}

const BREAKS: readonly [what: string, does: (request: OriginRequest) => Promise<void>, status: number, code: string][] =
  [
    ["is reset", RESET, 502, "upstream_reset"],
    ["is closed without an answer", ({ connection }) => connection.close(), 502, "upstream_reset"],
    [
      "is closed in the head of the answer",
      async ({ connection }) => {
        await connection.send("HTTP/1.1 200 OK\r\ncontent-le");
        await connection.close();
      },
      502,
      "upstream_reset",
    ],
    ["gets garbage", (request) => request.send("garbage\r\n\r\n"), 502, "upstream_protocol_error"],
  ];

const TWICE: readonly [what: string, text: string, unsafe: boolean, repeated: boolean][] = [
  ["a POST", post("pay"), false, false],
  ["a PATCH", request("PATCH", "/", [], "pay"), false, false],
  ["a POST without a body", request("POST", "/", ["content-length: 0"]), false, false],
  ["a POST in chunks", chunkedHead("POST") + chunk("pay") + "0\r\n\r\n", false, false],
  ["a POST with an Idempotency-Key", post("pay", "idempotency-key: 7"), false, true],
  ['a POST where unsafe is "may-duplicate"', post("pay"), true, true],
  ["a PUT", request("PUT", "/", [], "pay"), false, true],
  ["a DELETE", request("DELETE", "/"), false, true],
  ["a GET", get(), false, true],
];

for (const [i, [failure, does, status, code]] of BREAKS.entries()) {
  // One way to fail meets every request, the others one request of each kind.
  for (const [what, text, unsafe, repeated] of i === 0 ? TWICE : [TWICE[0], TWICE[4], TWICE[6]]) {
    Deno.test(`${what} whose connection ${failure} is ${repeated ? "repeated elsewhere" : "not sent twice"}`, async () => {
      await using bad = await failing(does);
      await using good = await answering(200, "ok");
      await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), {
        settings: { retry: unsafe ? { unsafe: "may-duplicate" } : {} },
      });
      const response = await ask(gateway, text);
      assert.equal(bad.requests.length, 1);
      assert.equal(good.requests.length, repeated ? 1 : 0);
      assert.equal(response.status, repeated ? 200 : status);
      if (repeated) assert.equal(await good.requests[0].text(), await bad.requests[0].text());
      assert.equal((await gateway.event()).error, repeated ? "" : code);
    });
  }
}

Deno.test("a POST that is reset while its body is on its way is not sent twice", async () => {
  await using bad = await ScriptedOrigin.start({
    connection: async (connection) => {
      await connection.takeUntil("first");
      await connection.reset();
    },
  });
  await using good = await answering(200);
  await using gateway = gatewayTo([bad.url, good.url], new FakeClock());
  await using client = await gateway.connect();
  await client.send(chunkedHead("POST") + chunk("first"));
  assert.equal((await client.response("POST")).status, 502);
  assert.equal(good.connections.length, 0);
});

for (const engine of ENGINES) {
  const pieces = ["first", "z".repeat(900), "€ü".repeat(40), "last"];
  const bytes = new TextEncoder().encode(pieces.join(""));

  Deno.test(`${engine}: a PUT in several chunks is repeated byte for byte`, async () => {
    await using bad = await failing((request) => request.send(answer(503)));
    await using good = await answering(200, "ok");
    await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT"));
    await bad.request();
    for (const piece of pieces) {
      const { length } = new TextEncoder().encode(piece);
      await client.send(`${length.toString(16)}\r\n`, new TextEncoder().encode(piece), "\r\n");
      await settle();
    }
    await client.send("0\r\n\r\n");
    assert.equal((await client.response("PUT")).status, 200);
    assert.deepEqual((await bad.requests[0].body()).bytes, bytes);
    assert.deepEqual((await good.requests[0].body()).bytes, bytes);
  });

  Deno.test(`${engine}: a PUT that is reset in the middle of its upload is whole at the second endpoint`, async () => {
    await using bad = await ScriptedOrigin.start({
      connection: async (connection) => {
        await connection.takeUntil("first");
        await connection.reset();
      },
    });
    await using good = await answering(200, "ok");
    await using gateway = gatewayTo([bad.url, good.url], new FakeClock(), { listen: { engine } });
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT") + chunk("first"));
    await until(() => good.connections[0]?.receivedText.includes("first"));
    await client.send(chunk("second") + "0\r\n\r\n");
    assert.equal((await client.response("PUT")).status, 200);
    assert.equal(await good.requests[0].text(), "firstsecond");
    assert.ok(!bad.connections[0].receivedText.includes("0\r\n\r\n"));
  });
}

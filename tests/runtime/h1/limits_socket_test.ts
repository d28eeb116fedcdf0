import { strict as assert } from "node:assert";
import { defineGateway } from "gatewright";
import type { RawClient } from "../../support/raw_client.ts";
import { answer, ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway, type TestListener } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";
import { arrive, chunk, gatewayTo, get, post } from "./setup.ts";

/** A gateway that answers everything itself. */
function start(limits: TestListener["limits"], listen: TestListener = {}): TestGateway {
  return TestGateway.start(
    defineGateway({ routes: [{ path: "/*", respond: { body: "here" } }] }),
    {},
    { engine: "h1", ...listen, limits },
  );
}

/** The answer to a connection, if it gets one before a request is sent. */
async function turnedAway(client: RawClient): Promise<[status: number, retryAfter: string | null, ending: string]> {
  const response = await client.response();
  return [response.status, response.header("retry-after"), await client.ended()];
}

const REFUSED: readonly [
  title: string,
  limits: TestListener["limits"],
  request: string,
  status: number,
  code: string,
][] = [
  ["too many bytes", { headerBytes: "1KiB" }, get("/", `x: ${"y".repeat(1000)}`), 431, "header_fields_too_large"],
  [
    "too many bytes without an end",
    { headerBytes: "1KiB" },
    `GET / HTTP/1.1\r\nx: ${"y".repeat(1010)}`,
    431,
    "header_fields_too_large",
  ],
  ["too many fields", { headerCount: 3 }, get("/", "a: 1", "b: 2", "c: 3"), 431, "header_fields_too_large"],
  ["too long a target", { target: 100 }, get("/" + "y".repeat(100)), 414, "target_too_long"],
  ["too long a target without an end", { target: 100 }, `GET /${"y".repeat(500)}`, 414, "target_too_long"],
  ["too long a body", { body: 10 }, post(["content-length: 11"]), 413, "body_too_large"],
  ["too long a body that is here", { body: 10 }, post(["content-length: 11"], "y".repeat(11)), 413, "body_too_large"],
  [
    "too long a body in chunks that are here",
    { body: 10 },
    post(["transfer-encoding: chunked"], chunk("y".repeat(5)) + chunk("y".repeat(6)) + "0\r\n\r\n"),
    413,
    "body_too_large",
  ],
  [
    "too long a body in chunks whose end is not here",
    { body: 10 },
    post(["transfer-encoding: chunked"], chunk("y".repeat(11))),
    413,
    "body_too_large",
  ],
];

for (const [title, limits, request, status, code] of REFUSED) {
  Deno.test(`${title}: ${status}, closed, told to the log, and nothing behind it is a request`, async () => {
    await using gateway = start(limits);
    await using client = await gateway.connect();
    await client.send(request);
    const response = await client.response();
    assert.deepEqual([response.status, response.header("connection")], [status, "close"]);
    assert.equal(JSON.parse(response.text).code, code);
    await client.send(get("/behind")).catch(() => {});
    await client.ended();
    assert.equal(client.takeNow().length, 0);
    assert.deepEqual(gateway.completed.map((event) => [event.status, event.error]), [[status, code]]);
  });
}

const TAKEN: readonly [title: string, limits: TestListener["limits"], request: string][] = [
  ["bytes", { headerBytes: "1KiB" }, get("/", `x: ${"y".repeat(1024 - get("/", "x: ").length)}`)],
  ["fields", { headerCount: 3 }, get("/", "a: 1", "b: 2")],
  ["a target", { target: 100 }, get("/" + "y".repeat(99))],
  ["a body", { body: 10 }, post(["content-length: 10"], "y".repeat(10))],
  ["a body in chunks", { body: 10 }, post(["transfer-encoding: chunked"], chunk("y".repeat(10)) + "0\r\n\r\n")],
];

for (const [title, limits, request] of TAKEN) {
  Deno.test(`${title} of exactly the limit: taken, and the connection goes on`, async () => {
    await using gateway = start(limits);
    await using client = await gateway.connect();
    assert.equal((await client.exchange(request)).status, 200);
    assert.equal((await client.exchange(get())).status, 200);
  });
}

Deno.test("a body in chunks that comes whole with its head: over the limit nothing reaches the origin, at the limit all does", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send(answer(200, await request.text()));
  });
  await using gateway = gatewayTo(origin, { listen: { limits: { body: 10 } } });
  const upload = (size: number, ...trailers: string[]) =>
    post(["transfer-encoding: chunked"], chunk("y".repeat(size)) + ["0", ...trailers, "", ""].join("\r\n"));
  for (const trailers of [[], ["x-sum: 1"]]) {
    await using client = await gateway.connect();
    assert.equal((await client.exchange(upload(10, ...trailers))).text, "y".repeat(10));
    const response = await client.exchange(upload(11, ...trailers));
    assert.deepEqual([response.status, JSON.parse(response.text).code], [413, "body_too_large"]);
    assert.equal(await client.ended(), "fin");
  }
  assert.equal(origin.requests.length, 2);
});

Deno.test("a body that grows beyond its limit: 413, and the origin never takes it for whole", async () => {
  await using origin = await ScriptedOrigin.start({ connection: async (connection) => void await connection.gone() });
  await using gateway = gatewayTo(origin, { listen: { limits: { body: 10 } } });
  await using client = await gateway.connect();
  await client.send(post(["transfer-encoding: chunked"]), chunk("hello"));
  const connection = await origin.connection();
  await connection.takeUntil("hello");
  await client.send(chunk("hello!"));
  const response = await client.response("POST");
  assert.deepEqual([response.status, response.header("connection")], [413, "close"]);
  await connection.ended();
  assert.doesNotMatch(connection.receivedText, /\r\n0\r\n\r\n$/);
  assert.equal((await gateway.event()).error, "body_too_large");
});

Deno.test("a connection too many: 503 with Retry-After, closed, and no request; a place that is free again is taken", async () => {
  await using gateway = start({ connections: 2 });
  const first = await gateway.connect();
  await using second = await gateway.connect();
  for (const client of [first, second]) assert.equal((await client.exchange(get())).status, 200);
  await using third = await gateway.connect();
  assert.deepEqual(await turnedAway(third), [503, "1", "fin"]);
  assert.equal((await second.exchange(get())).status, 200, "those who are here stay");
  await first.close();
  await arrive();
  await using fourth = await gateway.connect();
  assert.equal((await fourth.exchange(get())).status, 200);
  assert.equal(gateway.completed.length, 4);
});

Deno.test("a client's connection too many: 503, while another client has its own places", async () => {
  await using gateway = start({ perClient: 2 }, { proxyProtocol: true });
  const connect = async (client: string) => {
    const wire = await gateway.connect();
    await wire.send(`PROXY TCP4 ${client} 198.51.100.2 1000 80\r\n`);
    return wire;
  };
  const first = await connect("192.0.2.1");
  await using second = await connect("192.0.2.1");
  for (const client of [first, second]) assert.equal((await client.exchange(get())).status, 200);
  await using third = await connect("192.0.2.1");
  assert.deepEqual(await turnedAway(third), [503, "1", "fin"]);
  await using other = await connect("192.0.2.2");
  assert.equal((await other.exchange(get())).status, 200);
  await first.close();
  await arrive();
  await using again = await connect("192.0.2.1");
  assert.equal((await again.exchange(get())).status, 200);
});

Deno.test("a request too many: 503 with Retry-After on a connection that goes on; the origin is not asked", async () => {
  const go = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    await go.promise;
    await request.send(answer(200, request.target));
  });
  await using gateway = gatewayTo(origin, { listen: { limits: { inFlight: 2 } } });
  await using one = await gateway.connect();
  await using two = await gateway.connect();
  await using three = await gateway.connect();
  await one.send(get("/1"));
  await two.send(get("/2"));
  await origin.request(1);
  const response = await three.exchange(get("/3"));
  assert.deepEqual([response.status, response.header("retry-after"), response.header("connection")], [503, "1", null]);
  assert.equal((await gateway.event()).error, "overloaded");
  go.resolve();
  assert.deepEqual([(await one.response()).text, (await two.response()).text], ["/1", "/2"]);
  assert.equal((await three.exchange(get("/4"))).text, "/4");
  assert.deepEqual(origin.requests.map(({ target }) => target).sort(), ["/1", "/2", "/4"]);
});

Deno.test("connections that have not said yet whose they are count as connections", async () => {
  await using gateway = start({ connections: 1 }, { proxyProtocol: true });
  await using silent = await gateway.connect();
  await arrive();
  await using other = await gateway.connect();
  assert.deepEqual(await turnedAway(other), [503, "1", "fin"]);
  await silent.send("PROXY UNKNOWN\r\n");
  assert.equal((await silent.exchange(get())).status, 200);
  await silent.close();
  await arrive();
  await using next = await gateway.connect();
  await next.send("PROXY UNKNOWN\r\n");
  assert.equal((await next.exchange(get())).status, 200);
});

Deno.test("a refusal reaches a client that is still sending", async () => {
  await using gateway = start({ body: "1KiB" });
  await using client = await gateway.connect();
  const sending = client.send(post(["content-length: 8388608"]), new Uint8Array(8 << 20)).catch(() => {});
  assert.equal((await client.response("POST")).status, 413);
  await sending;
  await until(() => client.ending !== null);
  assert.equal(client.ending, "fin", "no reset, which would take the answer from it");
});

import { strict as assert } from "node:assert";
import { defineGateway, secret, type UpstreamConfig } from "gatewright";
import type { GatewayWorld } from "../../src/gateway.ts";
import { authority, serverCertificate } from "../support/certificates.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway } from "../support/test_gateway.ts";
import { passUntil, until } from "../support/until.ts";
import { FrameOrigin, type FrameWire, H2Origin, type H2Request } from "../transport/fetch_origin.ts";

const OK = (request: H2Request) => request.answer(200, {}, "ok");

/** A gateway that sends everything to one origin in HTTP/2. */
function gatewayTo(
  url: string,
  settings: Partial<UpstreamConfig> = {},
  world: Partial<GatewayWorld> = {},
  engine: "h1" | "serve" = "h1",
): TestGateway {
  const config = defineGateway({
    upstreams: { o: { endpoints: [url as "http://x"], protocol: "h2", retry: false, ...settings } },
    routes: [{ path: "/*", upstream: "o" }],
  });
  return TestGateway.start(config, world, { engine });
}

function text(...lines: string[]): string {
  return lines.join("\r\n") + "\r\n\r\n";
}

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: an upstream in HTTP/2 without TLS gets requests and gives answers`, async () => {
    await using origin = await H2Origin.start((request) => request.answer(201, { "x-a": "1" }, "got it"));
    await using gateway = gatewayTo(origin.url, {}, {}, engine);
    const init = { method: "POST", body: "hello", headers: { "x-b": "2" } };
    const response = await fetch(`${gateway.url}/a/b?c`, init);
    assert.deepEqual([response.status, await response.text()], [201, "got it"]);
    assert.deepEqual([response.headers.get("x-a"), response.headers.get("via")], ["1", "2 gatewright"]);
    const [request] = origin.requests;
    assert.equal(request.body, "hello");
    assert.deepEqual([request.all(":path"), request.all(":authority"), request.all("x-b")], [
      ["/a/b?c"],
      [`127.0.0.1:${gateway.port}`],
      ["2"],
    ]);
    assert.deepEqual([request.all("x-forwarded-for"), request.all("via"), request.all("content-length")], [
      ["127.0.0.1"],
      ["1.1 gatewright"],
      ["5"],
    ]);
  });
}

Deno.test("an upstream in HTTP/2 over TLS, by its own authority", async () => {
  await using origin = await H2Origin.start(OK, serverCertificate);
  const ca = secret.env("CA"), secrets = () => ({ value: authority });
  await using gateway = gatewayTo(origin.url, { tls: { ca } }, { secrets });
  assert.equal(await (await fetch(gateway.url)).text(), "ok");
  assert.deepEqual(origin.requests[0].all(":authority"), [`localhost:${origin.port}`]);
});

Deno.test("the Host for an upstream in HTTP/2 is the client's, the endpoint's or the one that is set", async () => {
  await using origin = await H2Origin.start(OK);
  for (
    const [host, authority] of [["endpoint", `127.0.0.1:${origin.port}`], ["client", "a.example"], [
      "b.example",
      "b.example",
    ]]
  ) {
    await using gateway = gatewayTo(origin.url, { host });
    await using client = await gateway.connect();
    await client.send(text("GET / HTTP/1.1", "host: a.example"));
    assert.equal((await client.response()).status, 200);
    assert.deepEqual(origin.requests.at(-1)?.all(":authority"), [authority]);
  }
});

const FAULTS: readonly [
  what: string,
  script: (wire: FrameWire, stream: number) => void,
  status: number,
  code: string,
][] = [
  ["resets the stream", (wire, stream) => wire.reset(stream, 2), 502, "upstream_reset"],
  ["closes", (wire) => void wire.socket.end(), 502, "upstream_reset"],
  ["sends a malformed head", (wire, stream) => wire.head(stream, "200", ["A", "b"]), 502, "upstream_protocol_error"],
];
for (const [what, script, status, code] of FAULTS) {
  Deno.test(`an upstream in HTTP/2 that ${what} is a ${status}`, async () => {
    await using origin = await FrameOrigin.start(script);
    await using gateway = gatewayTo(`http://127.0.0.1:${origin.port}`);
    const response = await fetch(gateway.url);
    assert.deepEqual([response.status, (await response.json()).code], [status, code]);
    assert.equal((await gateway.event()).error, code);
  });
}

Deno.test("an upstream that speaks HTTP/1.1 only is a 502 where HTTP/2 was set, not a request in HTTP/1.1", async () => {
  const seen: string[] = [];
  await using origin = await ScriptedOrigin.start({
    async connection(connection) {
      seen.push(new TextDecoder().decode(await connection.take(14)));
      await connection.send(answer(400));
    },
  });
  await using gateway = gatewayTo(origin.url);
  const response = await fetch(gateway.url);
  assert.deepEqual([response.status, (await response.json()).code], [502, "upstream_protocol_error"]);
  assert.deepEqual(seen, ["PRI * HTTP/2.0"]);
});

Deno.test("an upstream in HTTP/2 that is not there is a 502", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  await using gateway = gatewayTo(`http://127.0.0.1:${listener.addr.port}`);
  const response = await fetch(gateway.url);
  assert.deepEqual([response.status, (await response.json()).code], [502, "connect_refused"]);
  assert.match(String(gateway.log[0].fields?.cause), /Connection refused/);
});

Deno.test("a request that fetch cannot send is a 503 whose reason is in the log", async () => {
  await using origin = await H2Origin.start(OK);
  await using gateway = gatewayTo(origin.url);
  await using client = await gateway.connect();
  await client.send(text("GET / HTTP/1.1", "host: a.example", "content-length: 1") + "x");
  assert.equal((await client.response()).status, 503);
  assert.match(String(gateway.log[0].fields?.cause), /sends no body with GET/);
  assert.equal(origin.requests.length, 0);
});

Deno.test("an upstream in HTTP/2 that does not answer is a 504", async () => {
  const clock = new FakeClock();
  await using origin = await H2Origin.start(() => {});
  await using gateway = gatewayTo(origin.url, { timeouts: { head: "1s" } }, { clock });
  const response = fetch(gateway.url);
  const request = await origin.request();
  await passUntil(clock, response, 100);
  assert.equal((await response).status, 504);
  await (await response).body?.cancel();
  await until(() => request.closed);
});

Deno.test("an answer in HTTP/2 that breaks off never ends cleanly at the client", async () => {
  await using origin = await FrameOrigin.start((wire, stream) => {
    wire.head(stream, "200").data(stream, "abc").reset(stream, 2);
  });
  await using gateway = gatewayTo(`http://127.0.0.1:${origin.port}`);
  const response = await fetch(gateway.url);
  await assert.rejects(response.text());
  assert.equal((await gateway.event()).error, "upstream_body_broken");
});

for (const [what, request] of [["a GET", "GET / HTTP/1.1"], ["an upload", "POST / HTTP/1.1"]] as const) {
  Deno.test(`a client that leaves during ${what}: the stream upstream is reset, 499`, async () => {
    const clock = new FakeClock();
    await using origin = await H2Origin.start(() => {});
    await using gateway = gatewayTo(origin.url, {}, { clock });
    await using client = await gateway.connect();
    await client.send(text(request, "host: a", ...request.startsWith("POST") ? ["content-length: 9"] : []) + "x");
    const seen = await origin.request();
    await client.reset();
    await until(() => seen.closed);
    assert.deepEqual([(await gateway.event()).status, seen.stream.rstCode > 0], [499, true]);
  });
}

Deno.test("a client that leaves during a download in HTTP/2: the stream upstream is reset", async () => {
  await using origin = await H2Origin.start(({ stream }) => {
    stream.respond({ ":status": 200 });
    stream.write("first");
  });
  await using gateway = gatewayTo(origin.url);
  await using client = await gateway.connect();
  await client.send(text("GET / HTTP/1.1", "host: a"));
  await client.takeUntil("first");
  await client.reset();
  await until(() => origin.requests[0].closed);
  assert.equal((await gateway.event()).status, 499);
});

Deno.test("what HTTP/2 through fetch cannot honour stops the start", () => {
  const wrong = { tls: { serverName: "inner.example" }, host: "client" } as const;
  assert.throws(() => gatewayTo("https://a.example", wrong), (error) => {
    assert.ok(error instanceof Error);
    assert.match(
      error.message,
      /upstreams\.o\.tls\.serverName: over HTTP\/2 the name asked for is the endpoint's own host/,
    );
    assert.match(error.message, /upstreams\.o\.host: over HTTP\/2 with TLS the Host sent is the endpoint's own/);
    return true;
  });
});

Deno.test("a certificate that the runtime cannot read stops the start", () => {
  const secrets = () => ({ value: "no PEM" }), cert = secret.env("A"), key = secret.env("B");
  assert.throws(() => gatewayTo("https://a.example", { tls: { cert, key } }, { secrets }), /upstreams\.o\.tls: /);
});

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { defineGateway } from "gatewright";
import type { Secret } from "../../src/core/secret.ts";
import { authority, certificateDirectory } from "../support/certificates.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RawClient } from "../support/raw_client.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { TestGateway, type TestListener } from "../support/test_gateway.ts";
import { until } from "../support/until.ts";

const tls = { cert: `${certificateDirectory}/server.pem`, key: `${certificateDirectory}/server.key` };
const GET = "GET /a?b HTTP/1.1\r\nhost: localhost\r\n\r\n";

function readFile({ file }: Secret): { value: string } {
  return { value: Deno.readTextFileSync(file!) };
}

function start(origin: ScriptedOrigin, listen: TestListener = {}, clock?: FakeClock): TestGateway {
  const config = defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://origin" }] });
  return TestGateway.start(config, { secrets: readFile, ...(clock && { clock }) }, { tls, ...listen });
}

/** A request over HTTP/2 by the runtime's own client. */
async function overHttp2(gateway: TestGateway): Promise<{ status: unknown; via: unknown; text: string }> {
  const session = connectHttp2(gateway.url, { ca: authority });
  const stream = session.request({ ":path": "/a?b" });
  const [head] = await once(stream, "response");
  let text = "";
  stream.setEncoding("utf8").on("data", (piece: string) => text += piece);
  await once(stream, "end");
  session.close();
  await once(session, "close");
  return { status: head[":status"], via: head.via, text };
}

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: HTTP/1.1 and HTTP/2 by ALPN reach the upstream as https`, async () => {
    await using origin = await ScriptedOrigin.start(answer(200, "here"));
    await using gateway = start(origin, { engine });
    await using client = await RawClient.connect(gateway.port, { tls: { ca: authority, alpn: ["http/1.1"] } });
    assert.equal((await client.exchange(GET)).text, "here");
    assert.deepEqual(await overHttp2(gateway), { status: 200, via: "1.1 gatewright", text: "here" });
    const [first, second] = origin.requests.map(({ head }) => head);
    for (const head of [first, second]) {
      assert.deepEqual([head.startLine, head.header("x-forwarded-proto")], ["GET /a?b HTTP/1.1", "https"]);
    }
    assert.deepEqual([first.header("via"), second.header("via")], ["1.1 gatewright", "2 gatewright"]);
  });
}

Deno.test("HTTP without TLS is told so", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  await using gateway = start(origin);
  await using client = await gateway.connect();
  const { status, text } = await client.exchange(GET);
  assert.equal(status, 400);
  assert.equal(JSON.parse(text).code, "https_required");
  assert.equal(origin.requests.length, 0);
});

Deno.test("the PROXY protocol comes before TLS, and names the client", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  await using gateway = start(origin, { proxyProtocol: true });
  const socket = connectTcp({ host: "127.0.0.1", port: gateway.port });
  socket.write("PROXY TCP4 203.0.113.9 192.0.2.1 1234 443\r\n");
  const secure = connectTls({ socket, ca: authority, servername: "localhost" });
  await once(secure, "secureConnect");
  await using client = new RawClient(secure);
  assert.equal((await client.exchange(GET)).text, "here");
  assert.equal(origin.requests[0].head.header("x-forwarded-for"), "203.0.113.9");
});

for (const said of ["", "\x16\x03\x01\x02\x00\x01\x00"]) {
  Deno.test(`a client that stops after ${said.length} bytes of its ClientHello is dropped at the header time-out`, async () => {
    const clock = new FakeClock();
    await using origin = await ScriptedOrigin.start(answer(200, "here"));
    await using gateway = start(origin, { timeouts: { header: "2s" } }, clock);
    await using client = await gateway.connect();
    if (said !== "") await client.send(Uint8Array.from(said, (unit) => unit.charCodeAt(0)));
    await until(() => clock.pending > 1);
    clock.advance(1_900);
    assert.equal(client.ending, null);
    await clock.pass(400);
    assert.notEqual(await client.ended(), null);
  });
}

Deno.test("handshakes count as connections, and stopping ends them", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  const gateway = start(origin, { limits: { connections: 2 } });
  await using first = await gateway.connect();
  await using second = await gateway.connect();
  await using third = await gateway.connect();
  assert.equal(await third.ended(), "fin");
  assert.deepEqual([first.ending, second.ending], [null, null]);
  await gateway[Symbol.asyncDispose]();
  assert.notEqual(await first.ended(), null);
  assert.notEqual(await second.ended(), null);
});

Deno.test("a certificate that cannot be used stops the start, and says where it stands", () => {
  const config = defineGateway({ routes: [{ path: "/", respond: { body: "here" } }] });
  for (const engine of ["h1", "serve"] as const) {
    assert.throws(
      () => TestGateway.start(config, { secrets: () => ({ value: "no PEM" }) }, { tls, engine }),
      (error: Error) => /listen\.tls\.cert/.test(error.message),
    );
  }
});

/** A client whose TLS works. */
function secure(gateway: TestGateway): Promise<RawClient> {
  return RawClient.connect(gateway.port, { tls: { ca: authority, alpn: ["http/1.1"] } });
}

Deno.test("handshakes count among the connections of their client, and one that fails gives its place back", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  await using gateway = start(origin, { limits: { perClient: 2 } }, new FakeClock());
  await using silent = await gateway.connect();
  await using broken = await gateway.connect();
  await using third = await gateway.connect();
  assert.deepEqual([await third.ended(), third.received.length], ["fin", 0], "no answer in cleartext");
  assert.deepEqual([silent.ending, broken.ending], [null, null]);
  await broken.send("\x16\x03\x01\x00\x04junk");
  await broken.ended();
  await using next = await secure(gateway);
  assert.equal((await next.exchange(GET)).text, "here");
  await using another = await gateway.connect();
  assert.equal(await another.ended(), "fin", "whoever has shaken hands keeps its place");
  await next.close();
  await using last = await placeOf(gateway);
  assert.equal((await last.exchange(GET)).text, "here");
  assert.equal(silent.ending, null);
});

/** Connects again and again until there is a place: who counts a connection that was closed is told in its own time. */
async function placeOf(gateway: TestGateway): Promise<RawClient> {
  for (let tries = 0; tries < 1_000; tries++) {
    const client = await secure(gateway).catch(() => null);
    if (client !== null) return client;
  }
  throw new Error("no place became free");
}

Deno.test("a handshake that takes too long gives its client's place back", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  await using gateway = start(origin, { timeouts: { header: "2s" }, limits: { perClient: 1 } }, clock);
  await using silent = await gateway.connect();
  await until(() => clock.pending > 1);
  await using second = await gateway.connect();
  assert.equal(await second.ended(), "fin");
  await clock.pass(2_400);
  await silent.ended();
  await using third = await secure(gateway);
  assert.equal((await third.exchange(GET)).text, "here");
});

Deno.test("behind the PROXY protocol handshakes count for the client that it names", async () => {
  await using origin = await ScriptedOrigin.start(answer(200, "here"));
  await using gateway = start(origin, { proxyProtocol: true, limits: { perClient: 1 } });
  const from = async (client: string) => {
    const wire = await gateway.connect();
    await wire.send(`PROXY TCP4 ${client} 192.0.2.1 1234 443\r\n`);
    return wire;
  };
  await using first = await from("203.0.113.9");
  await using second = await from("203.0.113.9");
  await Promise.race([first.ended(), second.ended()]);
  await using other = await from("203.0.113.10");
  await until(() => [first, second].filter(({ ending }) => ending !== null).length === 1);
  assert.equal(other.ending, null);
});

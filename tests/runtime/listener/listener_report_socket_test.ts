import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { defineGateway } from "gatewright";
import type { Secret } from "../../../src/core/secret.ts";
import { acceptKey } from "../../../src/http/websocket/accept_key.ts";
import { authority, certificateDirectory } from "../../support/certificates.ts";
import { RawClient } from "../../support/raw_client.ts";
import { ScriptedOrigin } from "../../support/scripted_origin.ts";
import { TestGateway, type TestListener } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const GET = "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n";
const tls = { cert: `${certificateDirectory}/server.pem`, key: `${certificateDirectory}/server.key` };

const secrets = ({ file }: Secret) => ({ value: Deno.readTextFileSync(file!) });

function start(listen: TestListener, origin?: ScriptedOrigin): TestGateway {
  const config = origin === undefined
    ? defineGateway({ routes: [{ path: "/*", respond: { body: "here" } }] })
    : defineGateway({ routes: [{ path: "/*", upstream: origin.url as "http://origin" }] });
  return TestGateway.start(config, { secrets }, listen);
}

const reportOf = ({ gateway }: TestGateway) => gateway.listeners()[0];
const connectionsOf = (gateway: TestGateway) => reportOf(gateway).connections!;

/** An origin that does not answer. */
const silent = () => ScriptedOrigin.start((request) => request.hang());

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: the ends of its certificates are told`, async () => {
    await using plain = start({ engine }), secure = start({ engine, tls });
    assert.deepEqual(reportOf(plain).certificates, []);
    assert.deepEqual(reportOf(secure).certificates, [{ host: "localhost, *.localhost", at: Date.UTC(2120, 0, 1) }]);
  });
}

Deno.test("h1: connections are counted as they come and go, with the requests on them", async () => {
  await using origin = await silent();
  await using gateway = start({ engine: "h1" }, origin);
  await using idle = await gateway.connect(), busy = await gateway.connect();
  await busy.send(GET);
  await origin.request();
  await until(() => connectionsOf(gateway).open.h1 === 2);
  const { listening, requests, inFlight, tunnels } = reportOf(gateway);
  assert.deepEqual([listening, requests, inFlight, tunnels], [true, 1, 1, { websocket: 0, other: 0 }]);
  idle.close();
  busy.close();
  await until(() => connectionsOf(gateway).open.h1 === 0);
  assert.equal(connectionsOf(gateway).accepted, 2);
  assert.equal(reportOf(gateway).inFlight, 0);
});

Deno.test("h1: connections that are too many are counted by the limit that they met", async () => {
  await using all = start({ engine: "h1", limits: { connections: 1 } });
  await using one = start({ engine: "h1", limits: { perClient: 1 } });
  for (const gateway of [all, one]) {
    await using first = await gateway.connect();
    await first.exchange(GET);
    await using second = await gateway.connect();
    await second.response();
  }
  assert.deepEqual(connectionsOf(all).refused, { connections: 1, perClient: 0 });
  assert.deepEqual(connectionsOf(one).refused, { connections: 0, perClient: 1 });
  assert.equal(connectionsOf(all).accepted, 2);
});

Deno.test("h1: handshakes and PROXY headers that fail are counted", async () => {
  await using secure = start({ engine: "h1", tls });
  await using plain = await RawClient.connect(secure.port);
  await plain.exchange(GET);
  plain.close();
  await using leaving = await RawClient.connect(secure.port);
  await until(() => connectionsOf(secure).open.introducing > 0, "the connection to be taken");
  leaving.close();
  await until(() => connectionsOf(secure).handshakesFailed.left > 0);
  await until(() => connectionsOf(secure).handshakesFailed.plain_http > 0);
  assert.deepEqual(connectionsOf(secure).handshakesFailed, {
    left: 1,
    plain_http: 1,
    refused: 0,
    certificate: 0,
    timeout: 0,
  });
  await using proxied = start({ engine: "h1", proxyProtocol: true });
  await using stranger = await RawClient.connect(proxied.port);
  await stranger.send(GET);
  await until(() => connectionsOf(proxied).preamblesFailed === 1);
});

Deno.test("h1: HTTP/2 connections are counted with their streams", async () => {
  await using origin = await silent();
  await using gateway = start({ engine: "h1", tls }, origin);
  const session = connectHttp2(gateway.url, { ca: authority });
  const streams = [session.request({ ":path": "/a" }), session.request({ ":path": "/b" })];
  await origin.request(1);
  assert.deepEqual(connectionsOf(gateway).open, { introducing: 0, h1: 0, h2: 1 });
  assert.deepEqual([connectionsOf(gateway).streams, reportOf(gateway).inFlight], [2, 2]);
  for (const stream of streams) stream.on("error", () => {}).destroy();
  session.destroy();
  await until(() => connectionsOf(gateway).open.h2 === 0);
  assert.equal(connectionsOf(gateway).streams, 0);
});

Deno.test("h1: fields that went over HTTP/2 are there to be told", async () => {
  await using gateway = start({ engine: "h1", tls });
  const session = connectHttp2(gateway.url, { ca: authority });
  const stream = session.request({ ":path": "/" });
  await once(stream.resume(), "end");
  session.close();
  assert.match((await gateway.event()).exchange.answered?.get("content-type") ?? "", /^text\/plain/);
});

for (const engine of ["h1", "serve"] as const) {
  Deno.test(`${engine}: open WebSockets are counted, and what endpoints said when they switched is told`, async () => {
    await using origin = await ScriptedOrigin.start({
      async connection(connection) {
        const request = (await connection.nextRequest())!;
        const accept = await acceptKey(request.header("sec-websocket-key")!);
        await request.send(
          "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n" +
            `sec-websocket-accept: ${accept}\r\nx-from: origin\r\n\r\n`,
        );
        await request.hang();
      },
    });
    await using gateway = start({ engine }, origin);
    await using client = await gateway.connect();
    await client.send(
      "GET / HTTP/1.1\r\nhost: a.example\r\nconnection: Upgrade\r\nupgrade: websocket\r\n" +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${KEY}\r\n\r\n`,
    );
    assert.equal((await client.responseHead()).status, 101);
    await until(() => reportOf(gateway).tunnels.websocket === 1);
    client.close();
    await until(() => reportOf(gateway).tunnels.websocket === 0);
    assert.equal((await gateway.event()).exchange.answered?.get("x-from"), "origin");
  });
}

Deno.test("h1: a tunnel of another protocol is counted as such", async () => {
  await using origin = await ScriptedOrigin.start(async (request) => {
    await request.send("HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: Upgrade\r\n\r\n");
    await request.hang();
  });
  await using gateway = start({ engine: "h1" }, origin);
  await using client = await gateway.connect();
  await client.send("GET / HTTP/1.1\r\nhost: a.example\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n");
  assert.equal((await client.responseHead()).status, 101);
  await until(() => reportOf(gateway).tunnels.other === 1);
  assert.equal(reportOf(gateway).tunnels.websocket, 0);
});

Deno.test("serve: the runtime keeps connections to itself, requests are counted", async () => {
  await using gateway = start({ engine: "serve" });
  await using client = await gateway.connect();
  await client.exchange(GET);
  const { listening, requests, inFlight, connections } = reportOf(gateway);
  assert.deepEqual([listening, requests, inFlight, connections], [true, 1, 0, null]);
});

import { turn } from "../../support/turn.ts";
import { strict as assert } from "node:assert";
import { HandshakeError } from "../../../src/runtime/tls/handshake_error.ts";
import { Wire } from "../../support/wire.ts";
import { connect } from "node:net";
import { once } from "node:events";
import { handshakesBy, material, pair, readText, TlsClient, TlsHarness, writeText } from "./setup.ts";

async function raw(port: number): Promise<Wire> {
  const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
  await once(socket, "connect");
  return new Wire(socket);
}

for (
  const [offered, http2, chosen] of [
    [["h2", "http/1.1"], true, "h2"],
    [["http/1.1", "h2"], true, "h2"],
    [["http/1.1"], true, "http/1.1"],
    [["h2", "http/1.1"], false, "http/1.1"],
    [undefined, true, "http/1.1"],
  ] as const
) {
  Deno.test(`ALPN ${offered?.join(", ") ?? "not offered"}, http2 ${http2}: ${chosen}`, async () => {
    await using harness = new TlsHarness(handshakesBy(material({ http2 })));
    const { client, server } = await harness.pair({ ALPNProtocols: offered === undefined ? undefined : [...offered] });
    assert.equal(server.protocol, chosen);
    assert.equal(client.told.protocol, offered === undefined ? false : chosen);
    await client.close();
    server.stream.close();
  });
}

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  Deno.test(`${version} carries bytes both ways`, async () => {
    await using harness = new TlsHarness();
    const { client, server: { stream } } = await harness.pair({ minVersion: version, maxVersion: version });
    assert.equal(client.told.version, version);
    await client.send("ping");
    assert.equal(await readText(stream, 4), "ping");
    await writeText(stream, "pong");
    assert.equal(new TextDecoder().decode(await client.take(4)), "pong");
    await client.close();
    stream.close();
  });
}

Deno.test("a protocol that is not spoken here is refused with an alert", async () => {
  await using harness = new TlsHarness();
  const [refused, failure] = await Promise.all([
    TlsClient.connect(harness.port, { ALPNProtocols: ["spdy/3"] }).then(() => null, (error: Error) => error),
    harness.failed(),
  ]);
  assert.equal(failure.fault, "refused");
  // no_application_protocol (RFC 7301 §3.2): without the alert this would be a mere reset.
  assert.match(`${refused?.message} ${(refused as { code?: string }).code}`, /no.?application.?protocol/i);
});

Deno.test("TLS 1.1 is refused with an alert", async () => {
  await using harness = new TlsHarness();
  const client = await raw(harness.port);
  await client.send(clientHello(0x0302));
  // Alert record, fatal, protocol_version (RFC 8446 §6).
  const record = await client.take(7);
  assert.deepEqual([record[0], record[5], record[6]], [21, 2, 70]);
  assert.equal((await harness.failed()).fault, "refused");
  await client.close();
});

for (
  const [asked, shown] of [
    ["localhost", "server.test"],
    ["other.test", "other.test"],
    ["OTHER.Test", "other.test"],
    ["a.other.test", "other.test"],
    ["A.OTHER.TEST", "other.test"],
    ["a.b.other.test", "server.test"],
    ["another.test", "server.test"],
    ["", "server.test"],
  ] as const
) {
  Deno.test(`a client that asks for "${asked}" sees the certificate of ${shown}`, async () => {
    const certificates = [{ hosts: ["other.test", "*.other.test"], ...pair("other") }];
    await using harness = new TlsHarness(handshakesBy(material({ certificates })));
    const { client, server } = await harness.pair({ servername: asked });
    assert.equal(client.told.name, shown);
    assert.equal(server.serverName, asked.toLowerCase());
    await client.close();
    server.stream.close();
  });
}

Deno.test("HTTP without TLS is told so", async () => {
  await using harness = new TlsHarness();
  const client = await raw(harness.port);
  await client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  const answer = new TextDecoder().decode(await client.takeToEnd());
  assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n[^]*content-length: (\d+)\r\n[^]*"https_required"/);
  assert.equal(answer.split("\r\n\r\n")[1].length, Number(/content-length: (\d+)/.exec(answer)?.[1]));
  await client.close();
  assert.equal((await harness.failed()).fault, "plain_http");
});

for (
  const [title, sent] of [
    ["nothing", new Uint8Array(0)],
    ["half a ClientHello", clientHello(0x0303).slice(0, 40)],
    ["junk", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)],
  ] as const
) {
  Deno.test(`a client that sends ${title} and leaves is a failed handshake`, async () => {
    await using harness = new TlsHarness();
    const client = await raw(harness.port);
    if (sent.length > 0) await client.send(sent);
    await client.halfClose();
    const { fault } = await harness.failed();
    assert.equal(fault, title === "junk" ? "refused" : "left");
    await client.ended();
    await client.close();
  });

  if (title === "junk") continue;
  Deno.test(`a client that sends ${title} and waits is given up when the listener closes its stream`, async () => {
    await using harness = new TlsHarness();
    const client = await raw(harness.port);
    if (sent.length > 0) await client.send(sent);
    const failure = harness.failed();
    while (harness.accepted.length === 0) await turn();
    harness.accepted[0].close();
    assert.equal((await failure).fault, "left");
    await client.ended();
    await client.close();
  });
}

Deno.test("a client that resets in the handshake is a failed handshake", async () => {
  await using harness = new TlsHarness();
  const client = await raw(harness.port);
  await client.send(clientHello(0x0303).slice(0, 40));
  while (harness.accepted.length === 0) await turn();
  await client.reset();
  assert.equal((await harness.failed()).fault, "left");
});

Deno.test("fifty handshakes at once are not mixed up", async () => {
  const certificates = [{ hosts: ["*.other.test"], ...pair("other") }];
  await using harness = new TlsHarness(handshakesBy(material({ certificates })));
  const names = Array.from(
    { length: 50 },
    (_, i) => i % 5 === 4 ? "" : `n${i}.${i % 2 === 0 ? "other.test" : "localhost"}`,
  );
  const clients = names.map(async (servername, i) => {
    const client = await TlsClient.connect(harness.port, {
      servername,
      ALPNProtocols: [i % 3 === 0 ? "h2" : "http/1.1"],
    });
    const told = `${servername} ${client.told.protocol}`;
    await client.send(told.padEnd(40));
    assert.equal(new TextDecoder().decode(await client.take(40)).trimEnd(), told);
    assert.equal(client.told.name, servername.endsWith("other.test") ? "other.test" : "server.test");
    await client.close();
  });
  const servers = names.map(async () => {
    const { stream, serverName, protocol } = await harness.secured();
    const told = await readText(stream, 40);
    assert.equal(told.trimEnd(), `${serverName} ${protocol}`);
    await writeText(stream, told);
    assert.equal(await stream.read(new Uint8Array(1)), null);
    stream.close();
  });
  await Promise.all([...clients, ...servers]);
});

Deno.test("failures among many handshakes are told to the right ones", async () => {
  await using harness = new TlsHarness();
  const faults = new Map<number, string>();
  const clients = Array.from({ length: 30 }, async (_, i) => {
    const client = i % 2 === 0 ? await TlsClient.connect(harness.port) : await raw(harness.port);
    faults.set(client.localPort, i % 2 === 0 ? "" : i % 3 === 0 ? "plain_http" : "refused");
    if (i % 2 === 1) await client.send(i % 3 === 0 ? "GET / HTTP/1.1\r\n\r\n" : "\x01\x02\x03\x04\x05\x06");
    if (i % 2 === 1) await client.halfClose();
    return client;
  });
  const got = new Map<number, string>();
  for (let i = 0; i < clients.length; i++) {
    const outcome = await harness.outcome(), { port } = harness.accepted[i].remoteAddr as Deno.NetAddr;
    got.set(port, outcome instanceof HandshakeError ? outcome.fault : "");
    if (!(outcome instanceof HandshakeError)) outcome.stream.close();
  }
  for (const client of await Promise.all(clients)) await client.close();
  assert.deepEqual([...got].sort(([a], [b]) => a - b), [...faults].sort(([a], [b]) => a - b));
});

Deno.test("bytes that were read before are taken first", async () => {
  // As if a PROXY header had come with half of the ClientHello in one segment.
  await using harness = new TlsHarness(handshakesBy(material()), {
    before: async (conn) => {
      const into = new Uint8Array(100), count = await conn.read(into);
      return { stream: conn, first: into.subarray(0, count ?? 0) };
    },
  });
  const { client, server } = await harness.pair();
  await client.send("ping");
  assert.equal(await readText(server.stream, 4), "ping");
  await client.close();
  server.stream.close();
});

/** A ClientHello of this version and no other (RFC 5246 §7.4.1.2), with the ciphers of its time. */
function clientHello(version: number): Uint8Array<ArrayBuffer> {
  const v = [version >> 8, version & 255], ciphers = [0xc0, 0x13, 0xc0, 0x14, 0x00, 0x2f, 0x00, 0x35];
  const groups = [0, 10, 0, 4, 0, 2, 0, 23], signatures = [0, 13, 0, 6, 0, 4, 4, 3, 4, 1];
  const extensions = [...groups, ...signatures];
  const body = [
    ...v,
    ...new Array(32).fill(7),
    0,
    0,
    ciphers.length,
    ...ciphers,
    1,
    0,
    0,
    extensions.length,
    ...extensions,
  ];
  const handshake = [1, 0, 0, body.length, ...body];
  return Uint8Array.from([22, 3, 1, 0, handshake.length, ...handshake]);
}

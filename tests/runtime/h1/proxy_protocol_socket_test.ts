import { strict as assert } from "node:assert";
import { FakeClock } from "../../support/fake_clock.ts";
import { type Bytes, toBytes } from "../../support/latin1.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../../support/scripted_origin.ts";
import type { TestGateway } from "../../support/test_gateway.ts";
import { passUntil } from "../../support/until.ts";
import { proxyV2 } from "./proxy_header.ts";
import { arrive, gatewayTo, get } from "./setup.ts";

const LISTEN = { proxyProtocol: true, timeouts: { header: "2s" } } as const;
const V1 = "PROXY TCP4 192.0.2.1 198.51.100.2 1000 80\r\n";

/** The warnings in the gateway's log, by their reason. */
function reasons({ log }: TestGateway): unknown[] {
  return log.filter(({ level }) => level === "warn").map(({ fields }) => fields?.reason);
}

const echo = (request: OriginRequest) => request.send(answer(200, request.header("x-forwarded-for") ?? ""));

const GOOD: readonly [title: string, header: Bytes, client: string][] = [
  ["version 1", V1, "192.0.2.1"],
  ["version 1 over IPv6", "PROXY TCP6 2001:db8::1 2001:db8::2 1000 80\r\n", "2001:db8::1"],
  ["version 1, UNKNOWN", "PROXY UNKNOWN\r\n", "127.0.0.1"],
  ["version 2", proxyV2("192.0.2.1"), "192.0.2.1"],
  ["version 2 with something behind the addresses", proxyV2("192.0.2.1", 300), "192.0.2.1"],
  ["version 2, LOCAL", proxyV2(null), "127.0.0.1"],
];

for (const [title, header, ip] of GOOD) {
  Deno.test(`${title}: the client is ${ip}, for every request of the connection, however the header comes`, async () => {
    await using origin = await ScriptedOrigin.start(echo);
    await using gateway = gatewayTo(origin, { clock: new FakeClock(), listen: LISTEN });
    const bytes = toBytes(header), single = Array.from(bytes, (byte) => new Uint8Array([byte]));
    for (
      const pieces of [[bytes, get()], [new Uint8Array([...bytes, ...toBytes(get())])], [
        ...single.slice(0, 60),
        bytes.slice(60),
        get(),
      ]]
    ) {
      await using client = await gateway.connect();
      await client.sendPieces(pieces);
      assert.equal((await client.response()).text, ip);
      assert.equal((await client.exchange(get("/", "x-forwarded-for: 203.0.113.9"))).text, ip);
    }
    assert.deepEqual([...new Set(gateway.completed.map((event) => event.client))], [ip]);
    assert.deepEqual(reasons(gateway), []);
  });
}

const BAD: readonly [title: string, bytes: Bytes, reason: RegExp][] = [
  ["a request without a header", get(), /does not begin with/],
  ["a line that is too long", `PROXY UNKNOWN ${"x".repeat(200)}\r\n` + get(), /version 1/],
  ["a line with a bad address", "PROXY TCP4 192.0.2.999 198.51.100.2 1000 80\r\n" + get(), /version 1/],
  ["a line with LF alone", V1.replace("\r", "") + get(), /version 1/],
  ["a wrong version", toBytes("\r\n\r\n\0\r\nQUIT\n\x11\x11\0\x0c" + get()), /version 2/],
  ["more behind the addresses than anybody needs", proxyV2("192.0.2.1", 5_000), /version 2.*4096/],
];

for (const [title, bytes, reason] of BAD) {
  Deno.test(`${title}: closed without a word, told to the log, and nothing reaches the origin`, async () => {
    await using origin = await ScriptedOrigin.start(echo);
    await using gateway = gatewayTo(origin, { clock: new FakeClock(), listen: LISTEN });
    await using client = await gateway.connect();
    await client.send(bytes);
    await client.ended();
    assert.deepEqual([client.received.length, origin.connections.length, gateway.completed.length], [0, 0, 0]);
    assert.equal(reasons(gateway).length, 1);
    assert.match(String(reasons(gateway)[0]), reason);
  });
}

Deno.test("a second header is no header but a request, and refused as one", async () => {
  await using origin = await ScriptedOrigin.start(echo);
  await using gateway = gatewayTo(origin, { clock: new FakeClock(), listen: LISTEN });
  await using client = await gateway.connect();
  await client.send(V1 + V1 + get());
  assert.equal((await client.response()).status, 400);
  assert.equal(origin.connections.length, 0);
});

Deno.test("a header that does not come in time: closed, and the connection is forgotten", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(echo);
  await using gateway = gatewayTo(origin, { clock, listen: LISTEN });
  await using silent = await gateway.connect();
  await using half = await gateway.connect();
  await half.send(V1.slice(0, 20));
  await arrive();
  clock.advance(1_900);
  await arrive();
  assert.deepEqual([silent.ending, half.ending], [null, null]);
  clock.advance(400);
  assert.deepEqual([await silent.ended(), await half.ended()], ["fin", "fin"]);
  assert.deepEqual(reasons(gateway), ["no PROXY header in time", "no PROXY header in time"]);
  assert.equal(clock.pending, 0, "the sweep rests");
});

Deno.test("a PROXY header buys no time: the first head is due as if the connection had begun with it", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(echo);
  await using gateway = gatewayTo(origin, { clock, listen: LISTEN });
  await using client = await gateway.connect();
  await arrive();
  clock.advance(1_500);
  await client.send(V1);
  await arrive();
  clock.advance(300);
  await arrive();
  assert.equal(client.ending, null);
  clock.advance(500);
  assert.equal(await client.ended(), "fin");
  assert.deepEqual([client.received.length, gateway.completed.length, reasons(gateway)], [0, 0, []]);
});

Deno.test("a port scan is no warning at shutdown: connections without a header yet are closed with the listener", async () => {
  const clock = new FakeClock();
  await using origin = await ScriptedOrigin.start(echo);
  await using gateway = gatewayTo(origin, { clock, listen: { proxyProtocol: true } });
  await using client = await gateway.connect();
  await client.send(V1.slice(0, 10));
  await arrive();
  const stopped = gateway.gateway.stop();
  await passUntil(clock, stopped, 100);
  assert.equal(await client.ended(), "fin");
  assert.deepEqual([await stopped, reasons(gateway)], [{ drained: true }, []]);
});

Deno.test("a listener without the PROXY protocol takes a header for what it is: no request", async () => {
  await using origin = await ScriptedOrigin.start(echo);
  await using gateway = gatewayTo(origin, { clock: new FakeClock() });
  await using client = await gateway.connect();
  await client.send(V1 + get());
  assert.equal((await client.response()).status, 400);
});

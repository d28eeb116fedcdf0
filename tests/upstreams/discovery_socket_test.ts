import { strict as assert } from "node:assert";
import type { DnsEndpoints } from "../../src/config/types/discovery.ts";
import type { UpstreamConfig } from "../../src/config/types/upstream.ts";
import { type DnsRecord, DnsServer } from "../support/dns_server.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import type { TestGateway } from "../support/test_gateway.ts";
import { passUntil, until } from "../support/until.ts";
import { answering, ask, type BedGateway, gatewayTo, get, Pending, settle } from "./traffic_bed.ts";

/** Endpoints by SRV, which has ports: origins of a test differ in nothing else. */
function srv(origin: { readonly port: number }, over: Partial<DnsRecord & { type: "SRV" }> = {}): DnsRecord {
  return { type: "SRV", ttl: 10, priority: 0, weight: 1, port: origin.port, target: "a.test", ...over };
}

const NAME = "SRV _http._tcp.api.test";
const HOST = { "A a.test": [{ type: "A", ttl: 10, address: "127.0.0.1" }] } as const;

function gatewayFor(
  dns: DnsServer,
  clock: FakeClock,
  settings: Partial<UpstreamConfig> = {},
  listed: Partial<DnsEndpoints> = {},
): BedGateway {
  const { hostname, port } = dns.address;
  const endpoints: DnsEndpoints = {
    dns: "http://_http._tcp.api.test",
    record: "srv",
    nameservers: [`${hostname}:${port}`],
    ...listed,
  };
  return gatewayTo(endpoints as UpstreamConfig["endpoints"], clock, { settings });
}

/** Turns the clock in large steps, sockets getting their turns between. */
async function turnUntil(clock: FakeClock, done: () => boolean): Promise<void> {
  for (let steps = 0; !done(); steps++) {
    assert.ok(steps < 100, `${clock.now()} ms passed in vain`);
    clock.advance(5_000);
    await settle();
  }
}

/** The endpoints that DNS brings next. */
async function changed(gateway: TestGateway, clock: FakeClock): Promise<readonly string[]> {
  let found: readonly string[] | null = null;
  const stop = gateway.gateway.events.on("upstream.endpoints", ({ endpoints }) => found = endpoints);
  await turnUntil(clock, () => found !== null);
  stop();
  return found!;
}

/** The nameserver is asked once more, and its word is heard. */
async function asked(dns: DnsServer, clock: FakeClock): Promise<void> {
  const before = dns.asked.length;
  await turnUntil(clock, () => dns.asked.length > before);
  await settle();
}

Deno.test("a request before the first answer waits for it", async () => {
  const clock = new FakeClock();
  await using origin = await answering(200, "found");
  await using dns = DnsServer.start({ [NAME]: "silence", ...HOST });
  await using gateway = gatewayFor(dns, clock, { maxInFlight: { total: 9, queue: 0, queueTimeout: "10s" } });
  await using one = await Pending.send(gateway, get());
  await using two = await Pending.send(gateway, get());
  await until(() => dns.asked.length > 0);
  await settle();
  assert.deepEqual([one.status, two.status], [null, null]);
  dns.set(NAME, [srv(origin)]);
  await passUntil(clock, Promise.all([one.response, two.response]), 100);
  for (const { response } of [one, two]) assert.equal((await response).text, "found");
});

Deno.test("a request that waits in vain for the first answer: 503 no_endpoint", async () => {
  const clock = new FakeClock();
  await using dns = DnsServer.start({ [NAME]: "silence" });
  await using gateway = gatewayFor(dns, clock);
  await using pending = await Pending.send(gateway, get());
  await passUntil(clock, pending.response, 50);
  const response = await pending.response;
  assert.deepEqual([response.status, JSON.parse(response.text).code], [503, "no_endpoint"]);
});

Deno.test("endpoints come, go and come again", async () => {
  const clock = new FakeClock();
  await using a = await answering(200, "a");
  await using b = await answering(200, "b");
  await using dns = DnsServer.start({ [NAME]: [srv(a)], ...HOST });
  await using gateway = gatewayFor(dns, clock);
  const seen = async () => {
    const texts = new Set<string>();
    for (let i = 0; i < 4; i++) texts.add((await ask(gateway, get())).text);
    return [...texts].sort().join("");
  };
  assert.equal(await seen(), "a");
  dns.set(NAME, [srv(a), srv(b)]);
  assert.equal((await changed(gateway, clock)).length, 2);
  assert.equal(await seen(), "ab");
  dns.set(NAME, [srv(b)]);
  assert.deepEqual(await changed(gateway, clock), [`o/http://127.0.0.1:${b.port}`]);
  assert.equal(await seen(), "b");
  dns.set(NAME, [srv(a), srv(b)]);
  await changed(gateway, clock);
  assert.equal(await seen(), "ab");
});

const FAILURES = ["silence", "SERVFAIL", "NXDOMAIN", "REFUSED"] as const;
for (const failure of FAILURES) {
  Deno.test(`while the nameserver says ${failure} the last endpoints stay`, async () => {
    const clock = new FakeClock();
    await using a = await answering(200, "a");
    await using dns = DnsServer.start({ [NAME]: [srv(a, { ttl: 5 })], ...HOST });
    await using gateway = gatewayFor(dns, clock);
    assert.equal((await ask(gateway, get())).text, "a");
    dns.set(NAME, failure);
    for (let i = 0; i < 2; i++) {
      await asked(dns, clock);
      assert.equal((await ask(gateway, get())).text, "a");
    }
  });
}

Deno.test("what is under way at an endpoint that goes is not cut", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using a = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
    await go.promise;
    await request.send("0\r\n\r\n");
  });
  await using b = await answering(200, "b");
  await using dns = DnsServer.start({ [NAME]: [srv(a)], ...HOST });
  await using gateway = gatewayFor(dns, clock, { maxInFlight: { perEndpoint: 1 } });
  await using pending = await Pending.send(gateway, get());
  await until(() => pending.client.receivedText.includes("hello"));
  dns.set(NAME, [srv(b)]);
  await changed(gateway, clock);
  assert.equal((await ask(gateway, get())).text, "b");
  go.resolve();
  assert.equal((await pending.response).text, "hello");
  await a.connections[0].ended();
});

Deno.test("those that stay keep what is known of them, those that come start from nothing", async () => {
  const clock = new FakeClock();
  await using a = await answering(500, "a");
  await using b = await answering(200, "b");
  await using dns = DnsServer.start({ [NAME]: [srv(a)], ...HOST });
  await using gateway = gatewayFor(dns, clock, {
    circuitBreaker: { failureThreshold: 2, openFor: "1h" },
    retry: false,
  });
  for (let i = 0; i < 2; i++) await ask(gateway, get());
  assert.match((await ask(gateway, get())).text, /circuit_open/);
  dns.set(NAME, [srv(a), srv(b)]);
  await changed(gateway, clock);
  for (let i = 0; i < 4; i++) assert.equal((await ask(gateway, get())).text, "b");
  assert.equal(a.requests.length, 2);
  dns.set(NAME, [srv(b)]);
  await changed(gateway, clock);
  dns.set(NAME, [srv(a), srv(b)]);
  await changed(gateway, clock);
  const texts = new Set<string>();
  for (let i = 0; i < 2; i++) texts.add((await ask(gateway, get())).text);
  assert.deepEqual([...texts].sort(), ["a", "b"]);
});

Deno.test("priorities are tiers: the second is used while the first has nobody", async () => {
  const clock = new FakeClock();
  await using second = await answering(200, "second");
  const first = await answering(200, "first");
  await using dns = DnsServer.start({
    [NAME]: [srv(second, { priority: 20 }), srv(first, { priority: 10 })],
    ...HOST,
  });
  await using gateway = gatewayFor(dns, clock, { outliers: { consecutiveGatewayErrors: 1 } });
  for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, get())).text, "first");
  await first[Symbol.asyncDispose]();
  for (let i = 0; i < 3; i++) assert.equal((await ask(gateway, get())).text, "second");
});

Deno.test("whoever waits for a place goes to an endpoint that comes", async () => {
  const clock = new FakeClock(), go = Promise.withResolvers<void>();
  await using a = await ScriptedOrigin.start(async (request: OriginRequest) => {
    await go.promise;
    await request.send(answer(200, "a"));
  });
  await using b = await answering(200, "b");
  await using dns = DnsServer.start({ [NAME]: [srv(a)], ...HOST });
  await using gateway = gatewayFor(dns, clock, { maxInFlight: { perEndpoint: 1, queueTimeout: "10m" } });
  await using one = await Pending.send(gateway, get());
  await a.request();
  await using two = await Pending.send(gateway, get());
  await settle();
  assert.equal(two.status, null);
  dns.set(NAME, [srv(a), srv(b)]);
  await changed(gateway, clock);
  assert.equal((await two.response).text, "b");
  go.resolve();
  assert.equal((await one.response).text, "a");
});

Deno.test("addresses share the port and the name's Host", async () => {
  const clock = new FakeClock();
  await using origin = await answering(200, "found");
  await using dns = DnsServer.start({ "A api.test": [{ type: "A", ttl: 60, address: "127.0.0.1" }] });
  await using gateway = gatewayFor(dns, clock, { host: "endpoint" }, {
    dns: `http://api.test:${origin.port}`,
    record: "address",
  });
  assert.equal((await ask(gateway, get())).text, "found");
  assert.equal(origin.requests[0].header("host"), `api.test:${origin.port}`);
});

Deno.test("once the first lookup has failed nobody waits for the next: 503 at once", async () => {
  const clock = new FakeClock();
  await using dns = DnsServer.start({ [NAME]: "NXDOMAIN" });
  await using gateway = gatewayFor(dns, clock);
  await until(() => gateway.gateway.upstreams()[0].dns?.lastError !== null);
  const response = await ask(gateway, get());
  assert.deepEqual([response.status, JSON.parse(response.text).code], [503, "no_endpoint"]);
});

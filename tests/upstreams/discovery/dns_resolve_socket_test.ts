import { strict as assert } from "node:assert";
import { silentLog } from "../../../src/core/log.ts";
import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import { DnsDiscovery } from "../../../src/upstreams/discovery/dns_discovery.ts";
import type { DnsPlan } from "../../../src/upstreams/discovery/dns_plan.ts";
import { dnsResolve } from "../../../src/upstreams/discovery/dns_resolve.ts";
import type { Resolved } from "../../../src/upstreams/discovery/resolve.ts";
import { type DnsRecord, DnsServer, type DnsZone } from "../../support/dns_server.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { passUntil, until } from "../../support/until.ts";

const PLAN = { scheme: "http", hostname: "api.test", port: 8080, record: "address", family: "any" } as const;
const SERVICE = { record: "srv", hostname: "_http._tcp.api.test" } as const;
const BOUNDS = { minRefresh: 5_000, maxRefresh: 300_000 };
/** Steps of the wheel, so that sockets get a turn between two. */
const STEP_MS = 50;

/** Lookups with one scripted server as the plan's nameserver. */
class Resolving implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly deadlines = new TimerWheel(this.clock);
  readonly server: DnsServer;

  constructor(zone: DnsZone) {
    this.server = DnsServer.start(zone);
  }

  plan(more: Partial<DnsPlan> = {}): DnsPlan {
    return { ...PLAN, ...BOUNDS, nameservers: [this.server.address], ...more };
  }

  resolve(more: Partial<DnsPlan> = {}, signal = new AbortController().signal): Promise<Resolved> {
    return dnsResolve(this.deadlines)(this.plan(more), signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    assert.equal(this.deadlines.size, 0);
    this.deadlines.close();
  }
}

function a(address: string, ttl = 60): DnsRecord {
  return { type: "A", address, ttl };
}

function aaaa(address: string, ttl = 60): DnsRecord {
  return { type: "AAAA", address, ttl };
}

function srv(priority: number, weight: number, port: number, target: string, ttl = 60): DnsRecord {
  return { type: "SRV", priority, weight, port, target, ttl };
}

function places({ found }: Resolved): string[] {
  return found.map(({ hostname, port, priority, weight }) => `${hostname} ${port} ${priority} ${weight}`);
}

Deno.test("dnsResolve() finds addresses of both families, and the shorter TTL", async () => {
  await using resolving = new Resolving({
    "A api.test": [a("10.0.0.1", 30), a("10.0.0.2", 60)],
    "AAAA api.test": [aaaa("fd00::1", 45)],
  });
  assert.deepEqual(await resolving.resolve(), {
    found: [
      { hostname: "10.0.0.1", port: 8080, priority: 0, weight: 1, question: "A api.test" },
      { hostname: "10.0.0.2", port: 8080, priority: 0, weight: 1, question: "A api.test" },
      { hostname: "fd00::1", port: 8080, priority: 0, weight: 1, question: "AAAA api.test" },
    ],
    ttl: 30_000,
    unanswered: [],
  });
  assert.deepEqual(resolving.server.asked.sort(), ["A api.test", "AAAA api.test"]);
});

Deno.test("dnsResolve() asks anew each time", async () => {
  await using resolving = new Resolving({ "A api.test": [a("10.0.0.1")] });
  assert.deepEqual(places(await resolving.resolve()), ["10.0.0.1 8080 0 1"]);
  resolving.server.set("A api.test", [a("10.0.0.2")]);
  assert.deepEqual(places(await resolving.resolve()), ["10.0.0.2 8080 0 1"]);
});

Deno.test("dnsResolve() follows an alias, whose TTL counts", async () => {
  await using resolving = new Resolving({
    "A api.test": [
      { type: "CNAME", target: "real.test", ttl: 5 },
      { type: "A", address: "10.0.0.1", ttl: 60, owner: "real.test" },
    ],
  });
  const resolved = await resolving.resolve();
  assert.deepEqual(places(resolved), ["10.0.0.1 8080 0 1"]);
  assert.equal(resolved.ttl, 5_000);
});

Deno.test("dnsResolve() takes one family where the other has nothing or fails", async () => {
  const address = "10.0.0.1 8080 0 1";
  const table: readonly [what: string, zone: DnsZone, found: readonly string[], unanswered: readonly string[]][] = [
    ["AAAA is empty", { "A api.test": [a("10.0.0.1")], "AAAA api.test": [] }, [address], []],
    ["AAAA does not exist", { "A api.test": [a("10.0.0.1")], "AAAA api.test": "NXDOMAIN" }, [address], []],
    ["AAAA fails", { "A api.test": [a("10.0.0.1")], "AAAA api.test": "SERVFAIL" }, [address], ["AAAA api.test"]],
    ["A fails", { "A api.test": "REFUSED", "AAAA api.test": [aaaa("fd00::1")] }, ["fd00::1 8080 0 1"], ["A api.test"]],
  ];
  for (const [what, zone, found, unanswered] of table) {
    await using resolving = new Resolving(zone);
    const resolved = await resolving.resolve();
    assert.deepEqual(places(resolved), found, what);
    assert.deepEqual(resolved.unanswered, unanswered, what);
  }
});

Deno.test("dnsResolve() does without a family whose question stays without an answer", async () => {
  await using resolving = new Resolving({ "A api.test": [a("10.0.0.1")], "AAAA api.test": "silence" });
  const { server, clock } = resolving;
  const resolved = resolving.resolve();
  await until(() => server.asked.length === 2 && server.sent === 1);
  await passUntil(clock, resolved, STEP_MS);
  assert.deepEqual(places(await resolved), ["10.0.0.1 8080 0 1"]);
  assert.deepEqual((await resolved).unanswered, ["AAAA api.test"]);
  assert.ok(clock.now() < 5_000, "within the limit of a lookup");
});

Deno.test("dnsResolve() rejects with the reason when there is nothing", async () => {
  const table: readonly [zone: DnsZone, record: "address" | "srv", message: string][] = [
    [{}, "address", "A and AAAA api.test: NXDOMAIN"],
    [{ "TXT api.test": [] }, "address", "A and AAAA api.test: the answer is empty"],
    [{ "A api.test": "SERVFAIL" }, "address", "A api.test: SERVFAIL"],
    [{ "AAAA api.test": "REFUSED" }, "address", "AAAA api.test: REFUSED"],
    [{}, "srv", "SRV _http._tcp.api.test: NXDOMAIN"],
    [{ "SRV _http._tcp.api.test": [] }, "srv", "SRV _http._tcp.api.test: the answer is empty"],
    [{ "SRV _http._tcp.api.test": "SERVFAIL" }, "srv", "SRV _http._tcp.api.test: SERVFAIL"],
    [{ "SRV _http._tcp.api.test": [srv(0, 0, 80, ".")] }, "srv", "SRV _http._tcp.api.test: the answer is empty"],
    [{ "SRV _http._tcp.api.test": [srv(0, 0, 80, "a.test")] }, "srv", "A and AAAA a.test: NXDOMAIN"],
  ];
  for (const [zone, record, message] of table) {
    await using resolving = new Resolving(zone);
    await assert.rejects(resolving.resolve(record === "srv" ? SERVICE : {}), { message });
  }
});

Deno.test("dnsResolve() asks a silent server again, and gives up after 4 s", async () => {
  await using resolving = new Resolving({ "A api.test": "silence", "AAAA api.test": "silence" });
  const resolved = resolving.resolve();
  await until(() => resolving.server.asked.length === 2);
  await passUntil(resolving.clock, resolved, STEP_MS);
  await assert.rejects(resolved, { message: "A api.test: no answer" });
  assert.ok(resolving.clock.now() >= 4_000 && resolving.clock.now() < 5_000, "within the limit of a lookup");
  assert.equal(resolving.server.asked.filter((question) => question === "A api.test").length, 3);
});

Deno.test("dnsResolve() hears the answer to a question that was lost at first", async () => {
  await using resolving = new Resolving({ "A api.test": "silence", "AAAA api.test": [] });
  const { server } = resolving;
  const resolved = resolving.resolve();
  await until(() => server.asked.length === 2 && server.sent === 1);
  server.set("A api.test", [a("10.0.0.1")]);
  await passUntil(resolving.clock, resolved, STEP_MS);
  assert.deepEqual(places(await resolved), ["10.0.0.1 8080 0 1"]);
});

Deno.test("dnsResolve() goes on to the next server after a failure, and after silence", async () => {
  for (const reply of ["SERVFAIL", "REFUSED", "silence"] as const) {
    await using resolving = new Resolving({ "A api.test": [a("10.0.0.1")] });
    await using first = DnsServer.start({ "A api.test": reply, "AAAA api.test": reply });
    const resolved = resolving.resolve({ nameservers: [first.address, resolving.server.address] });
    await until(() => first.asked.length === 2);
    if (reply === "silence") await passUntil(resolving.clock, resolved, STEP_MS);
    assert.deepEqual(places(await resolved), ["10.0.0.1 8080 0 1"], reply);
    assert.equal(first.asked.length, 2, reply);
  }
});

Deno.test("dnsResolve() believes the first server that says there is nothing", async () => {
  await using resolving = new Resolving({});
  await using second = DnsServer.start({ "A api.test": [a("10.0.0.1")] });
  const nameservers = [resolving.server.address, second.address];
  await assert.rejects(resolving.resolve({ nameservers }), { message: "A and AAAA api.test: NXDOMAIN" });
  assert.deepEqual(second.asked, []);
});

Deno.test("dnsResolve() asks over TCP when the answer is too large for UDP", async () => {
  const addresses = Array.from({ length: 200 }, (_, i) => `10.0.1.${i}`);
  await using resolving = new Resolving({ "A api.test": addresses.map((address) => a(address)) });
  const { found } = await resolving.resolve();
  assert.deepEqual(found.map(({ hostname }) => hostname), addresses);
  assert.equal(resolving.server.askedOverTcp, 1);
});

Deno.test("dnsResolve() asks a nameserver over IPv6", async () => {
  const udp = Deno.listenDatagram({ transport: "udp", hostname: "::1", port: 0 });
  const { port } = udp.addr as Deno.NetAddr;
  const served = (async () => {
    for await (const [question, from] of udp) {
      const answer = new Uint8Array(question);
      // NXDOMAIN with the question as it came.
      answer.set([0x81, 0x83], 2);
      await udp.send(answer, from);
    }
  })();
  await using resolving = new Resolving({});
  await assert.rejects(resolving.resolve({ nameservers: [{ hostname: "0:0::1", port }] }), {
    message: "A and AAAA api.test: NXDOMAIN",
  });
  udp.close();
  await served;
});

Deno.test("dnsResolve() believes nobody but the server it asked", async () => {
  const clock = new FakeClock(), deadlines = new TimerWheel(clock);
  const server = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const forger = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
  const nameservers = [{ hostname: "127.0.0.1", port: (server.addr as Deno.NetAddr).port }];
  const resolved = dnsResolve(deadlines)({ ...PLAN, ...BOUNDS, nameservers }, new AbortController().signal);
  resolved.catch(() => {});
  for (let left = 2; left > 0; left--) {
    const [question, from] = await server.receive();
    const forged = new Uint8Array([...question, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 6, 6, 6]);
    forged.set([0x81, 0x80, 0, 1, 0, 1], 2);
    await forger.send(forged, from);
    // The right server with the wrong id.
    forged[0] ^= 1;
    await server.send(forged, from);
    const denied = new Uint8Array(question);
    denied.set([0x81, 0x83], 2);
    await server.send(denied, from);
  }
  await assert.rejects(resolved, { message: "A and AAAA api.test: NXDOMAIN" });
  server.close();
  forger.close();
  deadlines.close();
});

Deno.test("dnsResolve() finds services, their priorities and weights, and the addresses of their targets", async () => {
  await using resolving = new Resolving({
    "SRV _http._tcp.api.test": [
      srv(10, 60, 8001, "a.test"),
      srv(10, 40, 8002, "b.test"),
      srv(20, 0, 8003, "a.test"),
      srv(30, 1, 8004, "gone.test"),
    ],
    "A a.test": [a("10.0.0.1"), a("10.0.0.2")],
    "AAAA b.test": [aaaa("fd00::b")],
  });
  const resolved = await resolving.resolve(SERVICE);
  assert.deepEqual(places(resolved), [
    "10.0.0.1 8001 10 60",
    "10.0.0.2 8001 10 60",
    "fd00::b 8002 10 40",
    "10.0.0.1 8003 20 0",
    "10.0.0.2 8003 20 0",
  ]);
  assert.equal(
    resolving.server.asked.filter((question) => question === "A a.test").length,
    1,
    "a target is asked once",
  );
});

Deno.test("dnsResolve() asks for the addresses of one family where the plan says so", async () => {
  await using resolving = new Resolving({
    "A api.test": [a("10.0.0.1")],
    "AAAA api.test": [aaaa("2001:db8::1")],
    "SRV _http._tcp.api.test": [srv(1, 1, 80, "api.test")],
  });
  for (const [family, found] of [["ipv4", "10.0.0.1"], ["ipv6", "2001:db8::1"]] as const) {
    for (const more of [{}, SERVICE]) {
      const resolved = await resolving.resolve({ ...more, family });
      assert.deepEqual(resolved.found.map(({ hostname }) => hostname), [found]);
    }
  }
  const types = resolving.server.asked.filter((asked) => !asked.startsWith("SRV"));
  assert.deepEqual(types, ["A api.test", "A api.test", "AAAA api.test", "AAAA api.test"]);
});

Deno.test("dnsResolve() takes the shortest TTL of a service and its targets", async () => {
  const table: readonly [service: number, first: number, second: number, ttl: number][] = [
    [5, 60, 60, 5_000],
    [60, 5, 60, 5_000],
    [60, 60, 5, 5_000],
  ];
  for (const [service, first, second, ttl] of table) {
    await using resolving = new Resolving({
      "SRV _http._tcp.api.test": [srv(1, 1, 80, "a.test", service), srv(1, 1, 80, "b.test", service)],
      "A a.test": [a("10.0.0.1", first)],
      "A b.test": [a("10.0.0.2", second)],
    });
    assert.equal((await resolving.resolve(SERVICE)).ttl, ttl);
  }
});

Deno.test("dnsResolve() says which targets it could not ask for", async () => {
  await using resolving = new Resolving({
    "SRV _http._tcp.api.test": [srv(1, 1, 80, "a.test"), srv(1, 1, 80, "b.test")],
    "A a.test": [a("10.0.0.1")],
    "A b.test": "SERVFAIL",
    "AAAA b.test": "SERVFAIL",
  });
  const resolved = await resolving.resolve(SERVICE);
  assert.deepEqual(places(resolved), ["10.0.0.1 80 1 1"]);
  assert.deepEqual(resolved.unanswered, ["A b.test", "AAAA b.test"]);
});

Deno.test("dnsResolve() asks for more targets than it asks at once", async () => {
  const targets = Array.from({ length: 40 }, (_, i) => `t${i}.test`);
  await using resolving = new Resolving({
    "SRV _http._tcp.api.test": targets.map((target) => srv(1, 1, 80, target)),
    ...Object.fromEntries(targets.map((target, i) => [`A ${target}`, [a(`10.0.0.${i}`)]])),
  });
  assert.equal((await resolving.resolve(SERVICE)).found.length, 40);
});

Deno.test("dnsResolve() stops when it is told to", async () => {
  await using resolving = new Resolving({ "A api.test": "silence" });
  const stop = new AbortController();
  const resolved = resolving.resolve({}, stop.signal);
  await until(() => resolving.server.asked.length === 2);
  stop.abort(new Error("closed"));
  await assert.rejects(resolved, { message: "closed" });
  assert.equal(resolving.deadlines.size, 0);
  await assert.rejects(resolving.resolve({}, stop.signal), { message: "closed" });
});

Deno.test("dnsResolve() stops while it waits over TCP", async () => {
  const tcp = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const udp = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: tcp.addr.port });
  const clock = new FakeClock(), deadlines = new TimerWheel(clock);
  const stop = new AbortController();
  const nameservers = [{ hostname: "127.0.0.1", port: tcp.addr.port }];
  const resolved = dnsResolve(deadlines)({ ...PLAN, ...BOUNDS, nameservers }, stop.signal);
  const conns: Deno.Conn[] = [];
  for (let left = 2; left > 0; left--) {
    const [question, from] = await udp.receive();
    const truncated = new Uint8Array(question);
    truncated.set([0x83, 0x80], 2);
    await udp.send(truncated, from);
    conns.push(await tcp.accept());
  }
  stop.abort(new Error("closed"));
  await assert.rejects(resolved, { message: "closed" });
  for (const closer of [...conns, tcp, udp, deadlines]) closer.close();
});

Deno.test("dnsResolve() finds names as this machine does where the plan has no nameservers", async () => {
  await using server = DnsServer.start({
    "A api.one.test": [],
    "A api.two.test": [a("10.0.0.2")],
    "A api": [a("10.0.0.3")],
    "A whole.test": [a("10.0.0.4")],
    "SRV _http._tcp.api.two.test": [srv(1, 1, 80, "local.test")],
  });
  const deadlines = new TimerWheel(new FakeClock());
  const resolve = dnsResolve(deadlines, () =>
    Promise.resolve({
      nameservers: [server.address],
      search: ["one.test", "two.test"],
      ndots: 1,
      hosts: new Map([["local.test", ["127.0.0.9", "::9"]]]),
    }));
  const table: readonly [more: Partial<DnsPlan>, found: readonly string[], ttl: number | null][] = [
    [{ hostname: "api" }, ["10.0.0.2 8080 0 1"], 60_000],
    [{ hostname: "api." }, ["10.0.0.3 8080 0 1"], 60_000],
    [{ hostname: "whole.test" }, ["10.0.0.4 8080 0 1"], 60_000],
    [{ hostname: "Local.test" }, ["127.0.0.9 8080 0 1", "::9 8080 0 1"], null],
    [{ hostname: "local.test." }, ["127.0.0.9 8080 0 1", "::9 8080 0 1"], null],
    [{ hostname: "_http._tcp.api", record: "srv" }, ["127.0.0.9 80 1 1", "::9 80 1 1"], 60_000],
  ];
  for (const [more, found, ttl] of table) {
    const plan = { ...PLAN, ...BOUNDS, nameservers: [], ...more };
    const resolved = await resolve(plan, new AbortController().signal);
    assert.deepEqual(places(resolved), found, plan.hostname);
    assert.equal(resolved.ttl, ttl, plan.hostname);
  }
  assert.equal(server.asked.includes("A api.one.test"), true);
  assert.equal(server.asked.some((question) => question.includes("local.test")), false);
  deadlines.close();
});

Deno.test("dnsResolve() does not go on to another name when a server fails", async () => {
  await using server = DnsServer.start({ "A api.one.test": "SERVFAIL", "A api": [a("10.0.0.3")] });
  const deadlines = new TimerWheel(new FakeClock());
  const system = { nameservers: [server.address], search: ["one.test"], ndots: 1, hosts: new Map() };
  const resolve = dnsResolve(deadlines, () => Promise.resolve(system));
  const plan = { ...PLAN, ...BOUNDS, nameservers: [], hostname: "api" };
  await assert.rejects(resolve(plan, new AbortController().signal), { message: "A api.one.test: SERVFAIL" });
  deadlines.close();
});

Deno.test("dnsResolve() finds localhost by this machine's own files", async () => {
  const deadlines = new TimerWheel(new FakeClock());
  const plan = { ...PLAN, ...BOUNDS, nameservers: [], hostname: "localhost" };
  const { found } = await dnsResolve(deadlines)(plan, new AbortController().signal);
  assert.ok(found.some(({ hostname }) => hostname === "127.0.0.1" || hostname === "::1"));
  deadlines.close();
});

Deno.test({
  name: "dnsResolve() names the permission that it lacks",
  permissions: { net: ["127.0.0.1"], read: true },
  async fn() {
    const deadlines = new TimerWheel(new FakeClock());
    const ask = (nameservers: DnsPlan["nameservers"]) =>
      dnsResolve(deadlines)({ ...PLAN, ...BOUNDS, nameservers }, new AbortController().signal);
    await assert.rejects(ask([{ hostname: "127.0.0.1", port: 5353 }]), {
      message: "A api.test: asking a nameserver needs --allow-net=0.0.0.0:0",
    });
    deadlines.close();
  },
});

Deno.test("DnsDiscovery follows what the nameserver says, by its TTL", async () => {
  await using resolving = new Resolving({ "A api.test": [a("10.0.0.1", 30)], "AAAA api.test": [] });
  const { server, clock, deadlines } = resolving;
  const changes: string[][] = [];
  const world = { clock, deadlines, random: () => 0, log: silentLog };
  const discovery = new DnsDiscovery(
    "api",
    resolving.plan(),
    dnsResolve(deadlines),
    world,
    (endpoints) => changes.push(endpoints.map(({ id }) => id)),
  );
  const settled = () => until(() => discovery.status.nextIn !== null, "the lookup's end");
  const next = async () => {
    clock.advance(discovery.status.nextIn! + STEP_MS);
    await settled();
  };
  discovery.start();
  await settled();
  assert.deepEqual(changes, [["api/http://10.0.0.1:8080"]]);
  assert.equal(discovery.status.nextIn, 30_000);

  server.set("A api.test", [a("10.0.0.2", 20), a("10.0.0.1", 20)]);
  await next();
  assert.deepEqual(changes.at(-1), ["api/http://10.0.0.1:8080", "api/http://10.0.0.2:8080"]);
  assert.equal(discovery.status.nextIn, 20_000);

  for (const reply of ["SERVFAIL", "NXDOMAIN", []] as const) {
    server.set("A api.test", reply);
    await next();
    assert.notEqual(discovery.status.lastError, null);
    assert.equal(discovery.endpoints.length, 2);
  }
  assert.equal(changes.length, 2);

  server.set("A api.test", [a("10.0.0.3", 20)]);
  await next();
  assert.equal(discovery.status.lastError, null);
  assert.deepEqual(changes.at(-1), ["api/http://10.0.0.3:8080"]);

  server.set("A api.test", "silence");
  const asked = server.asked.length;
  clock.advance(20_000 + STEP_MS);
  await until(() => server.asked.length === asked + 2);
  discovery.close();
  await until(() => deadlines.size === 0, "the lookup's end");
});

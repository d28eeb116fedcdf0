import { strict as assert } from "node:assert";
import { logTo, silentLog } from "../../../src/core/log.ts";
import { TimerWheel } from "../../../src/core/timer_wheel.ts";
import { DnsDiscovery } from "../../../src/upstreams/discovery/dns_discovery.ts";
import type { DnsPlan } from "../../../src/upstreams/discovery/dns_plan.ts";
import type { Found, Resolved } from "../../../src/upstreams/discovery/resolve.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { turn } from "../../support/turn.ts";

const PLAN: DnsPlan = {
  scheme: "http",
  hostname: "api.test",
  port: 8080,
  record: "address",
  family: "any",
  nameservers: [],
  minRefresh: 5_000,
  maxRefresh: 300_000,
};
/** A deadline fires up to one tick late. */
const TICK_MS = 50;

/** A discovery whose lookups are answered by hand. */
class Scripted implements Disposable {
  readonly clock = new FakeClock();
  readonly lookups: { readonly signal: AbortSignal; answer(resolved: Resolved): void; fail(why: string): void }[] = [];
  /** The URLs of each change. */
  readonly changes: string[][] = [];
  readonly logged: string[] = [];
  readonly discovery: DnsDiscovery;
  readonly #deadlines = new TimerWheel(this.clock);

  constructor({ plan = {}, random = 0 }: { plan?: Partial<DnsPlan>; random?: number } = {}) {
    this.discovery = new DnsDiscovery(
      "api",
      { ...PLAN, ...plan },
      (_plan, signal) => {
        const { promise, resolve, reject } = Promise.withResolvers<Resolved>();
        signal.addEventListener("abort", () => reject(signal.reason));
        this.lookups.push({ signal, answer: resolve, fail: (why) => reject(new Error(why)) });
        return promise;
      },
      {
        clock: this.clock,
        deadlines: this.#deadlines,
        random: () => random,
        log: logTo((level, message, fields) => this.logged.push(`${level} ${message} ${JSON.stringify(fields)}`)),
      },
      (endpoints) => this.changes.push(endpoints.map(({ url }) => url)),
    );
    this.discovery.start();
  }

  get urls(): string[] {
    return this.discovery.endpoints.map(({ url }) => url);
  }

  /** Answers the lookup that is under way. */
  async answer(
    found: readonly Found[],
    ttl: number | null = 60_000,
    unanswered: readonly string[] = [],
  ): Promise<void> {
    this.lookups.at(-1)!.answer({ found, ttl, unanswered });
    await turn();
  }

  async fail(why = "SERVFAIL"): Promise<void> {
    this.lookups.at(-1)!.fail(why);
    await turn();
  }

  /** Turns the clock to the next lookup. */
  async next(): Promise<void> {
    this.clock.advance(this.discovery.status.nextIn! + TICK_MS);
    await turn();
  }

  [Symbol.dispose](): void {
    this.discovery.close();
    this.#deadlines.close();
    assert.equal(this.clock.pending, 0);
  }
}

function at(hostname: string, more: Partial<Found> = {}): Found {
  return { hostname, port: 8080, priority: 0, weight: 1, question: "A api.test", ...more };
}

Deno.test("DnsDiscovery has no endpoints until the first lookup is in", async () => {
  using scripted = new Scripted();
  assert.deepEqual(scripted.discovery.endpoints, []);
  assert.deepEqual(scripted.discovery.status, { lastResolved: null, lastError: null, nextIn: null });
  await scripted.answer([at("10.0.0.1")]);
  assert.deepEqual(scripted.changes, [["http://10.0.0.1:8080"]]);
  assert.deepEqual(scripted.urls, ["http://10.0.0.1:8080"]);
  assert.deepEqual(scripted.discovery.status, {
    lastResolved: scripted.clock.wall(),
    lastError: null,
    nextIn: 60_000,
  });
});

Deno.test("DnsDiscovery asks again when the TTL has passed, within the plan's bounds", async () => {
  const table: readonly [ttl: number | null, next: number][] = [
    [0, 5_000],
    [1_000, 5_000],
    [5_000, 5_000],
    [30_000, 30_000],
    [300_000, 300_000],
    [86_400_000, 300_000],
    [null, 5_000],
  ];
  for (const [ttl, next] of table) {
    using scripted = new Scripted();
    await scripted.answer([at("10.0.0.1")], ttl);
    assert.equal(scripted.discovery.status.nextIn, next, `TTL ${ttl}`);
    scripted.clock.advance(next - 1);
    assert.equal(scripted.lookups.length, 1, `TTL ${ttl}: too early`);
    scripted.clock.advance(1 + TICK_MS);
    assert.equal(scripted.lookups.length, 2, `TTL ${ttl}: too late`);
  }
});

Deno.test("DnsDiscovery tells of real changes only", async () => {
  const table: readonly [what: string, found: readonly Found[], tells: boolean][] = [
    ["the same", [at("10.0.0.1"), at("10.0.0.2")], false],
    ["another order", [at("10.0.0.2"), at("10.0.0.1")], false],
    ["a duplicate", [at("10.0.0.2"), at("10.0.0.1"), at("10.0.0.2")], false],
    ["one more", [at("10.0.0.1"), at("10.0.0.2"), at("10.0.0.3")], true],
    ["one less", [at("10.0.0.1")], true],
    ["another address", [at("10.0.0.1"), at("10.0.0.3")], true],
    ["another port", [at("10.0.0.1"), at("10.0.0.2", { port: 81 })], true],
    ["another weight", [at("10.0.0.1"), at("10.0.0.2", { weight: 2 })], true],
    ["another tier", [at("10.0.0.1"), at("10.0.0.2", { priority: 1 })], true],
  ];
  for (const [what, found, tells] of table) {
    using scripted = new Scripted();
    await scripted.answer([at("10.0.0.1"), at("10.0.0.2")]);
    const before = scripted.discovery.endpoints;
    await scripted.next();
    await scripted.answer(found);
    assert.equal(scripted.changes.length, tells ? 2 : 1, what);
    assert.equal(scripted.discovery.endpoints !== before, tells, what);
  }
});

Deno.test("DnsDiscovery keeps the last good set while lookups fail, and asks again with backoff", async () => {
  using scripted = new Scripted();
  await scripted.answer([at("10.0.0.1")]);
  const resolvedAt = scripted.clock.wall();
  await scripted.next();
  for (const wait of [5_000, 10_000, 20_000, 30_000, 30_000]) {
    await scripted.fail("A api.test: SERVFAIL");
    assert.deepEqual(scripted.urls, ["http://10.0.0.1:8080"]);
    assert.deepEqual(scripted.discovery.status, {
      lastResolved: resolvedAt,
      lastError: "A api.test: SERVFAIL",
      nextIn: wait,
    });
    await scripted.next();
  }
  await scripted.answer([at("10.0.0.2")]);
  assert.deepEqual(scripted.urls, ["http://10.0.0.2:8080"]);
  assert.deepEqual(scripted.discovery.status, {
    lastResolved: scripted.clock.wall(),
    lastError: null,
    nextIn: 60_000,
  });
  await scripted.next();
  await scripted.fail();
  assert.equal(scripted.discovery.status.nextIn, 5_000, "the backoff begins anew");
  assert.equal(scripted.changes.length, 2);
});

Deno.test("DnsDiscovery's backoff stays within the plan's bounds", async () => {
  const table: readonly [plan: Partial<DnsPlan>, random: number, waits: readonly number[]][] = [
    [{ minRefresh: 60_000 }, 0, [60_000, 60_000, 60_000]],
    [{ maxRefresh: 8_000 }, 0, [5_000, 8_000, 8_000]],
    [{ minRefresh: 1_000 }, 0.999999999, [1_000, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500]],
  ];
  for (const [plan, random, waits] of table) {
    using scripted = new Scripted({ plan, random });
    for (const wait of waits) {
      await scripted.fail();
      assert.equal(Math.round(scripted.discovery.status.nextIn!), wait, JSON.stringify({ plan, random, waits }));
      await scripted.next();
    }
  }
});

Deno.test("DnsDiscovery logs the first failure and the recovery, not what lies between", async () => {
  using scripted = new Scripted();
  for (const why of ["SERVFAIL", "NXDOMAIN", "SERVFAIL"]) {
    await scripted.fail(why);
    await scripted.next();
  }
  const failed = `warn a DNS lookup failed; the endpoints stay as they are ` +
    `{"upstream":"api","name":"api.test","endpoints":0,"reason":"SERVFAIL"}`;
  assert.deepEqual(scripted.logged, [failed]);
  await scripted.answer([at("10.0.0.1")]);
  await scripted.next();
  await scripted.answer([at("10.0.0.1")]);
  assert.deepEqual(scripted.logged, [
    failed,
    `info DNS lookups succeed again {"upstream":"api","name":"api.test","endpoints":1}`,
  ]);
});

Deno.test("DnsDiscovery gives a lookup 5 s and never has two at once", async () => {
  using scripted = new Scripted();
  scripted.discovery.start();
  scripted.clock.advance(4_999);
  assert.equal(scripted.lookups.length, 1);
  assert.equal(scripted.lookups[0].signal.aborted, false);
  scripted.clock.advance(1 + TICK_MS);
  await turn();
  assert.equal(scripted.lookups[0].signal.aborted, true);
  assert.equal(scripted.discovery.status.lastError, "no answer within 5 s");
  await scripted.next();
  assert.equal(scripted.lookups.length, 2);
  await scripted.answer([at("10.0.0.1")], 0);
  assert.equal(scripted.discovery.status.lastError, null);
});

Deno.test("DnsDiscovery keeps what a question without an answer found earlier, and asks again soon", async () => {
  const v6 = "AAAA api.test";
  using scripted = new Scripted();
  await scripted.answer([at("10.0.0.1"), at("fd00::1", { question: v6 })]);
  await scripted.next();
  await scripted.answer([at("10.0.0.2")], 60_000, [v6]);
  assert.deepEqual(scripted.urls, ["http://10.0.0.2:8080", "http://[fd00::1]:8080"]);
  assert.equal(scripted.discovery.status.nextIn, 5_000);
  await scripted.next();
  await scripted.answer([at("10.0.0.2")], 60_000, [v6]);
  assert.deepEqual(scripted.urls, ["http://10.0.0.2:8080", "http://[fd00::1]:8080"], "and after a second time");
  await scripted.next();
  await scripted.answer([at("10.0.0.2")]);
  assert.deepEqual(scripted.urls, ["http://10.0.0.2:8080"]);
});

Deno.test("DnsDiscovery goes by the TTL where the question without an answer never had one", async () => {
  using scripted = new Scripted();
  await scripted.answer([at("10.0.0.1")], 60_000, ["AAAA api.test"]);
  assert.deepEqual(scripted.urls, ["http://10.0.0.1:8080"]);
  assert.equal(scripted.discovery.status.nextIn, 60_000);
});

Deno.test("DnsDiscovery.close() cancels the lookup under way and changes nothing afterwards", async () => {
  using scripted = new Scripted();
  const [lookup] = scripted.lookups;
  scripted.discovery.close();
  assert.equal(lookup.signal.aborted, true);
  await turn();
  assert.deepEqual(scripted.logged, []);
  assert.deepEqual(scripted.discovery.status, { lastResolved: null, lastError: null, nextIn: null });
  scripted.clock.advance(600_000);
  scripted.discovery.start();
  assert.equal(scripted.lookups.length, 1);
});

Deno.test("DnsDiscovery does not start once it is closed", () => {
  const clock = new FakeClock(), deadlines = new TimerWheel(clock);
  const world = { clock, deadlines, random: () => 0, log: silentLog };
  let asked = 0;
  const resolve = () => {
    asked++;
    return new Promise<Resolved>(() => {});
  };
  const discovery = new DnsDiscovery("api", PLAN, resolve, world, () => {});
  discovery.close();
  discovery.start();
  assert.equal(asked, 0);
});

Deno.test("DnsDiscovery.close() drops an answer that comes all the same", async () => {
  const clock = new FakeClock(), deadlines = new TimerWheel(clock);
  const { promise, resolve } = Promise.withResolvers<Resolved>();
  const world = { clock, deadlines, random: () => 0, log: silentLog };
  const changes: unknown[] = [];
  const discovery = new DnsDiscovery("api", PLAN, () => promise, world, (endpoints) => changes.push(endpoints));
  discovery.start();
  discovery.close();
  resolve({ found: [at("10.0.0.1")], ttl: 0, unanswered: [] });
  await turn();
  assert.deepEqual(changes, []);
  assert.equal(deadlines.size, 0);
  deadlines.close();
});

Deno.test("DnsDiscovery.close() between two lookups leaves nothing set", async () => {
  using scripted = new Scripted();
  await scripted.answer([at("10.0.0.1")]);
  scripted.discovery.close();
  assert.equal(scripted.discovery.status.nextIn, null);
  scripted.clock.advance(600_000);
  assert.equal(scripted.lookups.length, 1);
  assert.deepEqual(scripted.urls, ["http://10.0.0.1:8080"]);
});

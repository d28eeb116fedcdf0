import { strict as assert } from "node:assert";
import { TICK_MS } from "../../src/core/timer_wheel.ts";
import { Http1Client } from "../../src/transport/http1_client.ts";
import type { Address } from "../../src/transport/socket.ts";
import type { Transport } from "../../src/transport/transport.ts";
import { endpointBuilder } from "../../src/upstreams/build_endpoint.ts";
import { defaultUpstream } from "../../src/upstreams/default_upstream.ts";
import { DnsEndpoints } from "../../src/upstreams/discovery/dns_endpoints.ts";
import type { DnsPlan } from "../../src/upstreams/discovery/dns_plan.ts";
import { Eligibility } from "../../src/upstreams/eligibility.ts";
import { EndpointSet } from "../../src/upstreams/endpoint_set.ts";
import { OutlierDetection } from "../../src/upstreams/health/outlier_detection.ts";
import type { LiveEndpoint } from "../../src/upstreams/live_endpoint.ts";
import { SharedParts } from "../../src/upstreams/shared_parts.ts";
import { UpstreamLoad } from "../../src/upstreams/upstream_load.ts";
import type { EndpointPlan, UpstreamPlan } from "../../src/upstreams/upstream_plan.ts";
import { makeEnv } from "../support/exchange.ts";
import { turn } from "../support/turn.ts";
import { endpointPlan, OUTLIERS } from "./endpoint_bed.ts";

const SLOW_START = 1_000;
const [A, B, C] = ["a", "b", "c"].map((name) => endpointPlan(name, { weight: 10 }));
const DNS: DnsPlan = {
  scheme: "http",
  hostname: "api.test",
  port: 8080,
  record: "address",
  family: "any",
  nameservers: [],
  minRefresh: 1_000,
  maxRefresh: 1_000,
};

/** What an upstream makes sets of, one after the other as reloads do, with transports that tell when they are closed. */
class Bed {
  readonly env = makeEnv();
  readonly parts = new SharedParts();
  readonly load = new UpstreamLoad();
  /** Hosts whose transport was closed. */
  readonly closed: string[] = [];
  readonly outliers = new OutlierDetection(OUTLIERS, this.env, () => this.load.touch());
  readonly #client: Http1Client;
  /** Host to which no transport can be opened. */
  broken = "";

  constructor() {
    const made = (address: Address) => this.#transport(address);
    this.#client = new class extends Http1Client {
      override transport(address: Address): Transport {
        return made(address);
      }
    }(() => Promise.reject(new Error("nothing is connected to here")), this.env.deadlines);
  }

  set(plans: readonly EndpointPlan[], options: SetOptions = {}): EndpointSet {
    const { fades = false, dns = null, outliers = false, ...settings } = options;
    const upstream = { ...defaultUpstream("o", A), slowStart: SLOW_START, ...settings };
    const tls = { serverName: null, ca: null, cert: null, key: null, insecureSkipVerify: false };
    const build = endpointBuilder({
      upstream,
      tls,
      client: this.#client,
      env: this.env,
      parts: this.parts,
      load: this.load,
    });
    const { parts, load, env: world } = this;
    return new EndpointSet(plans, {
      build,
      parts,
      load,
      outliers: outliers ? this.outliers : null,
      dns,
      fades,
      world,
    });
  }

  advance(ms: number): void {
    this.env.clock.advance(ms);
  }

  #transport({ hostname }: Address): Transport {
    if (hostname === this.broken) throw new Error(`${hostname} is broken`);
    return { send() {}, close: () => void this.closed.push(hostname) };
  }
}

interface SetOptions extends Partial<UpstreamPlanSettings> {
  readonly fades?: boolean;
  readonly dns?: DnsEndpoints | null;
  readonly outliers?: boolean;
}
type UpstreamPlanSettings = Pick<UpstreamPlan, "slowStart" | "pool" | "circuitBreakers">;

function weights(set: EndpointSet): string {
  return set.current().map(({ id, weight }) => `${id.slice(2)} ${Math.round(weight * 100) / 100}`).join(", ");
}

function byName(set: EndpointSet, name: string): LiveEndpoint {
  return set.current().find(({ id }) => id === `o/${name}`)!;
}

Deno.test("endpoints that are there from the start have their full share, and nothing waits", () => {
  const bed = new Bed(), set = bed.set([A, B]);
  assert.equal(weights(set), "a 10, b 10");
  assert.equal(bed.env.deadlines.size, 0);
  assert.equal(bed.load.version, 1);
  set.close();
});

Deno.test("one that a reload adds begins with a tenth and grows to its whole share; each step is told", () => {
  const bed = new Bed(), first = bed.set([A]), second = bed.set([A, B]);
  first.close();
  assert.equal(weights(second), "a 10, b 1");
  const steps: string[] = [], versions = new Set<number>();
  for (let passed = 0; passed < SLOW_START + 2 * TICK_MS; passed += TICK_MS) {
    bed.advance(TICK_MS);
    const now = weights(second);
    if (now !== steps.at(-1)) steps.push(now);
    versions.add(bed.load.version);
  }
  assert.equal(steps[0], "a 10, b 1");
  assert.equal(steps.at(-1), "a 10, b 10");
  // Every tenth of a second, up to a tick late.
  assert.ok(steps.length >= 6 && steps.length <= 10, `${steps}`);
  assert.deepEqual(steps, steps.toSorted((x, y) => parseFloat(x.split("b ")[1]) - parseFloat(y.split("b ")[1])));
  assert.ok(versions.size >= steps.length, "whoever remembers weights is told of each");
  assert.equal(bed.env.deadlines.size, 0, "nothing is looked at when all is whole");
  second.close();
});

Deno.test("an endpoint that comes back begins slowly too", () => {
  const bed = new Bed(), set = bed.set([A, B]);
  byName(set, "b").slowStart.begin(bed.env.clock.now());
  bed.load.touch();
  assert.equal(weights(set), "a 10, b 1");
  assert.equal(bed.env.deadlines.size, 1);
  bed.advance(2 * SLOW_START);
  assert.equal(weights(set), "a 10, b 10");
  assert.equal(bed.env.deadlines.size, 0);
  set.close();
});

Deno.test("a set whose endpoint became whole under the eyes of another set has its full share too", () => {
  const bed = new Bed(), before = bed.set([A]), [first, second] = [bed.set([A, B]), bed.set([A, B])];
  before.close();
  assert.equal(weights(first), "a 10, b 1");
  bed.advance(SLOW_START + 3 * TICK_MS);
  assert.equal(weights(first), "a 10, b 10");
  assert.equal(weights(second), "a 10, b 10");
  first.close();
  second.close();
  assert.equal(bed.env.deadlines.size, 0);
});

Deno.test("close() leaves no deadline, whatever the set was waiting for", () => {
  const bed = new Bed();
  bed.set([A]).close();
  const set = bed.set([A, B], { fades: true });
  set.current();
  assert.equal(bed.env.deadlines.size, 2);
  set.close();
  assert.equal(bed.env.deadlines.size, 0);
  // Those that still have the plan may ask for its endpoints, be it for the first time since one began slowly.
  const [a] = set.current();
  assert.equal(set.current().length, 2);
  const unasked = bed.set([A, B, C]);
  unasked.close();
  a.slowStart.begin(bed.env.clock.now());
  assert.equal(unasked.current().length, 3);
  assert.equal(bed.env.deadlines.size, 0);
});

Deno.test("what two sets have in common survives the older, the rest is closed with it", () => {
  const bed = new Bed(), old = bed.set([A, B]), [a, b] = old.current();
  const young = bed.set([A, C]), [a2, c] = young.current();
  assert.notEqual(a2, a);
  for (const part of ["load", "transport", "slowStart"] as const) assert.equal(a2[part], a[part], part);
  assert.deepEqual(bed.closed, [], "the old set still serves");
  old.close();
  assert.deepEqual(bed.closed, ["b"]);
  assert.notEqual(c.load, b.load);
  young.close();
  assert.deepEqual(bed.closed.toSorted(), ["a", "b", "c"]);
});

Deno.test("an endpoint whose settings changed keeps what does not depend on them", () => {
  const bed = new Bed(), old = bed.set([A]), [a] = old.current();
  const young = bed.set([A], { pool: { max: 1, idle: 1 } }), [a2] = young.current();
  old.close();
  assert.equal(a2.load, a.load);
  assert.notEqual(a2.transport, a.transport);
  assert.deepEqual(bed.closed, ["a"]);
  assert.equal(weights(young), "a 10", "it is not new");
  young.close();
});

Deno.test("a set that cannot be made holds on to nothing, and leaves the one that serves as it is", () => {
  const bed = new Bed(), old = bed.set([A]);
  bed.broken = "c";
  assert.throws(() => bed.set([A, B, C], { fades: true }), /c is broken/);
  assert.deepEqual(bed.closed, ["b"]);
  assert.equal(bed.env.deadlines.size, 0);
  bed.broken = "";
  bed.advance(2 * SLOW_START);
  const young = bed.set([A, B, C]);
  assert.equal(weights(young), "a 10, b 1, c 1", "they were never there");
  old.close();
  young.close();
  assert.deepEqual(bed.closed.toSorted(), ["a", "b", "b", "c"]);
});

Deno.test("each endpoint has its record, and keeps it in the next set, ejected as it is", () => {
  const bed = new Bed(), old = bed.set([A, B], { outliers: true }), [a] = old.current();
  a.outlier!.heard(503);
  assert.ok(a.ejected);
  const young = bed.set([A, B], { outliers: true });
  assert.ok(byName(young, "a").ejected);
  assert.equal(byName(young, "a").outlier, a.outlier);
  assert.ok(!byName(young, "b").ejected);
  const without = bed.set([A, B]);
  assert.equal(byName(without, "a").outlier, null);
  for (const set of [old, young, without]) set.close();
  bed.outliers.close();
  assert.equal(bed.env.deadlines.size, 0);
});

Deno.test("a set whose plan comes to nothing changes nothing about ejections", () => {
  const bed = new Bed(), old = bed.set([A, B], { outliers: true }), [a, b] = old.current();
  a.outlier!.heard(503);
  const nothing = bed.set([B, C], { outliers: true });
  nothing.close();
  nothing.current();
  assert.ok(a.ejected && bed.outliers.isEjected(a));
  bed.advance(OUTLIERS.ejectFor + TICK_MS);
  assert.ok(!a.ejected, "it came back");
  b.outlier!.heard(503);
  assert.ok(b.ejected, "and is heard again");
  // Once it serves, it says who is there; what the old one still asks for makes no difference.
  const young = bed.set([B, C], { outliers: true });
  assert.deepEqual(young.current().map((endpoint) => endpoint.ejected), [true, false]);
  assert.equal(byName(young, "b").outlier, old.current()[1].outlier);
  assert.deepEqual(bed.outliers.report().map(({ id }) => id), ["o/b", "o/c"]);
  old.close();
  young.close();
  bed.outliers.close();
});

Deno.test("averages fade each second, where the balancer goes by them, for endpoints that are left alone", () => {
  const bed = new Bed(), set = bed.set([A, B], { fades: true });
  const [a, b] = set.current(), { clock } = bed.env;
  clock.advance(10);
  for (const { load } of [a, b]) load.heard(1_000, 200, clock.now());
  for (let second = 0; second < 5; second++) {
    clock.advance(1_000 + TICK_MS);
    b.load.heard(1_000, 200, clock.now());
  }
  assert.ok(a.latency < 700, `${a.latency}`);
  assert.ok(b.latency > 999, `${b.latency}`);
  set.close();
  assert.equal(bed.env.deadlines.size, 0);
});

/** A set whose endpoints DNS finds, at the event loop's next turn; `find` has it look again. */
function discover(bed: Bed, options: SetOptions = {}) {
  const found = { hosts: ["10.0.0.1", "10.0.0.2"] };
  const dns = new DnsEndpoints("o", DNS, () => {
    const places = found.hosts.map((hostname) => ({
      hostname,
      port: 8080,
      priority: 0,
      weight: 1,
      question: "A api.test",
    }));
    return Promise.resolve({ found: places, ttl: null, unanswered: [] });
  }, bed.env);
  let followers = 0;
  const follow = dns.follow.bind(dns);
  dns.follow = (use) => {
    const unfollow = follow(use);
    followers++;
    return () => {
      followers--;
      unfollow();
    };
  };
  const set = bed.set([], { dns, ...options });
  const find = async (...hosts: string[]) => {
    found.hosts = hosts;
    bed.advance(DNS.maxRefresh + TICK_MS);
    await turn();
  };
  assert.deepEqual(set.current(), []);
  return { dns, set, find, followers: () => followers };
}

function hosts(set: EndpointSet): string[] {
  return set.current().map(({ plan, weight }) =>
    `${plan.address.kind === "tcp" && plan.address.hostname} ${Math.round(weight * 10) / 10}`
  );
}

Deno.test("the endpoints that DNS finds first are there from the start; later ones begin slowly", async () => {
  const bed = new Bed(), { dns, set, find } = discover(bed);
  await turn();
  assert.deepEqual(hosts(set), ["10.0.0.1 1", "10.0.0.2 1"]);
  const [, kept] = set.current(), before = set.current();
  await find("10.0.0.2", "10.0.0.3");
  assert.deepEqual(hosts(set), ["10.0.0.2 1", "10.0.0.3 0.1"]);
  assert.equal(set.current()[0].load, kept.load);
  assert.equal(before.length, 2, "the array is replaced, not changed");
  assert.deepEqual(bed.closed, ["10.0.0.1"]);
  set.close();
  dns.close();
  assert.equal(bed.env.deadlines.size, 0);
});

Deno.test("an endpoint that goes and comes back is new", async () => {
  const bed = new Bed(), { dns, set, find } = discover(bed);
  await turn();
  const [first] = set.current();
  await find("10.0.0.2");
  await find("10.0.0.1", "10.0.0.2");
  assert.deepEqual(hosts(set), ["10.0.0.1 0.1", "10.0.0.2 1"]);
  assert.notEqual(set.current()[0].load, first.load);
  set.close();
  dns.close();
});

Deno.test("a set that is made later begins with what DNS has found, as is", async () => {
  const bed = new Bed(), { dns, set } = discover(bed);
  await turn();
  const second = bed.set([], { dns });
  assert.deepEqual(hosts(second), ["10.0.0.1 1", "10.0.0.2 1"]);
  assert.equal(second.current()[0].load, set.current()[0].load);
  set.close();
  second.close();
  dns.close();
});

Deno.test("an endpoint that DNS finds while another still begins slowly has its tenth at once", async () => {
  const bed = new Bed(), { dns, set, find } = discover(bed, { slowStart: 100_000 });
  await turn();
  await find("10.0.0.1", "10.0.0.3");
  assert.deepEqual(hosts(set), ["10.0.0.1 1", "10.0.0.3 0.1"]);
  await find("10.0.0.1", "10.0.0.3", "10.0.0.4");
  assert.deepEqual(hosts(set), ["10.0.0.1 1", "10.0.0.3 0.1", "10.0.0.4 0.1"]);
  set.close();
  dns.close();
  assert.equal(bed.env.deadlines.size, 0);
});

Deno.test("an endpoint that DNS finds later has its record too", async () => {
  const bed = new Bed(), { dns, set, find } = discover(bed, { outliers: true });
  await turn();
  const [, kept] = set.current();
  await find("10.0.0.2", "10.0.0.3");
  const [same, found] = set.current();
  assert.equal(same.outlier, kept.outlier);
  assert.ok(found.outlier !== null && bed.outliers.report().length === 2);
  set.close();
  dns.close();
});

Deno.test("a closed set hears nothing of DNS any more", async () => {
  const bed = new Bed(), { dns, set, find, followers } = discover(bed);
  await turn();
  assert.equal(followers(), 1);
  set.close();
  assert.equal(followers(), 0, "discovery outlives it, and must not hold it");
  const { version } = bed.load;
  await find("10.0.0.9");
  assert.deepEqual([hosts(set).length, bed.load.version], [2, version]);
  assert.deepEqual(bed.closed.toSorted(), ["10.0.0.1", "10.0.0.2"]);
  dns.close();
});

Deno.test("whoever waits for the first endpoints is let in when DNS has found them", async () => {
  const bed = new Bed(), { dns, set } = discover(bed), eligibility = new Eligibility(set.current, bed.load, null);
  const seen: number[] = [];
  const waiter = {
    proceed() {
      seen.push(eligibility.now.length);
      return eligibility.now.length > 0 && bed.load.leave(waiter);
    },
  };
  bed.load.wait(waiter);
  assert.equal(eligibility.reason, "unknown");
  await turn();
  assert.deepEqual([seen, bed.load.waiting], [[2], 0]);
  set.close();
  dns.close();
});

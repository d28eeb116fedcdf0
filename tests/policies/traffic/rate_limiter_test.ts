import { strict as assert } from "node:assert";
import { BodyError } from "../../../src/core/body.ts";
import type { Abandonable } from "../../../src/core/exchange.ts";
import type { LimiterInit } from "../../../src/core/store.ts";
import { costInHeader } from "../../../src/policies/traffic/rate_limit/request_cost.ts";
import { makeEnv, makeExchange, ScriptedBody } from "../../support/exchange.ts";
import { memoryStore } from "../../support/open_store.ts";
import { SeenTraces } from "../../support/recorded_trace.ts";
import { turn } from "../../support/turn.ts";
import { type AnyLimits, AwayStore, LimitBed } from "./rate_limit_bed.ts";

const BY_USER = { limit: 10, per: "1h", algorithm: "fixed-window", key: "header:x-user" } as const;
const FORM = ["content-type", "application/x-www-form-urlencoded"] as const;
const MODES = ["local", "allow", "deny"] as const;

const user = (name: string) => ({ headers: [["x-user", name]] as const });

/** A policy over a store that can go away. */
function bedOver(options: AnyLimits): { readonly bed: LimitBed; readonly store: AwayStore } {
  const env = makeEnv(), store = new AwayStore(memoryStore(env.clock));
  return { bed: new LimitBed(options, { ...env, store: () => store }), store };
}

/** A target that answers when it is told to. */
function hold(bed: LimitBed): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  bed.held = promise;
  return resolve;
}

Deno.test("rateLimit() has a client wait for the slowest of the limits that refuse it", () => {
  const short = { limit: 1, per: "1s" } as const, long = { limit: 1, per: "1h" } as const;
  for (const limits of [[short, long], [long, short]]) {
    const bed = new LimitBed({ limits });
    bed.ask();
    assert.equal(bed.ask().reply.header("retry-after"), "3600");
  }
});

Deno.test("rateLimit() holds a request for its line, wherever among the limits that stands", async () => {
  const line = { limit: 1, per: "1s", algorithm: "leaky-bucket", maxDelay: "5s" } as const;
  const bucket = { limit: 100, per: "1s" } as const;
  for (const limits of [[line, bucket], [bucket, line]]) {
    const bed = new LimitBed({ limits });
    bed.ask();
    const asked = bed.askLater();
    assert.deepEqual([bed.reached, bed.env.clock.untilNext], [1, 1000]);
    await bed.env.clock.pass(1000);
    assert.equal((await asked).exchange.limit, "delayed");
  }
});

Deno.test("rateLimit() lets nobody out of its line before his time", async () => {
  const bed = new LimitBed({ limit: 3, per: "1s", algorithm: "leaky-bucket", maxDelay: "5s" });
  bed.ask();
  const asked = bed.askLater();
  assert.equal(bed.env.clock.untilNext, 334, "a third of a second, in whole milliseconds");
  await bed.env.clock.pass(334);
  assert.equal((await asked).reply.status, 200);
});

Deno.test("rateLimit() leaves nothing behind of a wait that is over: who leaves then leaves his answer", async () => {
  const bed = new LimitBed({ limit: 1, per: "1s", algorithm: "leaky-bucket", maxDelay: "5s" });
  bed.ask();
  const answer = hold(bed), exchange = makeExchange(), waiting = new Set<Abandonable>();
  const on = exchange.onAbort.bind(exchange), off = exchange.offAbort.bind(exchange);
  exchange.onAbort = (work) => (waiting.add(work), on(work));
  exchange.offAbort = (work) => (waiting.delete(work), off(work));
  const reply = bed.handler(exchange);
  assert.equal(waiting.size, 1);
  await bed.env.clock.pass(1000);
  assert.deepEqual([bed.reached, waiting.size], [2, 0]);
  exchange.abort();
  answer();
  assert.equal((await reply).status, 200);
});

Deno.test("rateLimit() counts here what a store elsewhere has counted, and nothing beside a store that is always there", () => {
  for (const { remote, opened } of [{ remote: true, opened: 1 }, { remote: false, opened: 0 }]) {
    const env = makeEnv(), here = memoryStore(env.clock);
    let asked = 0;
    const localStore = () => (asked++, here), limiter = here.limiter.bind(here);
    new LimitBed({ limit: 1, per: "1m" }, { ...env, localStore, store: () => ({ remote, limiter, close() {} }) });
    assert.equal(asked, opened, `remote: ${remote}`);
  }
});

Deno.test("rateLimit() counts each of those that wait for the store together by a key of its own", async () => {
  const { bed, store } = bedOver({ ...BY_USER, limit: 1 });
  const statuses = async () =>
    (await Promise.all(["ann", "bob"].map((name) => bed.askLater(user(name))))).map(({ reply }) => reply.status);
  assert.deepEqual(await statuses(), [200, 200], "in this process, as the store is away");
  assert.deepEqual(await statuses(), [429, 429]);
  const back = bedOver({ ...BY_USER, limit: 1 });
  back.store.away = store.away = false;
  await Promise.all(["ann", "bob"].map((name) => back.bed.askLater(user(name))));
  back.store.away = true;
  for (const name of ["ann", "bob"]) {
    assert.equal((await back.bed.askLater(user(name))).reply.status, 429, "what the store let pass was counted here");
  }
});

Deno.test("rateLimit() charges afterwards whom it asked for, whoever has come by meanwhile", async () => {
  const bed = new LimitBed({ ...BY_USER, costHeader: "x-cost" });
  const answer = hold(bed), ann = bed.askLater(user("ann"));
  bed.held = null;
  bed.ask(user("bob"));
  bed.fields = ["x-cost", "6"];
  answer();
  await ann;
  bed.fields = [];
  const left = ["ann", "bob"].map((name) => bed.ask(user(name)).reply.header("ratelimit"));
  assert.deepEqual(left, ['"10-per-1h";r=3;t=3600', '"10-per-1h";r=8;t=3600']);
});

Deno.test("rateLimit() tells each request of its own limit, whatever the next one has", async () => {
  const tiers = { by: "header:x-user", is: { free: 1, pro: 5 } } as const;
  const bed = new LimitBed({
    limits: [{ limit: tiers, per: "1m" }, { limit: 9, per: "1h" }, { limit: tiers, per: "1s" }],
  });
  const answer = hold(bed), pro = bed.askLater(user("pro"));
  bed.held = null;
  const policies = (q: number) => `"per-1m";q=${q};w=60, "9-per-1h";q=9;w=3600, "per-1s";q=${q};w=1`;
  assert.equal(
    bed.ask({ ...user("free"), client: { ip: "10.0.0.1", peer: "10.0.0.1", trusted: false } })
      .reply.header("ratelimit-policy"),
    policies(1),
  );
  answer();
  assert.equal((await pro).reply.header("ratelimit-policy"), policies(5));
});

Deno.test("rateLimit() gives up a request whose client left while its form was read, and hides no other failure", async () => {
  const cases: [leaves: boolean, failure: Error | undefined][] = [
    [true, undefined],
    [true, new Error("the socket broke")],
    [false, new BodyError("client", "cut short")],
  ];
  for (const [leaves, failure] of cases) {
    const bed = new LimitBed({ limit: 1, per: "1m", key: "form:user" });
    const body = new ScriptedBody(["a=1&"], { failure }), exchange = makeExchange({ body, headers: [FORM] });
    const reply = bed.handler(exchange);
    if (leaves) exchange.abort();
    assert.deepEqual([(await reply).status, bed.reached], [499, 0], String(failure));
    assert.equal(bed.ask().reply.status, 200, "and has not counted it");
  }
  const bed = new LimitBed({ limit: 1, per: "1m", key: "form:user" });
  const body = new ScriptedBody([], { failure: new Error("a bug") });
  await assert.rejects(bed.askLater({ body, headers: [FORM] }), /a bug/);
});

Deno.test("rateLimit() gives up a request whose client left while the store failed", async () => {
  for (const onStoreError of MODES) {
    const { bed } = bedOver({ limit: 1, per: "1m", onStoreError });
    const exchange = makeExchange(), reply = bed.handler(exchange);
    exchange.abort();
    assert.deepEqual(
      [(await reply).status, bed.reached, exchange.error],
      [499, 0, "client_closed_request"],
      onStoreError,
    );
  }
});

Deno.test("rateLimit() in dry run lets pass what it would deny while the store is away", async () => {
  const { bed } = bedOver({ limit: 1, per: "1m", onStoreError: "deny", dryRun: true });
  const { exchange, reply } = await bed.askLater();
  assert.deepEqual([reply.status, exchange.limit, exchange.error, bed.reached], [200, "store-away", "", 1]);
});

Deno.test("rateLimit() takes no bug of a store for its absence", async () => {
  for (const onStoreError of MODES) {
    const { bed, store } = bedOver({ limit: 1, per: "1m", onStoreError });
    store.failure = new TypeError("a bug");
    await assert.rejects(bed.askLater(), /a bug/, onStoreError);
    assert.equal(bed.reached, 0);
  }
});

Deno.test("rateLimit() charges afterwards where it had decided: here, while the store was away", async () => {
  const { bed, store } = bedOver({ ...BY_USER, costHeader: "x-cost" });
  const left = async () => (await bed.askLater()).reply.header("ratelimit");
  bed.fields = ["x-cost", "5"];
  assert.equal(await left(), '"10-per-1h";r=9;t=3600');
  bed.fields = [];
  assert.equal(await left(), '"10-per-1h";r=4;t=3600', "once, and not twice");
  assert.equal(store.charges, 0);
  store.away = false;
  bed.fields = ["x-cost", "5"];
  await left();
  assert.equal(store.charges, 1);
  bed.fields = [];
  assert.equal(await left(), '"10-per-1h";r=4;t=3600', "the store knows of nothing else");
});

Deno.test("rateLimit() answers where what it charges afterwards fails, and logs what is no absence", async () => {
  const cases: [failure: Error, logged: string[]][] = [
    [new TypeError("a bug"), ["error"]],
    [new AwayStore(memoryStore(makeEnv().clock)).failure, []],
  ];
  for (const [failure, logged] of cases) {
    const { bed, store } = bedOver({ ...BY_USER, costHeader: "x-cost" });
    store.failure = failure;
    store.away = false;
    bed.fields = ["x-cost", "5"];
    const answer = hold(bed), asked = bed.askLater();
    await turn();
    store.away = true;
    answer();
    assert.equal((await asked).reply.status, 200);
    // A rejection that nobody takes would end the run here.
    await turn();
    assert.deepEqual([store.charges, bed.env.logged.map(({ level }) => level)], [1, logged]);
  }
});

Deno.test("rateLimit() tells the store what its counts mean, which is another thing with another time", () => {
  const inits: LimiterInit[] = [];
  for (const per of ["1s", "1m"] as const) {
    const env = makeEnv(), store = memoryStore(env.clock);
    const limiter = (init: LimiterInit) => (inits.push(init), store.limiter(init));
    new LimitBed({ limits: [{ limit: 1, per }, { limit: 1, per: "1h", algorithm: "fixed-window" }] }, {
      ...env,
      store: () => ({ remote: false, limiter, close() {} }),
    });
  }
  const [first, second] = inits.map(({ kinds }) => kinds!);
  assert.notEqual(first[0], second[0]);
  assert.equal(first[1], second[1]);
  assert.equal(new Set([...first, ...second]).size, 3);
});

Deno.test("rateLimit() believes a response only what can be a cost", () => {
  const cases: [value: string | null, cost: number | null][] = [
    ["0", 0],
    ["10", 10],
    ["10.0", 10],
    ["10.2", 11],
    ["0.001", 1],
    ["1000000000", 1_000_000_000],
    ["1000000000.1", null],
    ["1000000001", null],
    ["99999999999", null],
    ...["", " 5", "5 ", "-1", "+1", "1e9", "0x10", "1.", ".5", "1,5", "1, 2", "Infinity", "NaN", "many", "٣"].map((
      value,
    ): [string, null] => [value, null]),
    [null, null],
  ];
  for (const [value, cost] of cases) assert.equal(costInHeader(value), cost, String(value));
});

Deno.test("rateLimit() has the wait for a store elsewhere seen in the trace, also where that store is away", async () => {
  const { bed, store } = bedOver({ ...BY_USER, onStoreError: "allow" }), tracing = new SeenTraces(bed.env.clock);
  for (const away of [false, true]) {
    store.away = away;
    const exchange = makeExchange(user("a"));
    exchange.trace = tracing.trace();
    await bed.handler(exchange);
  }
  assert.deepEqual(tracing.named("redis take").map(({ error }) => error), ["", "StoreError"]);
});

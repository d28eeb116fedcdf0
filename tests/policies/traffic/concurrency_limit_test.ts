import { strict as assert } from "node:assert";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import {
  concurrencyLimit,
  concurrencyLimitDefinition,
  type ConcurrencyLimitOptions,
} from "../../../src/policies/traffic/concurrency_limit.ts";
import { concurrencyLimitSchema } from "../../../src/policies/traffic/concurrency_limit_schema.ts";
import { type ExchangeOptions, makeEnv, makeExchange, readText, type TestEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";

/** The policy before a target that answers at once; a request is over when a test says so. */
class Bed {
  readonly env: TestEnv = makeEnv();
  readonly handler: Handler;
  /** Requests that came to the target, in order. */
  readonly arrived: Exchange[] = [];

  constructor(options: ConcurrencyLimitOptions, env?: TestEnv) {
    if (env !== undefined) this.env = env;
    this.handler = concurrencyLimitDefinition.build(concurrencyLimitSchema.parse(options), this.env, "a/limit")(
      (exchange) => {
        this.arrived.push(exchange);
        return new Reply(200, HeaderList.of(), null);
      },
    );
  }

  /** Sends one, and lets happen what can. */
  async ask(options: ExchangeOptions = {}): Promise<Asked> {
    const asked = new Asked(this.handler, options);
    await turn();
    return asked;
  }
}

class Asked {
  reply: Reply | null = null;
  readonly exchange: Exchange;

  constructor(handler: Handler, options: ExchangeOptions) {
    this.exchange = makeExchange(options);
    const result = handler(this.exchange);
    if (result instanceof Promise) result.then((reply) => this.reply = reply);
    else this.reply = result;
  }

  get status(): number | undefined {
    return this.reply?.status;
  }
}

Deno.test("concurrencyLimit() refuses what is beyond max until one is over", async () => {
  const bed = new Bed({ max: 2 });
  const [first, second, third] = [await bed.ask(), await bed.ask(), await bed.ask()];
  assert.deepEqual([first.status, second.status, third.status], [200, 200, 503]);
  assert.equal((await bed.ask()).status, 503, "an answer's head frees no place");
  first.exchange.end();
  assert.equal((await bed.ask()).status, 200);
  assert.equal((await bed.ask()).status, 503);
  second.exchange.abort();
  assert.equal((await bed.ask()).status, 200);
});

Deno.test("concurrencyLimit() frees a place once, however a request ends", async () => {
  const bed = new Bed({ max: 2 }), first = await bed.ask();
  await bed.ask();
  first.exchange.abort();
  first.exchange.end();
  first.exchange.end();
  assert.equal((await bed.ask()).status, 200);
  assert.equal((await bed.ask()).status, 503);
});

Deno.test("concurrencyLimit() answers with a problem document: 503 for the service, 429 for a client", async () => {
  const cases: [key: ConcurrencyLimitOptions["key"], status: number][] = [
    ["global", 503],
    ["route", 503],
    [["route", "global"], 503],
    ["ip", 429],
    [["consumer", "global"], 429],
    [() => "a", 429],
  ];
  for (const [key, status] of cases) {
    const bed = new Bed({ max: 1, key });
    await bed.ask();
    const { exchange, reply } = await bed.ask();
    assert.equal(reply?.status, status, String(key));
    assert.equal(reply.header("retry-after"), "1");
    assert.equal(reply.header("content-type"), "application/problem+json");
    const { code, requestId } = JSON.parse(await readText(reply.body));
    assert.deepEqual([code, requestId, exchange.error], ["concurrency_limited", "req-1", "concurrency_limited"]);
  }
});

Deno.test("concurrencyLimit() asks those who waited in vain to come back after everybody who waits now", async () => {
  const cases: [ConcurrencyLimitOptions, string][] = [
    [{ max: 1, queue: 1, queueTimeout: "200ms" }, "1"],
    [{ max: 1, queue: 1, queueTimeout: "2.5s" }, "3"],
    [{ max: 1, queueTimeout: "1h" }, "1"],
  ];
  for (const [options, seconds] of cases) {
    const bed = new Bed(options);
    await bed.ask();
    if (options.queue !== undefined) await bed.ask();
    assert.equal((await bed.ask()).reply?.header("retry-after"), seconds);
  }
});

Deno.test("concurrencyLimit() lets those who wait go on in the order in which they came", async () => {
  const bed = new Bed({ max: 1, queue: 2 }), first = await bed.ask();
  const [second, third, fourth] = [await bed.ask(), await bed.ask(), await bed.ask()];
  assert.deepEqual([second.status, third.status, fourth.status], [undefined, undefined, 503]);
  first.exchange.end();
  await turn();
  assert.deepEqual([second.status, third.status], [200, undefined]);
  second.exchange.end();
  await turn();
  assert.equal(third.status, 200);
  assert.deepEqual(bed.arrived, [first.exchange, second.exchange, third.exchange]);
});

Deno.test("concurrencyLimit() gives a freed place to the first in line, not to whoever comes in that moment", async () => {
  const bed = new Bed({ max: 1, queue: 2 }), first = await bed.ask(), second = await bed.ask();
  first.exchange.end();
  const third = new Asked(bed.handler, {});
  await turn();
  assert.deepEqual([second.status, third.status], [200, undefined]);
});

Deno.test("concurrencyLimit() refuses who has waited for queueTimeout, and keeps nothing of it", async () => {
  const bed = new Bed({ max: 1, queue: 1, queueTimeout: "500ms" }), first = await bed.ask(), second = await bed.ask();
  await bed.env.clock.pass(450);
  assert.equal(second.status, undefined);
  await bed.env.clock.pass(100);
  assert.equal(second.status, 503);
  assert.equal(second.exchange.error, "concurrency_limited");
  assert.equal(bed.env.deadlines.size, 0);
  second.exchange.end();
  assert.equal((await bed.ask()).status, undefined, "the line is free, the place is not");
  first.exchange.end();
  await turn();
  assert.equal(bed.arrived.length, 2);
  assert.equal(bed.env.deadlines.size, 0);
});

Deno.test("concurrencyLimit() lets a client that leaves out of the line: nothing is sent for it", async () => {
  const bed = new Bed({ max: 1, queue: 1 }), first = await bed.ask(), second = await bed.ask();
  second.exchange.abort();
  const third = await bed.ask();
  assert.deepEqual([second.status, second.exchange.error], [499, "client_closed_request"]);
  assert.equal(third.status, undefined, "its place in the line was free");
  first.exchange.end();
  await turn();
  assert.deepEqual(bed.arrived, [first.exchange, third.exchange]);
});

Deno.test("concurrencyLimit() passes a place on when its client leaves in the moment in which it gets it", async () => {
  const bed = new Bed({ max: 1, queue: 2 });
  const first = await bed.ask(), second = await bed.ask(), third = await bed.ask();
  first.exchange.end();
  second.exchange.abort();
  await turn();
  assert.equal(second.status, 499);
  assert.deepEqual(bed.arrived, [first.exchange, third.exchange]);
});

Deno.test("concurrencyLimit() sends nothing for a request that is over before it begins, and keeps no place", async () => {
  for (const over of ["abort", "end"] as const) {
    const bed = new Bed({ max: 1 }), exchange = makeExchange();
    exchange[over]();
    assert.equal((await bed.handler(exchange)).status, 499);
    assert.equal((await bed.ask()).status, 200);
  }
});

Deno.test("concurrencyLimit() keeps a place while a request fails inside, until it is over", async () => {
  const env = makeEnv(), broken = new Error("broken"), exchange = makeExchange();
  const build = (next: Handler) =>
    concurrencyLimitDefinition.build(concurrencyLimitSchema.parse({ max: 1 }), env, "a/limit")(next);
  const handler = build(() => {
    throw broken;
  });
  assert.throws(() => handler(exchange), broken);
  assert.equal((await build(() => assert.fail("no place is free"))(makeExchange())).status, 503);
  exchange.end();
  assert.throws(() => handler(makeExchange()), broken);
});

Deno.test("concurrencyLimit() counts each key for itself, and requests without one together", async () => {
  const bed = new Bed({ max: 1, key: "header:x-user" });
  const of = (user?: string) => bed.ask({ headers: user === undefined ? [] : [["x-user", user]] });
  assert.deepEqual([(await of("a")).status, (await of("b")).status, (await of("a")).status], [200, 200, 429]);
  assert.deepEqual([(await of()).status, (await of()).status], [200, 429]);
});

Deno.test("concurrencyLimit() takes no value of one key for that of another", async () => {
  const bed = new Bed({ max: 1, key: ["header:x-user", "ip"] });
  const victim = { client: { ip: "192.0.2.1", peer: "192.0.2.1", trusted: false } };
  assert.equal((await bed.ask({ headers: [["x-user", "192.0.2.1"]] })).status, 200);
  assert.equal((await bed.ask(victim)).status, 200);
  assert.equal((await bed.ask(victim)).status, 429);
});

Deno.test("concurrencyLimit() by ip counts the addresses of one IPv6 client together", async () => {
  const bed = new Bed({ max: 1, key: "ip" });
  const from = async (ip: string) => (await bed.ask({ client: { ip, peer: ip, trusted: false } })).status;
  assert.deepEqual([await from("2001:db8::1"), await from("2001:db8::2"), await from("2001:db8:0:1::1")], [
    200,
    429,
    200,
  ]);
});

Deno.test("concurrencyLimit() reads max from a knob, whose raise lets those in who wait", async () => {
  const env = makeEnv(), knob = { id: "", value: 1 }, asked: unknown[] = [];
  const turnable: TestEnv = { ...env, knob: (...args) => (asked.push(args), knob) };
  const bed = new Bed({ max: 5, queue: 2 }, turnable);
  assert.deepEqual(asked, [["a/limit/max", 5, { min: 1, max: 1_000_000 }]]);
  const first = await bed.ask(), second = await bed.ask();
  assert.equal(second.status, undefined);
  knob.value = 3;
  const third = await bed.ask();
  await turn();
  assert.deepEqual(
    bed.arrived,
    [first.exchange, third.exchange, second.exchange],
    "the others answer a microtask later",
  );
  assert.deepEqual([second.status, third.status], [200, 200]);
  knob.value = 1;
  const fourth = await bed.ask();
  first.exchange.end();
  second.exchange.end();
  await turn();
  assert.equal(fourth.status, undefined, "one is still under way");
  third.exchange.end();
  await turn();
  assert.equal(fourth.status, 200);
});

Deno.test("concurrencyLimit() built anew with the same id knows what is under way", async () => {
  const bed = new Bed({ max: 1, queue: 1 }), first = await bed.ask();
  const reloaded = new Bed({ max: 1, queue: 1 }, bed.env), second = await reloaded.ask();
  assert.equal(second.status, undefined);
  first.exchange.end();
  await turn();
  assert.equal(second.status, 200);
});

Deno.test("concurrencyLimit() adds no promise where nobody waits", () => {
  const promise = Promise.resolve(new Reply(200, HeaderList.of(), null));
  const policy = concurrencyLimitDefinition.build(concurrencyLimitSchema.parse({ max: 1, queue: 1 }), makeEnv(), "a");
  assert.equal(policy(() => promise)(makeExchange()), promise);
});

Deno.test("concurrencyLimit() records a frozen value, and needs the facts of its keys", () => {
  const policy = concurrencyLimit({ max: 3, key: ["jwt:sub", "ip"] });
  assert.equal(JSON.stringify(policy), `{"kind":"concurrencyLimit","options":{"max":3,"key":["jwt:sub","ip"]}}`);
  assert.ok(Object.isFrozen(policy));
  assert.equal(definitionOf(policy), concurrencyLimitDefinition);
  const { facts } = concurrencyLimitDefinition;
  assert.deepEqual(facts!(concurrencyLimitSchema.parse(policy.options)), { needs: ["jwt:sub"] });
  assert.deepEqual(facts!(concurrencyLimitSchema.parse({ max: 1 })), { needs: [] });
});

Deno.test("concurrencyLimit() says in words what it does", () => {
  const cases: [ConcurrencyLimitOptions, string][] = [
    [{ max: 10 }, "concurrencyLimit: 10 under way"],
    [{ max: 10, key: "route" }, "concurrencyLimit: 10 under way per route"],
    [
      { max: 10, queue: 5, key: ["consumer", "ip"] },
      "concurrencyLimit: 10 under way per consumer or ip, 5 waiting for 1s",
    ],
    [{ max: 1, queue: 5, queueTimeout: "0.2s" }, "concurrencyLimit: 1 under way, 5 waiting for 200ms"],
  ];
  for (const [options, text] of cases) {
    assert.equal(concurrencyLimitDefinition.describe!(concurrencyLimitSchema.parse(options)), text);
  }
});

Deno.test("concurrencyLimit() warns of a time to wait where nobody waits", () => {
  const warned = (options: ConcurrencyLimitOptions) =>
    concurrencyLimitDefinition.warnings!(concurrencyLimitSchema.parse(options)).map((
      { at, seen },
    ) => [at.join("."), seen]);
  assert.deepEqual(warned({ max: 1, queueTimeout: "2s" }), [["queueTimeout", "2s"]]);
  assert.deepEqual(warned({ max: 1, queue: 1, queueTimeout: "2s" }), []);
  assert.deepEqual(warned({ max: 1 }), []);
});

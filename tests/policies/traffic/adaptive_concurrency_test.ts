import { strict as assert } from "node:assert";
import type { Exchange } from "../../../src/core/exchange.ts";
import type { Handler } from "../../../src/core/handler.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { definitionOf } from "../../../src/core/policy.ts";
import { Reply } from "../../../src/core/reply.ts";
import {
  adaptiveConcurrency,
  adaptiveConcurrencyDefinition,
  type AdaptiveConcurrencyOptions,
} from "../../../src/policies/traffic/adaptive_concurrency.ts";
import { adaptiveConcurrencySchema } from "../../../src/policies/traffic/adaptive_concurrency_schema.ts";
import type { AdaptiveLimit } from "../../../src/policies/traffic/overload/adaptive_limit.ts";
import { makeEnv, makeExchange, readText } from "../../support/exchange.ts";

const ID = "a/adaptiveConcurrency";

/** The policy before a target that answers when a test says so. */
class Bed {
  readonly env = makeEnv();
  readonly handler: Handler;
  readonly limit: AdaptiveLimit;
  readonly #held: ((reply: Reply) => void)[] = [];

  constructor(options: AdaptiveConcurrencyOptions = {}, target?: Handler) {
    this.handler = adaptiveConcurrencyDefinition.build(adaptiveConcurrencySchema.parse(options), this.env, ID)(
      target ?? (() => new Promise((resolve) => this.#held.push(resolve))),
    );
    this.limit = this.env.state<AdaptiveLimit>(ID, null, () => assert.fail("there is one"));
  }

  ask(): { readonly exchange: Exchange; readonly reply: ReturnType<Handler> } {
    const exchange = makeExchange();
    return { exchange, reply: this.handler(exchange) };
  }

  /** The one that has waited longest is answered. */
  answer(status = 200, tunnel: Reply["tunnel"] = null): void {
    const reply = new Reply(status, HeaderList.of(), null);
    reply.tunnel = tunnel;
    this.#held.shift()!(reply);
  }

  /** One request, answered after `latency`, and over. */
  async serve(latency: number, status = 200): Promise<void> {
    const { exchange, reply } = this.ask();
    await this.env.clock.pass(latency);
    this.answer(status);
    await reply;
    exchange.end();
  }
}

Deno.test("adaptiveConcurrency() refuses what is beyond the limit, with 503 and a problem document", async () => {
  const bed = new Bed({ min: 2 });
  const [first, second, third] = [bed.ask(), bed.ask(), bed.ask()];
  assert.ok(first.reply instanceof Promise && second.reply instanceof Promise);
  assert.ok(third.reply instanceof Reply);
  assert.deepEqual([third.reply.status, third.reply.header("retry-after")], [503, "1"]);
  const { code, requestId } = JSON.parse(await readText(third.reply.body));
  assert.deepEqual([code, requestId, third.exchange.error], ["overloaded", "req-1", "overloaded"]);
  assert.deepEqual([bed.limit.limit, bed.limit.inFlight], [2, 2]);
});

Deno.test("adaptiveConcurrency() holds a place from the beginning to the end of a request, not to its head", async () => {
  const bed = new Bed({ min: 1 }), { exchange, reply } = bed.ask();
  bed.answer();
  await reply;
  assert.equal(bed.limit.inFlight, 1);
  exchange.end();
  assert.equal(bed.limit.inFlight, 0);
  const second = bed.ask();
  second.exchange.abort();
  second.exchange.end();
  assert.equal(bed.limit.inFlight, 0);
});

Deno.test("adaptiveConcurrency() gives the place of a switched connection back at once", async () => {
  const bed = new Bed({ min: 1 }), { exchange, reply } = bed.ask();
  const tunnel = { close() {} } as unknown as Reply["tunnel"];
  bed.answer(101, tunnel);
  await reply;
  assert.equal(bed.limit.inFlight, 0);
  exchange.end();
  assert.equal(bed.limit.inFlight, 0);
});

Deno.test("adaptiveConcurrency() measures from the beginning to the head of the answer", async () => {
  const bed = new Bed({ probe: { requests: 10 } });
  for (let i = 0; i < 10; i++) await bed.serve(20);
  assert.deepEqual([bed.limit.minRtt, bed.limit.probing], [20, false]);
});

Deno.test("adaptiveConcurrency() takes no samples of failures, refusals and clients that left", async () => {
  const bed = new Bed({ probe: { requests: 10 } });
  const spoil = async (status: number, spoiled: (exchange: Exchange) => void) => {
    const { exchange, reply } = bed.ask();
    spoiled(exchange);
    bed.answer(status);
    await reply;
    exchange.end();
  };
  for (let i = 0; i < 10; i++) {
    await bed.serve(20);
    await spoil(500, () => {});
    await spoil(503, () => {});
    await spoil(429, () => {});
    await spoil(403, (exchange) => exchange.error = "forbidden");
    await spoil(200, (exchange) => exchange.abort());
  }
  assert.deepEqual([bed.limit.minRtt, bed.limit.probing], [20, false]);
});

Deno.test("adaptiveConcurrency() lowers the limit when answers become slow, by itself and without a timer", async () => {
  const bed = new Bed({ probe: { requests: 10 } });
  for (let i = 0; i < 10; i++) await bed.serve(20);
  // Five under way at all times: they use the limit, so that it may grow.
  const keepBusy = async (latency: number) => {
    for (let i = 0; i < 60; i++) {
      const some = Array.from({ length: Math.min(5, bed.limit.limit) }, () => bed.ask());
      await bed.env.clock.pass(latency);
      for (const { exchange, reply } of some) {
        bed.answer();
        await reply;
        exchange.end();
      }
    }
  };
  await keepBusy(20);
  const grown = bed.limit.limit;
  assert.ok(grown > 6 && grown < 13, `${grown}`);
  await keepBusy(60);
  assert.ok(bed.limit.limit < grown, `${bed.limit.limit}`);
  assert.equal(bed.env.clock.pending, 0);
});

Deno.test("adaptiveConcurrency() takes answers that are there at once, and adds no promise of its own", () => {
  const bed = new Bed({ min: 1 }, () => new Reply(200, HeaderList.of(), null));
  for (let i = 0; i < 20; i++) {
    const { exchange, reply } = bed.ask();
    assert.ok(reply instanceof Reply);
    exchange.end();
  }
  assert.equal(bed.limit.inFlight, 0);
});

Deno.test("adaptiveConcurrency() lets pass what the target throws, and frees the place at the end", async () => {
  const broken = new Error("broken");
  const targets: Handler[] = [() => Promise.reject(broken), () => {
    throw broken;
  }];
  for (const target of targets) {
    const bed = new Bed({}, target), exchange = makeExchange();
    await assert.rejects(async () => await bed.handler(exchange), broken);
    assert.equal(bed.limit.inFlight, 1);
    exchange.end();
    assert.equal(bed.limit.inFlight, 0);
  }
});

Deno.test("adaptiveConcurrency() built anew with the same id knows what it has learnt", () => {
  const bed = new Bed();
  bed.ask();
  adaptiveConcurrencyDefinition.build(adaptiveConcurrencySchema.parse({}), bed.env, ID);
  assert.equal(bed.env.state<AdaptiveLimit>(ID, null, () => assert.fail("there is one")), bed.limit);
});

Deno.test("adaptiveConcurrency() records a frozen value, with and without options", () => {
  const policy = adaptiveConcurrency({ max: 50 });
  assert.equal(JSON.stringify(policy), `{"kind":"adaptiveConcurrency","options":{"max":50}}`);
  assert.ok(Object.isFrozen(policy));
  assert.equal(definitionOf(policy), adaptiveConcurrencyDefinition);
  assert.deepEqual(adaptiveConcurrency().options, {});
});

Deno.test("adaptiveConcurrency() says in words what it does", () => {
  const plan = adaptiveConcurrencySchema.parse({ max: 200 });
  assert.equal(adaptiveConcurrencyDefinition.describe!(plan), "adaptiveConcurrency: 3 to 200 under way, by latency");
});

Deno.test("adaptiveConcurrency() warns of a limit that cannot move, and of probes that come all the time", () => {
  const warned = (options: AdaptiveConcurrencyOptions) =>
    adaptiveConcurrencyDefinition.warnings!(adaptiveConcurrencySchema.parse(options))
      .map(({ at, remedy }) => [at.join("."), remedy]);
  assert.deepEqual(warned({}), []);
  assert.deepEqual(warned({ min: 9, max: 9 }), [["min", "concurrencyLimit({ max: 9 })"]]);
  assert.deepEqual(warned({ window: "1s", probe: { every: "5s" } }), [["probe.every", '"10s" or more']]);
});

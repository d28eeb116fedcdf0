import assert from "node:assert/strict";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { SpanQueue, type SpanSender } from "../../../src/telemetry/traces/span_queue.ts";
import { makeEnv, type TestEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";

/** A collector that answers when a test says so. */
class HeldSender implements SpanSender {
  readonly batches: string[][] = [];
  closed = 0;
  #answers: ((failure: string | null) => void)[] = [];

  send(spans: ReadableSpan[]): Promise<string | null> {
    this.batches.push(spans.map(({ name }) => name));
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  async answer(failure: string | null = null): Promise<void> {
    this.#answers.shift()!(failure);
    await turn();
  }

  close(): void {
    this.closed++;
    for (const answer of this.#answers.splice(0)) answer("given up");
  }
}

const spans = (...names: string[]) => names.map((name) => ({ name }) as ReadableSpan);

function open(): { queue: SpanQueue; sender: HeldSender; env: TestEnv } {
  const env = makeEnv(), sender = new HeldSender();
  return { queue: new SpanQueue(sender, { queue: 5, size: 2, delay: 1000 }, env), sender, env };
}

Deno.test("spans wait for others, but not for long", async () => {
  const { queue, sender, env } = open();
  queue.take(spans("a"));
  env.clock.advance(999);
  assert.deepEqual(sender.batches, []);
  env.clock.advance(1);
  assert.deepEqual(sender.batches, [["a"]]);
  await sender.answer();
  assert.equal(env.clock.pending, 0);
  assert.equal(queue.dropped, 0);
});

Deno.test("a batch that is full goes at once, and one at a time", async () => {
  const { queue, sender, env } = open();
  queue.take(spans("a", "b", "c", "d", "e"));
  assert.deepEqual(sender.batches, [["a", "b"]]);
  await sender.answer();
  assert.deepEqual(sender.batches, [["a", "b"], ["c", "d"]]);
  await sender.answer();
  assert.equal(sender.batches.length, 2, "what does not fill a batch waits again");
  env.clock.advance(1000);
  assert.deepEqual(sender.batches[2], ["e"]);
});

Deno.test("a collector that is too slow costs the newest spans: they are counted, and told once a minute", async () => {
  const { queue, sender, env } = open();
  queue.take(spans("a", "b"));
  queue.take(spans("c", "d", "e", "f", "g", "h", "i"));
  assert.equal(queue.dropped, 2);
  const told = { level: "warn", message: "spans were lost" };
  assert.deepEqual(env.logged, [{ ...told, fields: { spans: 2, reason: "the collector is too slow" } }]);
  queue.take(spans("j"));
  assert.equal(env.logged.length, 1);
  env.clock.advance(60_000);
  assert.deepEqual(env.logged[1]?.fields, { spans: 1, reason: "the collector is too slow" });
  await sender.answer();
  queue.take(spans("k"));
  assert.equal(queue.dropped, 3, "there is room again");
});

Deno.test("spans that a collector does not take are lost, and later ones are sent", async () => {
  const { queue, sender, env } = open();
  queue.take(spans("a", "b", "c", "d"));
  await sender.answer("the collector answered 503");
  assert.equal(queue.dropped, 2);
  assert.deepEqual(env.logged.map(({ fields }) => fields), [{ spans: 2, reason: "the collector answered 503" }]);
  await sender.answer();
  assert.equal(queue.dropped, 2);
});

Deno.test("closing sends what is there, in batches, and ends the sender", async () => {
  const { queue, sender, env } = open();
  queue.take(spans("a", "b", "c", "d", "e"));
  const closed = queue.close();
  for (let i = 0; i < 3; i++) await sender.answer();
  await closed;
  assert.deepEqual(sender.batches, [["a", "b"], ["c", "d"], ["e"]]);
  assert.equal(sender.closed, 1);
  assert.equal(env.clock.pending, 0);
  queue.take(spans("f"));
  assert.equal(queue.dropped, 1);
  await queue.close();
  assert.equal(sender.closed, 1);
});

Deno.test("closing waits three seconds for a collector that does not answer", async () => {
  const { queue, sender, env } = open();
  queue.take(spans("a", "b", "c"));
  const closed = queue.close();
  env.clock.advance(2999);
  await turn();
  assert.equal(sender.closed, 0);
  env.clock.advance(1);
  await closed;
  await turn();
  assert.equal(sender.closed, 1);
  assert.equal(queue.dropped, 3);
  assert.equal(env.clock.pending, 0);
  assert.deepEqual(env.logged, [{
    level: "warn",
    message: "spans were lost",
    fields: { spans: 3, reason: "the collector did not take them in time" },
  }]);
});

Deno.test("closing leaves no timer behind of losses that were to be told of later", async () => {
  const { queue, sender, env } = open();
  queue.take(spans("a", "b"));
  await sender.answer("the collector answered 503");
  assert.equal(env.clock.pending, 1);
  await queue.close();
  assert.equal(env.clock.pending, 0);
});

import { strict as assert } from "node:assert";
import { StoreError } from "../../src/core/store.ts";
import { seenWait, storeWait } from "../../src/policies/seen_wait.ts";
import { makeExchange } from "../support/exchange.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { SeenTraces } from "../support/recorded_trace.ts";

const INIT = storeWait("take");

Deno.test("seenWait() is the promise itself where nobody reads the trace", () => {
  const exchange = makeExchange(), waiting = Promise.resolve(1);
  assert.equal(seenWait(exchange, INIT, waiting), waiting);
  exchange.trace = new SeenTraces(undefined, false).trace();
  assert.equal(seenWait(exchange, INIT, waiting), waiting);
});

Deno.test("seenWait() has a span for as long as it takes", async () => {
  const clock = new FakeClock(), tracing = new SeenTraces(clock), exchange = makeExchange();
  exchange.trace = tracing.trace();
  const { promise, resolve } = Promise.withResolvers<string>(), waiting = seenWait(exchange, INIT, promise);
  clock.advance(7);
  resolve("done");
  assert.equal(await waiting, "done");
  const [span] = tracing.named("redis take");
  assert.deepEqual([span.kind, span.error, span.endedAt! - span.startedAt], ["client", "", 7]);
  assert.deepEqual(span.attributes, { "db.system.name": "redis", "db.operation.name": "take" });
});

Deno.test("seenWait() tells of a failure, and passes it on", async () => {
  const tracing = new SeenTraces(), exchange = makeExchange();
  exchange.trace = tracing.trace();
  await assert.rejects(seenWait(exchange, INIT, Promise.reject(new StoreError("away"))), StoreError);
  const [span] = tracing.named("redis take");
  assert.deepEqual([span.error, span.endedAt], ["StoreError", 0]);
});

import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { makeEnv } from "../../support/exchange.ts";
import { SeenTraces } from "../../support/recorded_trace.ts";
import { CacheBed, fresh, HandFedBody } from "./cache_bed.ts";
import { LocalTier } from "./tier/local_tier.ts";

const ids = (links: readonly { spanId: string }[]) => links.map(({ spanId }) => spanId);

Deno.test("what is asked for behind a cache stands under its span, which ends with the head and says what it made of it", async () => {
  const bed = new CacheBed(), tracing = new SeenTraces(bed.clock), trace = tracing.trace();
  const asked = await bed.ask({ trace });
  const [span] = tracing.named("cache");
  assert.equal(asked.exchange.trace?.spanId, span.spanId);
  assert.equal(bed.arrived[0].exchange.trace?.spanId, span.spanId);
  bed.pass(1);
  await bed.arrived[0].answer({ fields: fresh() });
  assert.deepEqual([span.parentId, span.endedAt! - span.startedAt], [trace.spanId, 1_000]);
  assert.deepEqual(span.attributes, {
    "gatewright.policy.id": "a/cache",
    "gatewright.policy.kind": "cache",
    "gatewright.cache.outcome": "miss",
    "http.response.status_code": 200,
  });
  assert.equal(asked.exchange.trace, trace);
  const hit = bed.start({ trace });
  assert.deepEqual([hit.sync, tracing.named("cache")[1].attributes["gatewright.cache.outcome"]], [true, "hit"]);
});

Deno.test("a request that goes past the cache goes on under its span, and a chain that throws fails it", async () => {
  const bed = new CacheBed(), tracing = new SeenTraces(bed.clock), trace = tracing.trace();
  const asked = await bed.ask({ method: "POST", trace });
  const [span] = tracing.named("cache");
  assert.equal(bed.arrived[0].exchange.trace?.spanId, span.spanId);
  await bed.arrived[0].crash(new TypeError("no"));
  assert.ok(asked.error instanceof TypeError);
  assert.deepEqual([span.error, asked.exchange.trace], ["TypeError", trace]);
  assert.notEqual(span.endedAt, null);
});

Deno.test("who waits for what another has asked for is linked to it", async () => {
  const bed = new CacheBed(), tracing = new SeenTraces(bed.clock);
  await bed.ask({ trace: tracing.trace() });
  await bed.ask({ trace: tracing.trace() });
  await bed.arrived[0].answer({ fields: fresh() });
  const [first, second] = tracing.named("cache");
  assert.equal(bed.arrived.length, 1);
  assert.deepEqual([ids(first.links), ids(second.links)], [[], [first.spanId]]);
  assert.equal(second.attributes["gatewright.cache.outcome"], "collapsed");
});

Deno.test("an answer that is refreshed behind its readers has a trace of its own, until all of it is there", async () => {
  const bed = new CacheBed({ staleWhileRevalidate: "60s" }), tracing = new SeenTraces(bed.clock);
  await bed.fill({}, { fields: fresh() });
  bed.pass(70);
  await bed.ask({ trace: tracing.trace() });
  const [stale] = tracing.named("cache"), [refresh] = tracing.named("cache refresh");
  assert.equal(stale.attributes["gatewright.cache.outcome"], "stale");
  assert.equal(bed.arrived[1].exchange.trace?.spanId, refresh.spanId);
  assert.notEqual(refresh.traceId, stale.traceId);
  assert.deepEqual([ids(refresh.links), ids(stale.links)], [[stale.spanId], [refresh.spanId]]);
  const body = new HandFedBody();
  await bed.arrived[1].answer(new Reply(200, HeaderList.of("cache-control", "max-age=60"), body));
  assert.equal(refresh.endedAt, null);
  await body.give("");
  assert.notEqual(refresh.endedAt, null);
});

Deno.test("a trace that nobody reads goes through a cache as it is", async () => {
  const bed = new CacheBed(), trace = new SeenTraces(bed.clock, false).trace();
  await bed.ask({ trace });
  assert.equal(bed.arrived[0].exchange.trace, trace);
});

Deno.test("a wait for the store is seen under the cache, also where that store is away", async () => {
  const env = makeEnv(), tier = new LocalTier(env.clock), tracing = new SeenTraces(env.clock);
  const bed = new CacheBed({ store: "shared" }, { ...env, store: () => ({ ...env.store(), cacheTier: () => tier }) });
  for (const away of [false, true]) {
    tier.away = away;
    await bed.ask({ path: `/${away}`, trace: tracing.trace() });
  }
  const caches = tracing.named("cache"), waits = tracing.named("redis get");
  assert.deepEqual(waits.map(({ parentId }) => parentId), caches.map(({ spanId }) => spanId));
  assert.deepEqual(waits.map(({ kind, error }) => [kind, error]), [["client", ""], ["client", "StoreError"]]);
  assert.ok(waits.every(({ endedAt }) => endedAt !== null));
});

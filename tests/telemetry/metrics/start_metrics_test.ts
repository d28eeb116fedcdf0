import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { silentLog } from "../../../src/core/log.ts";
import { LineWriter } from "../../../src/telemetry/lines/line_writer.ts";
import { exposition } from "../../../src/telemetry/metrics/exposition.ts";
import { startMetrics } from "../../../src/telemetry/metrics/start_metrics.ts";
import { completed } from "../../support/completed.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { turn } from "../../support/turn.ts";
import { HeldSink } from "../lines/held_sink.ts";

const PLAN = { buckets: [0.1, 1], exemplars: true, otlp: null, summary: null };
const RESOURCE = { service: "gatewright", attributes: {} };

function makeEnv() {
  const clock = new FakeClock(), events = new Events(), sink = new HeldSink(false), opened: string[] = [];
  const openSummary = (file: string) => {
    opened.push(file);
    return new LineWriter(sink, { clock, log: silentLog });
  };
  return {
    clock,
    events,
    sink,
    opened,
    env: { clock, events, log: silentLog, secrets: () => ({ error: "none" }), inFlight: () => 0, openSummary },
  };
}

Deno.test("startMetrics() counts requests until it is closed", async () => {
  const { clock, events, opened, env } = makeEnv();
  const metrics = await startMetrics(PLAN, RESOURCE, ["home"], env);
  const counted = () => /http_requests_total\{.*\} (\d+)/.exec(exposition(metrics.registry.scrape(), null).text)?.[1];
  events.emit("request.completed", completed());
  assert.equal(counted(), "1");
  await metrics.close();
  events.emit("request.completed", completed());
  assert.equal(counted(), "1");
  assert.deepEqual([opened, clock.pending], [[], 0]);
});

Deno.test("startMetrics() writes the summary where the plan has one", async () => {
  const { clock, events, sink, opened, env } = makeEnv();
  const metrics = await startMetrics({ ...PLAN, summary: { file: "var/summary.jsonl" } }, RESOURCE, ["home"], env);
  events.emit("request.completed", completed());
  await clock.pass(1000);
  await metrics.close();
  assert.deepEqual(opened, ["var/summary.jsonl"]);
  assert.equal(JSON.parse(sink.batches.join("")).requests, 1);
  assert.deepEqual([sink.closed, clock.pending], [true, 0]);
});

Deno.test("startMetrics() tells lines of the summary that were lost, where there is one", async () => {
  const { clock, sink, env } = makeEnv();
  const none = await startMetrics(PLAN, RESOURCE, [], env);
  assert.equal(none.lost, null);
  const metrics = await startMetrics({ ...PLAN, summary: { file: "f" } }, RESOURCE, [], env);
  assert.equal(metrics.lost, 0);
  sink.held = true;
  await clock.pass(1_100);
  sink.release(new Error("no space"));
  await turn();
  assert.equal(metrics.lost, 1);
  sink.held = false;
  await Promise.all([none.close(), metrics.close()]);
});

Deno.test("startMetrics() counts requests of routes that come later under their own name", async () => {
  const { events, env } = makeEnv();
  const metrics = await startMetrics(PLAN, RESOURCE, ["home"], env);
  metrics.setRoutes(["home", "new"]);
  events.emit("request.completed", completed({ route: "new" }));
  assert.match(exposition(metrics.registry.scrape(), null).text, /http_requests_total\{method="GET",route="new"/);
  await metrics.close();
});

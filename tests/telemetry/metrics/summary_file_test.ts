import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { silentLog } from "../../../src/core/log.ts";
import { LineWriter } from "../../../src/telemetry/lines/line_writer.ts";
import { startSummary } from "../../../src/telemetry/metrics/summary_file.ts";
import { completed } from "../../support/completed.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { HeldSink } from "../lines/held_sink.ts";

function setUp() {
  const clock = new FakeClock({ wall: Date.UTC(2026, 0, 1) }), events = new Events(), sink = new HeldSink(false);
  const writer = new LineWriter(sink, { clock, log: silentLog });
  const summary = startSummary(writer, { clock, events, inFlight: () => 3 });
  const emit = (...given: Parameters<typeof completed>[0][]) => {
    for (const event of given) events.emit("request.completed", completed(event));
  };
  const lines = () => sink.batches.join("").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  return { clock, sink, summary, emit, lines };
}

Deno.test("a summary has a line for each second, with its own numbers", async () => {
  const { clock, summary, emit, lines } = setUp();
  emit({ cache: "hit" }, { cache: "stale" }, { cache: "miss" }, { cache: "bypass" }, { status: 503, duration: 1000 });
  await clock.pass(1000);
  await clock.pass(1000);
  emit({});
  await clock.pass(1100);
  const [first, second, third] = lines();
  assert.deepEqual(first, {
    ts: "2026-01-01T00:00:01.000Z",
    requests: 5,
    rps: 5,
    errors: 1,
    hits: 2,
    misses: 1,
    p50: first.p50,
    p95: first.p95,
    p99: first.p99,
    inFlight: 3,
  });
  assert.ok(Math.abs(first.p50 - 10) < 0.4 && Math.abs(first.p99 - 1000) < 40, JSON.stringify(first));
  assert.deepEqual([second.requests, second.p50, second.ts], [0, null, "2026-01-01T00:00:02.000Z"]);
  assert.deepEqual([third.requests, third.errors, third.hits], [1, 0, 0]);
  await summary.close();
});

Deno.test("errors are failures of ours or upstream's: no refusals, and no clients that left", async () => {
  const { clock, summary, emit, lines } = setUp();
  emit(
    { status: 500 },
    { status: 200, error: "upstream_body_cut" },
    { status: 404, error: "route_not_found" },
    { status: 429, error: "rate_limited" },
    { status: 499, error: "client_closed_request" },
    { status: 200, error: "client_closed_request" },
  );
  await clock.pass(1100);
  assert.deepEqual([lines()[0].requests, lines()[0].errors], [6, 2]);
  await summary.close();
});

Deno.test("tunnels are requests of a summary, and how long they were open is no duration", async () => {
  const { clock, summary, emit, lines } = setUp();
  emit({ status: 101, duration: 60_000 }, { method: "CONNECT", status: 200, duration: 60_000 });
  await clock.pass(1100);
  assert.deepEqual([lines()[0].requests, lines()[0].p99], [2, null]);
  await summary.close();
});

Deno.test("closing writes the rest of the second, and leaves no timer and no listener", async () => {
  const { clock, sink, summary, emit, lines } = setUp();
  await clock.pass(500);
  emit({}, {});
  await summary.close();
  assert.deepEqual([lines().length, lines()[0].requests, lines()[0].rps], [1, 2, 4]);
  assert.equal(sink.closed, true);
  assert.equal(clock.pending, 0);
  emit({});
});

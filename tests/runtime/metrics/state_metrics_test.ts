import { strict as assert } from "node:assert";
import type { CacheReport } from "../../../src/core/answer_cache.ts";
import type { Clock } from "../../../src/core/clock.ts";
import type { ListenerReport } from "../../../src/runtime/listener_report.ts";
import { cacheMetrics } from "../../../src/runtime/metrics/cache_metrics.ts";
import { EventLoopDelays } from "../../../src/runtime/metrics/event_loop_delays.ts";
import { listenerMetrics } from "../../../src/runtime/metrics/listener_metrics.ts";
import { processMetrics } from "../../../src/runtime/metrics/process_metrics.ts";
import { stateMetrics, type StateSources } from "../../../src/runtime/metrics/state_metrics.ts";
import { linesOf } from "./collected.ts";

const STATE: StateSources = {
  draining: false,
  notReadyReasons: () => [],
  configState: () => ({ generation: 1, since: 1_000_000, lastReload: "none" }),
  knobs: () => [],
};

function stateLines(changes: Partial<StateSources> = {}, losses: Readonly<Record<string, number>> = {}): string[] {
  return linesOf(stateMetrics({ ...STATE, ...changes }, { version: "1.2.3", losses: () => losses }));
}

Deno.test("stateMetrics() tells versions, readiness and the config in force", () => {
  const { deno, v8 } = Deno.version;
  assert.deepEqual(stateLines(), [
    `gatewright_build_info{version="1.2.3",deno="${deno}",v8="${v8}"} 1`,
    "gatewright_ready 1",
    "gatewright_draining 0",
    "gatewright_config_generation 1",
    "gatewright_config_loaded_timestamp_seconds 1000",
    "gatewright_config_last_reload_successful 1",
  ]);
  const stopping = stateLines({ notReadyReasons: () => ["draining"], draining: true });
  assert.deepEqual(stopping.slice(1, 3), ["gatewright_ready 0", "gatewright_draining 1"]);
});

for (const [lastReload, value] of [["none", 1], ["taken", 1], ["refused", 0]] as const) {
  Deno.test(`stateMetrics() says ${value} of a last reload that was: ${lastReload}`, () => {
    const lines = stateLines({ configState: () => ({ generation: 2, since: 0, lastReload }) });
    assert.ok(lines.includes(`gatewright_config_last_reload_successful ${value}`));
  });
}

Deno.test("stateMetrics() tells knobs as they are turned, and what was lost", () => {
  const knob = { id: "rate/max", value: 10 };
  const read = () => stateLines({ knobs: () => [knob] }, { access_log: 3, spans: 0 }).slice(6);
  const lost = [
    'gatewright_telemetry_lost_total{signal="access_log"} 3',
    'gatewright_telemetry_lost_total{signal="spans"} 0',
  ];
  assert.deepEqual(read(), ['gatewright_knob{knob="rate/max"} 10', ...lost]);
  knob.value = 4;
  assert.deepEqual(read(), ['gatewright_knob{knob="rate/max"} 4', ...lost]);
});

const QUIET: ListenerReport = {
  listening: true,
  requests: 9,
  inFlight: 2,
  tunnels: { websocket: 1, other: 0 },
  certificates: [],
  connections: null,
};

Deno.test("listenerMetrics() leaves out what the runtime keeps to itself", () => {
  const listeners = () => [{ name: ":8080", report: QUIET }];
  assert.deepEqual(linesOf(listenerMetrics(listeners)), [
    'gatewright_listener_up{listener=":8080"} 1',
    'http_requests_in_flight{listener=":8080"} 2',
    'gatewright_tunnels_open{listener=":8080",protocol="websocket"} 1',
    'gatewright_tunnels_open{listener=":8080",protocol="other"} 0',
  ]);
});

Deno.test("listenerMetrics() tells connections by protocol, by limit and by what became of them", () => {
  const connections = {
    accepted: 100,
    refused: { connections: 4, perClient: 5 },
    open: { introducing: 1, h1: 2, h2: 3 },
    streams: 6,
    preamblesFailed: 7,
    handshakesFailed: { left: 8, plain_http: 9, refused: 10, certificate: 11, timeout: 12 },
  };
  const listeners = () => [{ name: "l", report: { ...QUIET, listening: false, connections } }];
  const [up, , , , ...rest] = linesOf(listenerMetrics(listeners));
  assert.equal(up, 'gatewright_listener_up{listener="l"} 0');
  assert.deepEqual(rest.map((line) => line.replace('listener="l"', "").replace("gatewright_", "")), [
    "connections_accepted_total{} 100",
    'connections_refused_total{,limit="connections"} 4',
    'connections_refused_total{,limit="perClient"} 5',
    'connections_open{,protocol="introducing"} 1',
    'connections_open{,protocol="h1"} 2',
    'connections_open{,protocol="h2"} 3',
    "http2_streams_open{} 6",
    'tls_handshakes_failed_total{,reason="left"} 8',
    'tls_handshakes_failed_total{,reason="plain_http"} 9',
    'tls_handshakes_failed_total{,reason="refused"} 10',
    'tls_handshakes_failed_total{,reason="certificate"} 11',
    'tls_handshakes_failed_total{,reason="timeout"} 12',
    "proxy_headers_failed_total{} 7",
  ]);
});

Deno.test("listenerMetrics() tells when certificates expire: of those for the same hosts, the first", () => {
  const certificates = [{ host: "a.test", at: 9_000 }, { host: "b.test", at: 5_000 }, { host: "a.test", at: 7_000 }];
  const lines = linesOf(listenerMetrics(() => [{ name: "l", report: { ...QUIET, certificates } }]));
  assert.deepEqual(lines.filter((line) => line.startsWith("gatewright_certificate")), [
    'gatewright_certificate_not_after_timestamp_seconds{listener="l",host="a.test"} 7',
    'gatewright_certificate_not_after_timestamp_seconds{listener="l",host="b.test"} 5',
  ]);
});

Deno.test("cacheMetrics() tells of every cache what it holds, and of ours more", () => {
  const plain: CacheReport = { id: "a", entries: 1, bytes: 2, maxBytes: 3 };
  const outcomes = { hit: 4, stale: 0, revalidated: 0, collapsed: 0, miss: 5, bypass: 0 };
  const secondTier = { reads: 6, hits: 7, writes: 8, failures: 9 };
  const ours = { id: "b", entries: 0, bytes: 0, maxBytes: 0, underWay: 1, outcomes, secondTier };
  const lines = linesOf(cacheMetrics(() => [plain, ours]));
  const of = (id: string) =>
    lines.filter((line) => line.includes(`cache="${id}"`) && !line.endsWith(" 0"))
      .map((line) => line.replace("gatewright_cache_", "").replace(`cache="${id}"`, ""));
  assert.deepEqual(of("a"), ["entries{} 1", "size_bytes{} 2", "limit_bytes{} 3"]);
  assert.deepEqual(of("b"), [
    "fills_in_flight{} 1",
    'requests_total{,outcome="hit"} 4',
    'requests_total{,outcome="miss"} 5',
    'tier_operations_total{,operation="reads"} 6',
    'tier_operations_total{,operation="hits"} 7',
    'tier_operations_total{,operation="writes"} 8',
    'tier_operations_total{,operation="failures"} 9',
  ]);
});

Deno.test("EventLoopDelays measures how late its timer is, and leaves none behind", () => {
  let now = 0, look = () => {}, stopped = 0;
  const clock: Clock = {
    now: () => now,
    wall: () => now,
    after: () => () => {},
    every(_ms, run) {
      look = run;
      return () => stopped++;
    },
  };
  const delay = new EventLoopDelays(clock);
  for (const time of [100, 200, 500, 550]) {
    now = time;
    look();
  }
  const lines = linesOf(delay.collect).map((line) => line.replace("gatewright_event_loop_delay_seconds", ""));
  // In time twice, then 200 ms late, then at once behind that.
  for (const line of ['_bucket{le="0.001"} 3', '_bucket{le="0.1"} 3', '_bucket{le="0.25"} 4', "_sum 0.2", "_count 4"]) {
    assert.ok(lines.includes(line), line);
  }
  delay.close();
  assert.equal(stopped, 1);
});

Deno.test("processMetrics() gives the process's numbers", () => {
  const found = new Map(linesOf(processMetrics()).map((line) => line.split(" ") as [string, string]));
  for (
    const name of [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "process_start_time_seconds",
      'gatewright_heap_bytes{kind="used"}',
      'gatewright_heap_bytes{kind="total"}',
      'gatewright_heap_bytes{kind="external"}',
    ]
  ) assert.ok(Number(found.get(name)) > 0, name);
  // The runtime shows /proc to those only who may do everything.
  const open = Number(found.get("process_open_fds") ?? 1), most = Number(found.get("process_max_fds") ?? 1);
  assert.ok(open > 0 && open <= most, `${open} of ${most} files`);
});

Deno.test({
  name: "processMetrics() asks for no permission: on a terminal that would stop everything",
  permissions: { read: false },
  fn() {
    const { statSync, readTextFileSync } = Deno;
    const asked: unknown[] = [];
    const ask = (path: unknown): never => {
      asked.push(path);
      throw new Deno.errors.NotCapable();
    };
    try {
      Object.assign(Deno, { statSync: ask, readTextFileSync: ask });
      assert.ok(linesOf(processMetrics()).every((line) => !line.includes("_fds")));
    } finally {
      Object.assign(Deno, { statSync, readTextFileSync });
    }
    assert.deepEqual(asked, []);
  },
});

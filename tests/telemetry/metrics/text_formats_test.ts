import { strict as assert } from "node:assert";
import fc from "fast-check";
import { silentLog } from "../../../src/core/log.ts";
import { family } from "../../../src/telemetry/metrics/family.ts";
import { Histogram } from "../../../src/telemetry/metrics/histogram.ts";
import { MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";
import { openMetricsText } from "../../../src/telemetry/metrics/openmetrics_text.ts";
import { prometheusText } from "../../../src/telemetry/metrics/prometheus_text.ts";
import { boundText, numberText } from "../../../src/telemetry/metrics/sample_text.ts";
import type { Scrape, Scraped } from "../../../src/telemetry/metrics/scrape.ts";

const SENT = family({ name: "sent_bytes_total", type: "counter", unit: "bytes", help: "Sent.", labels: ["to", "by"] });
const OPEN = family({ name: "open", type: "gauge", help: 'A "\\" and\na line.', labels: [] });
const TOOK = family({ name: "took_seconds", type: "histogram", unit: "seconds", help: "Took.", labels: ["to"] });
const BARE = family({ name: "bare", type: "histogram", help: "Bare.", labels: [] });
const BUILD = family({ name: "app_build_info", type: "info", help: "Build.", labels: ["version"] });

function scraped(collect: (out: Scrape) => void): readonly Scraped[] {
  const registry = new MetricsRegistry(silentLog);
  registry.collect(collect);
  return registry.scrape();
}

const SOME = scraped((out) => {
  out.add(SENT, 3, "a", "b");
  out.add(SENT, 0.25, 'q"\\\n', "");
  out.add(OPEN, -1);
  const took = new Histogram([0.005, 1, 10]), bare = new Histogram([1]);
  took.observe(0.005);
  took.observeTraced(0.5, "4bf92f3577b34da6a3ce929d0e0e4736", 1767225600.1234);
  took.observe(99);
  out.addHistogram(TOOK, took, "a");
  out.addHistogram(BARE, bare);
  out.add(BUILD, 1, "1.2.3");
});

Deno.test("prometheusText() writes the format of version 0.0.4", () => {
  assert.deepEqual(prometheusText(SOME).split("\n"), [
    "# HELP sent_bytes_total Sent.",
    "# TYPE sent_bytes_total counter",
    'sent_bytes_total{to="a",by="b"} 3',
    String.raw`sent_bytes_total{to="q\"\\\n",by=""} 0.25`,
    String.raw`# HELP open A "\\" and\na line.`,
    "# TYPE open gauge",
    "open -1",
    "# HELP took_seconds Took.",
    "# TYPE took_seconds histogram",
    'took_seconds_bucket{to="a",le="0.005"} 1',
    'took_seconds_bucket{to="a",le="1.0"} 2',
    'took_seconds_bucket{to="a",le="10.0"} 2',
    'took_seconds_bucket{to="a",le="+Inf"} 3',
    'took_seconds_sum{to="a"} 99.505',
    'took_seconds_count{to="a"} 3',
    "# HELP bare Bare.",
    "# TYPE bare histogram",
    'bare_bucket{le="1.0"} 0',
    'bare_bucket{le="+Inf"} 0',
    "bare_sum 0",
    "bare_count 0",
    "# HELP app_build_info Build.",
    "# TYPE app_build_info gauge",
    'app_build_info{version="1.2.3"} 1',
    "",
  ]);
});

Deno.test("openMetricsText() writes the format of version 1.0.0, with exemplars", () => {
  assert.deepEqual(openMetricsText(SOME).split("\n"), [
    "# TYPE sent_bytes counter",
    "# UNIT sent_bytes bytes",
    "# HELP sent_bytes Sent.",
    'sent_bytes_total{to="a",by="b"} 3',
    String.raw`sent_bytes_total{to="q\"\\\n",by=""} 0.25`,
    "# TYPE open gauge",
    String.raw`# HELP open A \"\\\" and\na line.`,
    "open -1",
    "# TYPE took_seconds histogram",
    "# UNIT took_seconds seconds",
    "# HELP took_seconds Took.",
    'took_seconds_bucket{to="a",le="0.005"} 1',
    'took_seconds_bucket{to="a",le="1.0"} 2 # {trace_id="4bf92f3577b34da6a3ce929d0e0e4736"} 0.5 1767225600.123',
    'took_seconds_bucket{to="a",le="10.0"} 2',
    'took_seconds_bucket{to="a",le="+Inf"} 3',
    'took_seconds_sum{to="a"} 99.505',
    'took_seconds_count{to="a"} 3',
    "# TYPE bare histogram",
    "# HELP bare Bare.",
    'bare_bucket{le="1.0"} 0',
    'bare_bucket{le="+Inf"} 0',
    "bare_sum 0",
    "bare_count 0",
    "# TYPE app_build info",
    "# HELP app_build Build.",
    'app_build_info{version="1.2.3"} 1',
    "# EOF",
    "",
  ]);
});

Deno.test("numbers are written as scrapers read them", () => {
  assert.deepEqual([0, 1e21, 1e-7, NaN, Infinity, -Infinity].map(numberText), [
    "0",
    "1e+21",
    "1e-7",
    "NaN",
    "+Inf",
    "-Inf",
  ]);
  assert.deepEqual([0.25, 1, 60, 1e-7, 1e21].map(boundText), ["0.25", "1.0", "60.0", "1e-7", "1e+21"]);
});

/** Reads `name{a="…"} 1` back: what the format says, in a few lines. */
function valueOf(line: string): string {
  const quoted = /^sent_bytes_total\{to="((?:[^"\\]|\\.)*)",by="x"\} 1$/s.exec(line);
  assert.notEqual(quoted, null, line);
  return quoted![1].replace(/\\(.)/g, (_, c) => c === "n" ? "\n" : c);
}

Deno.test("any label value stays in its line, and is read back as it was", () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom(...'\\\n"{},= #\r\0\ud800'), fc.string({ unit: "grapheme" })),
  });
  fc.assert(fc.property(text, (value) => {
    const families = scraped((out) => out.add(SENT, 1, value, "x"));
    const bytes = new TextEncoder().encode(prometheusText(families));
    const lines = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split("\n");
    assert.equal(lines.length, 4);
    assert.equal(valueOf(lines[2]), value.toWellFormed());
    assert.equal(openMetricsText(families).split("\n")[3], lines[2]);
  }));
});

import { strict as assert } from "node:assert";
import { logTo, silentLog } from "../../../src/core/log.ts";
import { family } from "../../../src/telemetry/metrics/family.ts";
import { countOf, Histogram } from "../../../src/telemetry/metrics/histogram.ts";
import { MetricsRegistry } from "../../../src/telemetry/metrics/metrics_registry.ts";

const SENT = family({ name: "sent_total", type: "counter", help: "Sent.", labels: ["to"] });
const OPEN = family({ name: "open", type: "gauge", help: "Open.", labels: [] });
const TOOK = family({ name: "took_seconds", type: "histogram", help: "Took.", labels: ["to"] });
const BUILD = family({ name: "build_info", type: "info", help: "Build.", labels: ["version"] });

Deno.test("MetricsRegistry asks collectors at each scrape, until they are taken out", () => {
  const registry = new MetricsRegistry(silentLog);
  let open = 1;
  const stop = registry.collect((out) => out.add(OPEN, open));
  assert.deepEqual(registry.scrape(), [{ family: OPEN, points: [{ labels: [], text: "", value: 1 }] }]);
  open = 2;
  assert.deepEqual(registry.scrape()[0].points[0].value, 2);
  stop();
  assert.deepEqual(registry.scrape(), []);
});

Deno.test("a scrape has the points of a family together, whoever gives them", () => {
  const registry = new MetricsRegistry(silentLog);
  registry.collect((out) => {
    out.add(SENT, 1, "a");
    out.add(OPEN, 5);
  });
  registry.collect((out) => out.add(SENT, 2, "b"));
  const [sent, open, ...more] = registry.scrape();
  assert.deepEqual(sent.points.map(({ labels, value }) => [labels[0], value]), [["a", 1], ["b", 2]]);
  assert.equal(open.family, OPEN);
  assert.deepEqual(more, []);
});

Deno.test("a series that is given twice is added up, as no series may stand twice", () => {
  const registry = new MetricsRegistry(silentLog), one = new Histogram([1]), other = new Histogram([1]);
  one.observe(0.5);
  other.observe(3);
  registry.collect((out) => {
    for (const n of [1, 2]) out.add(SENT, n, "a");
    for (const histogram of [one, other]) out.addHistogram(TOOK, histogram, "a");
    for (const _ of [1, 2]) out.add(BUILD, 1, "1.0");
  });
  const values = registry.scrape().map(({ points }) => points.map(({ value }) => value));
  assert.deepEqual([values[0], values[2]], [[3], [1]]);
  assert.equal(countOf(values[1][0] as Histogram), 2);
  assert.equal(countOf(one), 1);
});

Deno.test("label values that contain what could separate them are not mixed up", () => {
  const PAIR = family({ name: "pair", type: "gauge", help: "Pair.", labels: ["a", "b"] });
  const registry = new MetricsRegistry(silentLog);
  registry.collect((out) => {
    out.add(PAIR, 1, "x\xff", "y");
    out.add(PAIR, 2, "x", "\xffy");
    out.add(PAIR, 3, "x,", "y");
  });
  assert.equal(registry.scrape()[0].points.length, 3);
});

Deno.test("a collector that throws is told to the log, and costs the others nothing", () => {
  const entries: unknown[] = [];
  const registry = new MetricsRegistry(logTo((...entry) => entries.push(entry)));
  registry.collect(() => {
    throw new Error("no numbers today");
  });
  registry.collect((out) => out.add(OPEN, 1));
  assert.equal(registry.scrape().length, 1);
  assert.deepEqual(entries, [["error", "metrics could not be collected", { error: "no numbers today" }]]);
});

Deno.test("two families of one name, and values of the wrong type, are mistakes", () => {
  const again = family({ ...SENT });
  const registry = new MetricsRegistry(silentLog);
  registry.collect((out) => {
    out.add(SENT, 1, "a");
    assert.throws(() => out.add(again, 1, "b"), /name of two families/);
    assert.throws(() => out.add(TOOK, 1, "b"), /takes histograms/);
    assert.throws(() => out.addHistogram(SENT, new Histogram([1]), "b"), /takes no histograms/);
  });
  assert.equal(registry.scrape().length, 1);
});

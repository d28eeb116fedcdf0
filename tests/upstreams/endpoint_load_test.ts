import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Histogram } from "../../src/telemetry/metrics/histogram.ts";
import { EndpointLoad } from "../../src/upstreams/endpoint_load.ts";
import { CONNECT_ERROR, PROTOCOL_ERROR, RESET, TIMEOUT } from "../../src/upstreams/outcome_set.ts";

/** What an average keeps of what it knew, after ten seconds. */
const KEPT = Math.exp(-1);

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6 * Math.max(1, expected), `${actual} is not ${expected}`);
}

Deno.test("an endpoint that was never heard of has no latency and no failures", () => {
  const load = new EndpointLoad();
  load.fade(1e9);
  assert.deepEqual(
    [load.inFlight, load.latency, load.peakLatency, load.errorRate, load.attempts, load.failures],
    [0, 0, 0, 0, 0, 0],
  );
});

for (const at of [0, 5, 1e9]) {
  Deno.test(`the first answer counts in full, be it at ${at}`, () => {
    const load = new EndpointLoad();
    load.heard(80, 200, at);
    assert.deepEqual([load.latency, load.peakLatency, load.errorRate, load.attempts, load.failures], [80, 80, 0, 1, 0]);
    load.heard(180, 200, at + 10_000);
    near(load.latency, 80 * KEPT + 180 * (1 - KEPT));
  });
}

for (
  const [code, failed] of [
    [200, false],
    [301, false],
    [404, false],
    [429, false],
    [499, false],
    [500, true],
    [503, true],
    [599, true],
    [CONNECT_ERROR, true],
    [RESET, true],
    [TIMEOUT, true],
    [PROTOCOL_ERROR, true],
  ] as const
) {
  Deno.test(`an attempt that came to ${code} ${failed ? "is a failure, and no fast one" : "is an answer"}`, () => {
    const load = new EndpointLoad();
    load.heard(1, code, 0);
    assert.deepEqual(
      [load.failures, load.errorRate, load.latency, load.peakLatency],
      failed ? [1, 1, 1_000, 1_000] : [0, 0, 1, 1],
    );
  });
}

Deno.test("a slower answer counts in full in the peak, a faster one like in the average", () => {
  const load = new EndpointLoad();
  load.heard(100, 200, 0);
  load.heard(500, 200, 1);
  assert.equal(load.peakLatency, 500);
  assert.ok(load.latency < 101);
  load.heard(100, 200, 10_001);
  near(load.peakLatency, 500 * KEPT + 100 * (1 - KEPT));
});

Deno.test("a slow failure counts as long as it took", () => {
  const load = new EndpointLoad();
  load.heard(30_000, TIMEOUT, 0);
  assert.deepEqual([load.latency, load.peakLatency], [30_000, 30_000]);
});

for (const usual of [5, 900, 4_000]) {
  Deno.test(`an endpoint that answered in ${usual} ms and now fails at once does not look faster than it was`, () => {
    const load = new EndpointLoad();
    load.heard(usual, 200, 0);
    for (let now = 100; now < 120_000; now += 100) {
      load.heard(1, CONNECT_ERROR, now);
      assert.ok(load.latency > usual - 1e-6, `${load.latency}`);
      assert.ok(load.peakLatency > usual - 1e-6, `${load.peakLatency}`);
    }
    assert.ok(load.latency > 999 && load.peakLatency > 999);
    assert.ok(load.errorRate > 0.99 && load.errorRate <= 1);
  });
}

const gap = fc.integer({ min: 50, max: 30_000 });

Deno.test("property: averages stay within what was heard, and come to it when nothing else is heard", () => {
  const latencies = fc.array(fc.record({ latency: fc.integer({ min: 1, max: 5_000 }), gap }), {
    minLength: 1,
    maxLength: 50,
  });
  fc.assert(fc.property(latencies, fc.integer({ min: 1, max: 5_000 }), gap, (before, steady, every) => {
    const load = new EndpointLoad();
    let now = 0;
    for (const { latency, gap } of before) load.heard(latency, 200, now += gap);
    const all = before.map(({ latency }) => latency), least = Math.min(...all), most = Math.max(...all);
    for (const value of [load.latency, load.peakLatency]) assert.ok(value > least - 1e-6 && value < most + 1e-6);
    assert.ok(load.peakLatency > load.latency - 1e-6);
    // Thirty memories later nothing is left of the rest.
    for (const end = now + 300_000; now < end;) load.heard(steady, 200, now += every);
    near(load.latency, steady);
    near(load.peakLatency, steady);
  }));
});

Deno.test("property: how often an endpoint is asked does not change how fast it forgets", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), (times) => {
    const load = new EndpointLoad();
    load.heard(100, 503, 0);
    for (let i = 1; i <= times; i++) load.heard(100, 200, i * 10_000 / times);
    near(load.errorRate, KEPT);
    near(load.latency, 1_000 * KEPT + 100 * (1 - KEPT));
  }));
});

Deno.test("fade() takes a tenth of what is known, if nothing was heard since", () => {
  const load = new EndpointLoad();
  load.heard(100, 503, 5_000);
  load.fade(4_999);
  assert.deepEqual([load.latency, load.peakLatency, load.errorRate], [1_000, 1_000, 1]);
  load.fade(5_000);
  load.fade(6_000);
  near(load.latency, 810);
  near(load.peakLatency, 810);
  near(load.errorRate, 0.81);
  assert.deepEqual([load.attempts, load.failures], [1, 1]);
});

Deno.test("it is crowded by the lowest limit that any plan has had, so that each of them hears of a change", () => {
  const load = new EndpointLoad();
  load.inFlight = 1_000;
  assert.equal(load.crowded, false, "there is no limit");
  load.lowestLimit = 5;
  assert.deepEqual([1_000, 5, 4].map((inFlight) => Object.assign(load, { inFlight }).crowded), [true, true, false]);
});

Deno.test("an attempt that was beaten counts as slow, and as no failure", () => {
  const load = new EndpointLoad();
  load.slow(300, 1);
  assert.deepEqual([load.latency, load.peakLatency, load.errorRate, load.attempts, load.failures], [300, 300, 0, 0, 0]);
});

Deno.test("attempts are counted by what they came to, and their latencies in seconds where somebody reads them", () => {
  const load = new EndpointLoad();
  load.heard(5, 200, 0);
  load.latencies = new Histogram([0.01, 0.1]);
  for (const code of [101, 204, 302, 404, 503, CONNECT_ERROR, RESET, TIMEOUT, PROTOCOL_ERROR]) load.heard(50, code, 1);
  load.heard(500, 599, 1);
  assert.deepEqual(load.results, {
    "connect-error": 1,
    reset: 1,
    timeout: 1,
    "protocol-error": 1,
    "1xx": 1,
    "2xx": 2,
    "3xx": 1,
    "4xx": 1,
    "5xx": 2,
  });
  assert.deepEqual([...load.latencies.counts], [0, 9, 1]);
});

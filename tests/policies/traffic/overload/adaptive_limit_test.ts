import { strict as assert } from "node:assert";
import { AdaptiveLimit, type AdaptiveLimitPlan } from "../../../../src/policies/traffic/overload/adaptive_limit.ts";
import { seededRandom } from "../../../upstreams/balancers/seeded_random.ts";
import { percentile, type ServiceNow, SimulatedService } from "./simulated_service.ts";

const PLAN: AdaptiveLimitPlan = {
  min: 3,
  max: 1_000,
  window: 100,
  percentile: 0.5,
  buffer: 0.25,
  probe: { every: 30_000, jitter: 0.1, requests: 50 },
};

/** A service under so many times the load that it can take. */
class Load {
  readonly limit: AdaptiveLimit;
  readonly service: SimulatedService;
  #factor: number;

  constructor(factor: number, now: Partial<ServiceNow> = {}, plan: Partial<AdaptiveLimitPlan> = {}, seed = 1) {
    const random = seededRandom(seed);
    this.#factor = factor;
    this.limit = new AdaptiveLimit({ ...PLAN, ...plan }, random, 0);
    this.service = new SimulatedService(this.limit, random, {
      places: 8,
      work: 10,
      even: true,
      failing: 0,
      rate: 0,
      ...now,
    });
    this.change({});
  }

  /** Answers that the service can give in a second. */
  get capacity(): number {
    const { places, work } = this.service.now;
    return places / work * 1_000;
  }

  /** Another service from now on, under so many times its own load. */
  change(now: Partial<ServiceNow>, factor = this.#factor): void {
    Object.assign(this.service.now, now);
    this.#factor = factor;
    this.service.now.rate = this.capacity * factor;
  }

  /** What the service did by what it can do. */
  run(ms: number) {
    const stretch = this.service.run(ms);
    return { ...stretch, use: stretch.done * 1_000 / ms / this.capacity };
  }
}

Deno.test("under three times its capacity, a service is kept busy with a short line", () => {
  const services = [{}, { places: 100 }, { places: 30, work: 200 }, { even: false }, { places: 100, even: false }];
  for (const now of services) {
    const load = new Load(3, now), { places, work } = load.service.now, what = JSON.stringify(now);
    load.run(10_000);
    const { use, meanLimit, latencies } = load.run(10_000);
    assert.ok(use > 0.95, `${what}: ${use} of the capacity is used`);
    assert.ok(meanLimit > places && meanLimit < places * 2, `${what}: the limit is ${meanLimit}`);
    assert.ok(percentile(latencies, 0.5) < 1.8 * work, `${what}: the median is ${percentile(latencies, 0.5)} ms`);
  }
});

Deno.test("the limit comes to the same from below and from above", () => {
  const below = new Load(3), above = new Load(0.9, { places: 100 });
  above.run(20_000);
  assert.ok(above.limit.limit > 100, `it begins at ${above.limit.limit}`);
  above.change({ places: 8 }, 3);
  const limits = [below, above].map((load) => {
    load.run(20_000);
    return load.run(20_000).meanLimit;
  });
  for (const limit of limits) assert.ok(limit > 8 && limit < 16, `${limits}`);
});

Deno.test("the limit recovers when the service becomes slower or faster, or has fewer or more places", () => {
  const changes: [from: Partial<ServiceNow>, to: Partial<ServiceNow>, within: number][] = [
    [{}, { work: 20 }, 10_000],
    [{ places: 100 }, { work: 14 }, 10_000],
    [{ work: 20 }, { work: 200 }, 15_000],
    [{}, { places: 4 }, 5_000],
    [{ places: 4 }, { places: 8 }, 5_000],
    [{ even: false }, { work: 20 }, 10_000],
    // Faster: full use at once, and the line is short again after the next probe.
    [{}, { work: 5 }, 35_000],
  ];
  for (const [from, to, within] of changes) {
    const load = new Load(3, from), what = `${JSON.stringify(from)} to ${JSON.stringify(to)}`;
    load.run(10_000);
    load.change(to);
    load.run(within);
    const { use, latencies } = load.run(10_000), median = percentile(latencies, 0.5);
    assert.ok(use > 0.93, `${what}: ${use} of the capacity is used`);
    assert.ok(median < 1.9 * load.service.now.work, `${what}: the median is ${median} ms`);
  }
});

Deno.test("a service that is faster when there is little to do is measured anew before the next probe is due", () => {
  const load = new Load(0.3, { work: 20 });
  load.run(10_000);
  assert.equal(Math.round(load.limit.minRtt), 20);
  load.change({ work: 5 });
  load.run(10_000);
  assert.equal(Math.round(load.limit.minRtt), 5);
});

Deno.test("the limit stays between min and max", () => {
  const idle = new Load(3, { places: 50 }, { max: 40 }), flooded = new Load(3, { places: 1, even: false }, { min: 6 });
  for (const [{ limit, service }, least, greatest] of [[idle, 3, 40], [flooded, 6, 1_000]] as const) {
    for (let i = 0; i < 400; i++) {
      service.run(100);
      assert.ok(limit.limit >= least && limit.limit <= greatest, `${limit.limit}`);
      assert.ok(limit.inFlight <= greatest);
    }
  }
  assert.equal(idle.limit.limit, 40);
});

Deno.test("the limit does not grow while it is not used", () => {
  const load = new Load(0.3);
  load.run(20_000);
  assert.ok(load.run(20_000).greatestLimit <= 30);
});

Deno.test("a probe comes each half a minute, at a quarter of the limit, and ends soon", () => {
  const load = new Load(3);
  assert.ok(load.limit.probing, "nothing is known at first");
  assert.equal(load.limit.limit, 3);
  load.run(10_000);
  const { probes, longestProbe } = load.run(120_000);
  assert.ok(probes >= 3 && probes <= 4, `${probes} probes`);
  assert.ok(longestProbe < 300, `${longestProbe} ms`);
});

Deno.test("a probe of a slow service takes no more than a twentieth of the time", () => {
  const load = new Load(3, { places: 4, work: 2_000 });
  load.run(60_000);
  let probing = 0;
  for (let i = 0; i < 4_000; i++) {
    load.run(100);
    if (load.limit.probing) probing++;
  }
  assert.ok(probing > 0 && probing <= 4_000 / 15, `${probing} of 4000 looks`);
});

Deno.test("probes come later by chance, by the share that jitter says", () => {
  for (const [chance, due] of [[0, 30_000], [1, 33_000]]) {
    const limit = new AdaptiveLimit(PLAN, () => chance, 0);
    answer(limit, 50, 10, 0);
    assert.ok(!limit.probing, "the first one ends after 500 ms");
    answer(limit, 1, 10, due + 400);
    assert.ok(!limit.probing, `before ${due} ms`);
    answer(limit, 1, 10, due + 600);
    assert.ok(limit.probing, `after ${due} ms`);
  }
});

Deno.test("a probe measures the median of all requests, not of those that were fast enough to be seen", () => {
  const load = new Load(3, { places: 100, even: false }, { probe: { every: 1_000, jitter: 0, requests: 50 } });
  const measured: number[] = [];
  for (let i = 0; i < 60; i++) {
    load.run(500);
    measured.push(load.limit.minRtt);
  }
  const mean = measured.reduce((sum, ms) => sum + ms) / measured.length, median = 10 * Math.LN2;
  assert.ok(mean > median && mean < 1.2 * median, `${mean} ms where the median is ${median} ms`);
});

Deno.test("requests that began before a probe are none of its samples", () => {
  const limit = new AdaptiveLimit(PLAN, () => 0, 0);
  answer(limit, 50, 10, 0);
  const before = Array.from({ length: 60 }, () => limit.admit(40_000));
  for (const admission of before) admission.answered(40_500, false);
  assert.ok(limit.probing);
  for (const admission of before) admission.abandon();
  const early = Array.from({ length: 80 }, () => limit.admit(0));
  answer(limit, 1, 10, 40_501);
  for (const admission of early) admission.answered(40_502, false);
  answer(limit, 60, 10, 40_503);
  assert.deepEqual([limit.minRtt, limit.probing], [10, false]);
});

Deno.test("requests that hang do not keep a probe going", () => {
  const limit = new AdaptiveLimit(PLAN, () => 0, 0);
  answer(limit, 50, 10, 0);
  answer(limit, 1, 10, 40_000);
  assert.ok(limit.probing);
  for (let i = 0; i < 300; i++) limit.admit(40_020);
  answer(limit, 250, 10, 40_020);
  assert.deepEqual([limit.probing, limit.minRtt], [false, 10]);
});

Deno.test("a probe that nobody answers is given up, and the old measure kept", () => {
  const load = new Load(3);
  load.run(20_000);
  const measured = load.limit.minRtt;
  load.change({}, 0.000_1);
  load.run(100_000);
  assert.equal(load.limit.minRtt, measured);
  assert.ok(!load.limit.probing);
});

Deno.test("fast failures are no sign of a fast service", () => {
  const load = new Load(10, { failing: 0.7 });
  load.run(20_000);
  assert.equal(Math.round(load.limit.minRtt), 10);
  const { meanLimit } = load.run(20_000);
  assert.ok(meanLimit > 8 && meanLimit < 25, `${meanLimit}`);
});

Deno.test("slow failures are a sign of a slow service", () => {
  const limits = [false, true].map((failed) => {
    const limit = new AdaptiveLimit(PLAN, () => 0, 0);
    answer(limit, 60, 10, 0);
    answer(limit, 60, 10, 1_000);
    const before = limit.limit;
    answer(limit, 30, 500, 3_000, failed);
    return [before, limit.limit];
  });
  for (const [before, after] of limits) assert.ok(after < before, `${limits}`);
});

Deno.test("a client that leaves is no sample, and frees its place once", () => {
  const limit = new AdaptiveLimit(PLAN, () => 0, 0);
  for (let i = 0; i < 200; i++) {
    const admission = limit.admit(i);
    admission.abandon();
    admission.abandon();
    admission.answered(i + 1, false);
  }
  assert.deepEqual([limit.inFlight, limit.probing, limit.minRtt], [0, true, 0]);
  answer(limit, 50, 10, 200);
  assert.deepEqual([limit.probing, limit.minRtt], [false, 10], "nobody waits for their answers");
});

Deno.test("an outage that hangs all requests leaves the limit where it was, and ends with it", () => {
  const load = new Load(3);
  load.run(10_000);
  const before = load.limit.limit;
  Object.assign(load.service.now, { places: 0, rate: 2_400 });
  load.service.run(20_000);
  assert.deepEqual([load.limit.inFlight, load.limit.limit], [before, before]);
  load.change({ places: 8 });
  load.service.wake();
  load.run(10_000);
  assert.ok(load.run(10_000).use > 0.95);
});

/** So many requests, one after another from `at` on, each answered after `latency`. */
function answer(limit: AdaptiveLimit, count: number, latency: number, at: number, failed = false): void {
  const admissions = Array.from({ length: count }, (_, i) => [limit.admit(at + i * 10), at + i * 10] as const);
  for (const [admission, started] of admissions) {
    admission.answered(started + latency, failed);
    admission.abandon();
  }
}

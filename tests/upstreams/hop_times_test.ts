import { strict as assert } from "node:assert";
import fc from "fast-check";
import { DEFAULT_IN_FLIGHT, DEFAULT_TIMEOUTS } from "../../src/upstreams/default_upstream.ts";
import { largestBackoffs, longestQueue, longestWait, triesOf } from "../../src/upstreams/hop_times.ts";
import { BUDGET_WAIT, DEFAULT_RETRY, type HedgePlan, type RetryPlan } from "../../src/upstreams/retry/retry_plan.ts";
import type { TimeoutsPlan } from "../../src/upstreams/upstream_plan.ts";

const retry = (attempts: number, base = 25, max = 250): RetryPlan => ({
  ...DEFAULT_RETRY,
  attempts,
  backoff: { base, max },
});

Deno.test("triesOf() counts the first try", () => {
  assert.deepEqual([triesOf(null), triesOf(retry(1)), triesOf(retry(3))], [1, 1, 3]);
});

Deno.test("largestBackoffs() doubles from base up to max, one pause fewer than tries", () => {
  const rows: [RetryPlan | null, number][] = [
    [null, 0],
    [retry(1), 0],
    [retry(2), 25],
    [retry(4), 25 + 50 + 100],
    [retry(6, 100, 300), 100 + 200 + 300 + 300 + 300],
    [retry(3, 0, 0), 0],
  ];
  for (const [plan, sum] of rows) assert.equal(largestBackoffs(plan), sum);
});

Deno.test("longestWait() adds tries, pauses, waits for the budget and the queue, and stops at the total", () => {
  const plain = { https: false, queue: 0 };
  const wait = (timeouts: Partial<TimeoutsPlan>, plan: RetryPlan | null, waits = plain) =>
    longestWait({ timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts }, retry: plan, hedge: null }, waits);
  assert.equal(wait({}, null), 32_000);
  assert.equal(wait({}, null, { https: true, queue: 0 }), 35_000);
  assert.equal(wait({}, retry(2)), 64_025 + 1_000);
  assert.equal(wait({}, { ...retry(2), budget: null }), 64_025);
  assert.equal(wait({ attempt: 1_000 }, retry(3), { https: true, queue: 500 }), 3 * (1_000 + 500) + 2_000 + 75);
  assert.equal(wait({ attempt: 1_000, total: 2_000 }, retry(3)), 2_000);
  assert.equal(wait({ total: 60_000 }, null), 32_000);
});

Deno.test("longestWait() counts hedges beside each try: the last of them may begin when the others nearly end", () => {
  const timeouts = { ...DEFAULT_TIMEOUTS, attempt: 1_000 }, waits = { https: false, queue: 0 };
  const wait = (hedge: HedgePlan) => longestWait({ timeouts, retry: null, hedge }, waits);
  assert.equal(wait({ after: 800, max: 1 }), 1_800);
  assert.equal(wait({ after: 200, max: 3 }), 1_600);
  assert.equal(wait({ after: { percentile: 95 }, max: 1 }), 2_000);
  assert.equal(wait({ after: 5_000, max: 1 }), 2_000);
});

Deno.test("longestWait() never grows with a shorter total", () => {
  const ms = fc.integer({ min: 1, max: 100_000 });
  fc.assert(fc.property(ms, ms, fc.integer({ min: 1, max: 10 }), ms, (attempt, total, attempts, base) => {
    const timeouts = { ...DEFAULT_TIMEOUTS, attempt, total }, plan = retry(attempts, base, 10 * base);
    const wait = longestWait({ timeouts, retry: plan, hedge: null }, { https: false, queue: 0 });
    assert.equal(wait, Math.min(total, attempts * attempt + (attempts - 1) * BUDGET_WAIT + largestBackoffs(plan)));
  }));
});

Deno.test("longestQueue() is the queue's time where something limits requests, and somebody may wait", () => {
  assert.equal(longestQueue(DEFAULT_IN_FLIGHT, [null, null]), 0);
  assert.equal(longestQueue(DEFAULT_IN_FLIGHT, [null, 5]), 1_000);
  assert.equal(longestQueue({ ...DEFAULT_IN_FLIGHT, total: 5 }, []), 1_000);
  assert.equal(longestQueue({ ...DEFAULT_IN_FLIGHT, perEndpoint: 5, queueTimeout: 7 }, [null]), 7);
  assert.equal(longestQueue({ ...DEFAULT_IN_FLIGHT, total: 5, queue: 0 }, []), 0);
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { HealthCheck } from "../../../src/upstreams/health/health_check.ts";
import { CheckHarness, PASSED } from "./fake_probe.ts";

/** "+" passed, "-" failed; "u" and "d" where it must have gone up or down behind the probe. */
const ROWS: readonly [title: string, start: "up" | "down", rise: number, fall: number, story: string][] = [
  ["up stays up below `fall`", "up", 2, 3, "- - + - - +"],
  ["`fall` failures in a row make it down", "up", 2, 3, "- - -d - -"],
  ["a pass breaks the row of failures", "up", 2, 3, "- - + - - -d"],
  ["`rise` passes in a row make it up again", "up", 2, 3, "- - -d + +u + +"],
  ["a failure breaks the row of passes", "up", 3, 1, "-d + + - + + +u"],
  ["with both at one it follows each probe", "up", 1, 1, "+ -d +u -d +u +"],
  ["from down one pass is enough", "down", 3, 3, "+u"],
  ["from down one pass is enough, however many failed", "down", 3, 3, "- - - - +u"],
  ["only the first time", "down", 3, 2, "+u - -d + + +u"],
];

for (const [title, start, rise, fall, story] of ROWS) {
  Deno.test(`a health check: ${title}`, () => {
    using harness = new CheckHarness({ start, rise, fall });
    const { check, changes } = harness;
    check.start();
    assert.equal(check.up, start === "up");
    let up = check.up, count = 0;
    for (const [step, index] of story.split(" ").map((step, index) => [step, index] as const)) {
      harness.next(step[0] === "+" ? null : "status 503");
      if (step[1] !== undefined) {
        up = step[1] === "u";
        count++;
      }
      assert.deepEqual([index, check.up, changes.length], [index, up, count]);
    }
  });
}

Deno.test("a health check agrees with a model on any row of results", () => {
  fc.assert(fc.property(
    fc.constantFrom("up" as const, "down" as const),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.boolean(), { maxLength: 40 }),
    (start, rise, fall, results) => {
      using harness = new CheckHarness({ start, rise, fall });
      harness.check.start();
      let up = start === "up", wasUp = up;
      results.forEach((passed, i) => {
        harness.next(passed ? null : "no");
        const lastOf = (count: number) => results.slice(Math.max(0, i + 1 - count), i + 1);
        const need = wasUp ? rise : 1;
        if (!up && lastOf(need).length === need && lastOf(need).every((result) => result)) up = wasUp = true;
        else if (up && i + 1 >= fall && lastOf(fall).every((result) => !result)) up = false;
        assert.equal(harness.check.up, up);
      });
    },
  ));
});

Deno.test("a change says why: the last failure and how many, or how many passed", () => {
  using harness = new CheckHarness();
  harness.check.start();
  for (const result of ["status 500", "status 503", "no answer within 2s", null, null]) harness.next(result);
  assert.deepEqual(harness.changes, ["down: 3 probes failed: no answer within 2s", "up: 2 probes passed"]);
  using single = new CheckHarness({ start: "down" });
  single.check.start();
  single.next(null);
  assert.deepEqual(single.changes, ["up: 1 probe passed"]);
});

Deno.test("the interval counts from the end of a probe, and probes never overlap", () => {
  using harness = new CheckHarness({ start: "down", interval: 1_000 });
  harness.check.start();
  harness.clock.advance(5_000);
  assert.deepEqual(harness.began, [0]);
  harness.answer(null);
  harness.clock.advance(950);
  assert.equal(harness.probing, false);
  harness.clock.advance(50);
  assert.deepEqual(harness.began, [0, 6_000]);
});

Deno.test("jitter adds or takes its share of the interval", () => {
  for (const [chance, second] of [[0, 8_000], [0.5, 10_000], [0.75, 11_000]]) {
    using harness = new CheckHarness({ start: "down", jitter: 0.2 });
    harness.check.start();
    harness.chance = chance;
    harness.answer(null);
    harness.clock.advance(20_000);
    assert.deepEqual(harness.began, [0, second]);
  }
});

Deno.test("an endpoint that starts down is probed at once, others within the first second of the interval", () => {
  const rows = [["down", 10_000, 0.9, 0], ["up", 10_000, 0.9, 900], ["up", 500, 0.9, 450], [
    "up",
    10_000,
    0,
    50,
  ]] as const;
  for (const [start, interval, chance, first] of rows) {
    using harness = new CheckHarness({ start, interval });
    harness.chance = chance;
    harness.check.start();
    harness.clock.advance(2_000);
    assert.deepEqual(harness.began, [first]);
  }
});

Deno.test("starting again changes nothing", () => {
  using harness = new CheckHarness({ start: "down" });
  harness.check.start();
  harness.check.start();
  harness.answer(null);
  harness.check.start();
  harness.clock.advance(9_950);
  assert.deepEqual([harness.began.length, harness.deadlines.size], [1, 1]);
});

Deno.test("the last probe is shown with its result, date, duration and place in the row", () => {
  using harness = new CheckHarness({ start: "down" });
  harness.clock.setWall(1_000_000);
  const last = () => harness.check.lastProbe;
  assert.equal(last(), null);
  harness.check.start();
  harness.clock.advance(30);
  harness.answer("status 503");
  const failed = { passed: false, reason: "status 503", at: 1_000_030, duration: 30, inARow: 1 };
  assert.deepEqual(last(), failed);
  harness.next("status 500");
  assert.deepEqual([last()?.inARow, last()?.reason], [2, "status 500"]);
  harness.next(null);
  assert.deepEqual([last()?.inARow, last()?.reason], [1, ""]);
});

Deno.test("closing cancels the probe under way, and leaves no deadline", () => {
  using harness = new CheckHarness({ start: "down" });
  harness.check.start();
  harness.check.close();
  assert.deepEqual([harness.cancelled, harness.deadlines.size], [1, 0]);
  harness.check.start();
  assert.equal(harness.began.length, 1);
});

Deno.test("closing between two probes, or before the first, leaves no deadline", () => {
  using between = new CheckHarness({ start: "down" });
  between.check.start();
  between.answer(null);
  using before = new CheckHarness();
  before.check.start();
  for (const { check, deadlines, clock, began } of [between, before]) {
    assert.equal(deadlines.size, 1);
    check.close();
    assert.equal(deadlines.size, 0);
    const { length } = began;
    clock.advance(60_000);
    assert.equal(began.length, length);
  }
});

Deno.test("who hears of a change may close the check", () => {
  using harness = new CheckHarness();
  const world = { clock: harness.clock, deadlines: harness.deadlines, random: () => 0 };
  const plan = {
    probe: { kind: "tcp" },
    interval: 1_000,
    jitter: 0,
    timeout: 1,
    rise: 1,
    fall: 1,
    start: "down",
  } as const;
  // The probe settles at once, as one does that cannot be sent.
  const check: HealthCheck = new HealthCheck(plan, (settle) => (settle(PASSED), () => {}), world, () => check.close());
  check.start();
  assert.deepEqual([check.up, harness.deadlines.size], [true, 0]);
});

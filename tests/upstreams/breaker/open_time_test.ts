import { strict as assert } from "node:assert";
import fc from "fast-check";
import { OpenTime } from "../../../src/upstreams/breaker/open_time.ts";

const take = (time: OpenTime, count: number) => Array.from({ length: count }, () => time.take());

const table: readonly [openFor: number, maxOpenFor: number, times: readonly number[]][] = [
  [1_000, 1_000_000, [1_000, 2_000, 4_000, 8_000, 16_000]],
  [30_000, 300_000, [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]],
  [1_000, 1_500, [1_000, 1_500, 1_500]],
  [1_000, 1_000, [1_000, 1_000, 1_000]],
];

for (const [openFor, maxOpenFor, times] of table) {
  Deno.test(`from ${openFor} to ${maxOpenFor} ms: ${times.join(", ")}`, () => {
    const time = new OpenTime({ openFor, maxOpenFor, jitter: 0 }, () => 0.5);
    assert.deepEqual(take(time, times.length), times);
    time.reset();
    assert.deepEqual(take(time, times.length), times);
  });
}

Deno.test("chance is drawn for each time, and does not grow with them", () => {
  const draws = [0.5, 0, 0.25],
    time = new OpenTime(
      { openFor: 1_000, maxOpenFor: 60_000, jitter: 0.2 },
      () => draws.shift()!,
    );
  assert.deepEqual(take(time, 3), [1_100, 2_000, 4_200]);
});

Deno.test("property: chance only adds, at most its share, also at the cap", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true }),
    draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(share, fc.array(draw, { minLength: 8, maxLength: 8 }), (jitter, draws) => {
    const plan = { openFor: 1_000, maxOpenFor: 30_000 };
    const plain = take(new OpenTime({ ...plan, jitter: 0 }, () => 0), 8);
    const times = take(new OpenTime({ ...plan, jitter }, () => draws.shift()!), 8);
    for (const [at, time] of times.entries()) {
      assert.ok(time >= plain[at] && time <= plain[at] * (1 + jitter), `${time} for ${plain[at]}`);
    }
  }));
});

Deno.test("at the cap, breakers that draw differently open for different times", () => {
  const plan = { openFor: 1_000, maxOpenFor: 1_000, jitter: 0.1 };
  assert.notEqual(new OpenTime(plan, () => 0.1).take(), new OpenTime(plan, () => 0.9).take());
});

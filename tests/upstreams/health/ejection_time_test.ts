import { strict as assert } from "node:assert";
import fc from "fast-check";
import { EjectionTime } from "../../../src/upstreams/health/ejection_time.ts";

/** Each row: quiet time before an ejection, and how long that must last. */
const ROWS: readonly [title: string, steps: readonly (readonly [quiet: number, lasts: number])[]][] = [
  ["each adds as much, up to the most", [[0, 30], [0, 60], [0, 90], [0, 100], [0, 100]]],
  ["less than a period forgets nothing", [[0, 30], [29, 60], [29, 90]]],
  ["each whole period forgets one", [[0, 30], [0, 60], [0, 90], [30, 90], [60, 60], [59, 60]]],
  ["it does not fall below the first", [[0, 30], [10_000, 30], [0, 60]]],
  ["a bad year is forgotten after `maxEjectFor` and a bit", [
    ...[30, 60, 90, 100].map((lasts) => [0, lasts] as const),
    ...Array.from({ length: 1_000 }, () => [0, 100] as const),
    [120, 30],
  ]],
];

for (const [title, steps] of ROWS) {
  Deno.test(`EjectionTime: ${title}`, () => {
    const time = new EjectionTime({ ejectFor: 30, maxEjectFor: 100 });
    let now = 5_000;
    for (const [quiet, lasts] of steps) {
      now += quiet;
      assert.equal(time.begin(now), lasts);
      now += lasts;
      time.end(now);
    }
  });
}

Deno.test("EjectionTime agrees with a model that forgets step by step", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 0, max: 300 }),
    fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 30 }),
    (ejectFor, more, quiets) => {
      const plan = { ejectFor, maxEjectFor: ejectFor + more }, time = new EjectionTime(plan);
      let now = 1_000_000, level = 0;
      for (const quiet of quiets) {
        now += quiet;
        for (let t = ejectFor; t <= quiet && level > 0; t += ejectFor) level--;
        level = Math.min(level + 1, Math.ceil(plan.maxEjectFor / ejectFor));
        const lasts = Math.min(level * ejectFor, plan.maxEjectFor);
        assert.equal(time.begin(now), lasts);
        now += lasts;
        time.end(now);
      }
    },
  ));
});

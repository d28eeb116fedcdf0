import assert from "node:assert/strict";
import fc from "fast-check";
import { CONTENDERS } from "../../../../bench/cache_eviction/contenders.ts";
import { play } from "../../../../bench/cache_eviction/play.ts";
import { sizeOf, trace } from "../../../../bench/cache_eviction/trace.ts";
import { Evictable } from "../../../../src/policies/cache/memory/eviction.ts";
import { kept, makeShelf, NO_FIELDS } from "./kept.ts";

const steps = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom("add", "add", "touch", "replace", "resize", "remove", "victim") },
      { weight: 1, arbitrary: fc.constant("clear") },
    ),
    nth: fc.nat(50),
    bytes: fc.nat(100),
  }),
  { maxLength: 200, size: "max" },
);

for (const { name, create } of CONTENDERS) {
  Deno.test(`eviction "${name}" names each entry once, and only those that are there`, () => {
    fc.assert(fc.property(steps, (steps) => {
      const eviction = create<Evictable>(500, 10), there: Evictable[] = [];
      let made = 0;
      const make = (bytes: number) => Object.assign(new Evictable(made++ % 30), { bytes });
      for (const { what, nth, bytes } of steps) {
        const at = nth % Math.max(1, there.length), one = there[at];
        if (what === "add") {
          there.push(make(bytes));
          eviction.added(there.at(-1)!);
        } else if (what === "clear") {
          eviction.clear();
          there.length = 0;
        } else if (what === "victim") {
          const victim = eviction.victim();
          assert.equal(victim === undefined, there.length === 0);
          if (victim === undefined) continue;
          assert.ok(there.includes(victim));
          there.splice(there.indexOf(victim), 1);
        } else if (one === undefined) continue;
        else if (what === "touch") eviction.touched(one);
        else if (what === "resize") {
          eviction.resized(one, bytes);
          assert.equal(one.bytes, bytes);
        } else if (what === "remove") {
          eviction.removed(one);
          there.splice(at, 1);
        } else {
          there[at] = make(bytes);
          eviction.replaced(one, there[at]);
        }
      }
      const rest = new Set(there.map(() => eviction.victim()));
      assert.deepEqual(rest, new Set(there));
      assert.equal(eviction.victim(), undefined);
    }));
  });
}

const SMALL = { requests: 60_000, objects: 6_000, exponent: 0.9, scans: 0, scanLength: 1_000, drift: 0, seed: 7 };

for (
  const [name, change] of [["Zipf", {}], ["scans", { scans: 0.2 }], ["fashions", { scans: 0.1, drift: 0.001 }]] as const
) {
  Deno.test(`the shelf finds as many answers as the best of five ways to evict would, within three points: ${name}`, () => {
    const asked = trace({ ...SMALL, ...change });
    for (const entries of [120, 600]) {
      const best = Math.max(
        ...CONTENDERS.slice(1).map(({ create }) => play(asked, () => 1, entries, create(entries, entries), 0).hits),
      );
      const shelf = makeShelf({ maxEntries: entries });
      let hits = 0;
      for (const object of asked) {
        const key = `https://example.com/${object}`;
        if (shelf.find(key, "", NO_FIELDS) !== undefined) hits++;
        else shelf.put(key, "", NO_FIELDS, ANSWER);
      }
      assert.ok(hits / asked.length > best - 0.03, `${hits / asked.length} against ${best}`);
    }
  });
}

Deno.test("with objects of different sizes, what the gateway ships is within three points of the best too", () => {
  const asked = trace({ ...SMALL, scans: 0.1 });
  for (const capacity of [1e7, 1e8]) {
    const hits = CONTENDERS.map(({ create }) =>
      play(asked, sizeOf, capacity, create(capacity, capacity / 18_000), 0).hits
    );
    assert.ok(hits[0] > Math.max(...hits) - 0.03, `${hits}`);
  }
});

const ANSWER = kept("");

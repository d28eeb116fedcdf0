import { strict as assert } from "node:assert";
import { baseName, type Family, family } from "../../../src/telemetry/metrics/family.ts";

const FINE: Family = { name: "a_seconds", type: "gauge", unit: "seconds", help: "It is there.", labels: ["route"] };

Deno.test("family() takes good names, and freezes what it gives", () => {
  const made = family(FINE);
  assert.deepEqual(made, FINE);
  assert.ok(Object.isFrozen(made) && Object.isFrozen(made.labels));
});

const WRONG: readonly (readonly [Partial<Family>, RegExp])[] = [
  [{ name: "a-seconds" }, /other characters/],
  [{ name: "1a_seconds" }, /other characters/],
  [{ name: "a_seconds", type: "counter" }, /ends in _total/],
  [{ name: "a_seconds_total" }, /another type/],
  [{ name: "a_count", unit: undefined }, /another type/],
  [{ name: "a_total_total", type: "counter", unit: undefined }, /another type/],
  [{ name: "a_seconds", type: "info" }, /ends in _info/],
  [{ name: "a_info", unit: undefined }, /another type/],
  [{ name: "a_millis" }, /unit, seconds/],
  [{ name: "seconds" }, /unit, seconds/],
  [{ name: "a_seconds_sum", type: "histogram" }, /another type/],
  [{ help: "" }, /needs help/],
  [{ help: " x" }, /needs help/],
  [{ labels: ["a", "a"] }, /stands twice/],
  [{ labels: ["a-b"] }, /no name for a label/],
  [{ labels: ["__name"] }, /no name for a label/],
  [{ labels: ["le"], type: "histogram" }, /label of its buckets/],
];
for (const [change, message] of WRONG) {
  Deno.test(`family() refuses ${JSON.stringify(change)}`, () => {
    assert.throws(() => family({ ...FINE, ...change }), message);
  });
}

Deno.test("baseName() is the name without what the type adds to it", () => {
  const of = (name: string, type: Family["type"]) => baseName({ ...FINE, name, type });
  assert.equal(of("a_total", "counter"), "a");
  assert.equal(of("a_info", "info"), "a");
  assert.equal(of("a_seconds", "histogram"), "a_seconds");
});

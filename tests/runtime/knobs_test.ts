import { strict as assert } from "node:assert";
import { Knobs } from "../../src/runtime/knobs.ts";

const RANGE = { min: 1, max: 100 };

Deno.test("a knob keeps its turned value over plans that say the same", () => {
  const knobs = new Knobs(), knob = knobs.knob("limit", 10, RANGE);
  assert.ok(knobs.turn("limit", 40));
  assert.equal(knobs.knob("limit", 10, RANGE), knob);
  assert.equal(knob.value, 40);
});

Deno.test("another initial value puts it back, for everybody who holds it", () => {
  const knobs = new Knobs(), knob = knobs.knob("limit", 10, RANGE);
  knobs.turn("limit", 40);
  knobs.knob("limit", 20, RANGE);
  assert.equal(knob.value, 20);
});

Deno.test("a value never leaves the range, when turned or when the range changes", () => {
  const knobs = new Knobs(), knob = knobs.knob("limit", 500, RANGE);
  assert.equal(knob.value, 100);
  knobs.turn("limit", -3);
  assert.equal(knob.value, 1);
  knobs.knob("limit", 500, { min: 50, max: 60 });
  assert.equal(knob.value, 50);
});

Deno.test("turning what is not there says so", () => assert.ok(!new Knobs().turn("limit", 1)));

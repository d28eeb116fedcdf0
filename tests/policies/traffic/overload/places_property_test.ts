import { strict as assert } from "node:assert";
import fc from "fast-check";
import { TimerWheel } from "../../../../src/core/timer_wheel.ts";
import { type Place, Places } from "../../../../src/policies/traffic/overload/places.ts";
import { FakeClock } from "../../../support/fake_clock.ts";

const KEYS = ["a", ""], QUEUE = 3, TIMEOUT = 500, STEP = 50;

type Step =
  | { readonly do: "come"; readonly key: string }
  /** The one of all that are there, at this place of the way from the oldest to the newest. */
  | { readonly do: "go"; readonly which: number }
  | { readonly do: "wait"; readonly steps: number }
  | { readonly do: "turn"; readonly max: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("come" as const), key: fc.constantFrom(...KEYS) }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("go" as const), which: fc.double({ min: 0, max: 0.999, noNaN: true }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), steps: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("turn" as const), max: fc.integer({ min: 1, max: 4 }) }) },
);

interface Guest {
  readonly key: string;
  readonly place: Place;
  readonly since: number;
}

/** What should be: of each key, who is in and who waits, in order. */
class Model {
  max = 2;
  now = 0;
  inside: Guest[] = [];
  line: Guest[] = [];

  ofKey(list: readonly Guest[], key: string): Guest[] {
    return list.filter((guest) => guest.key === key);
  }

  letIn(key: string): void {
    while (this.ofKey(this.inside, key).length < this.max && this.ofKey(this.line, key).length > 0) {
      const [first] = this.ofKey(this.line, key);
      this.line = this.line.filter((guest) => guest !== first);
      this.inside.push(first);
    }
  }

  remove(guest: Guest): void {
    const wasIn = this.inside.includes(guest);
    this.inside = this.inside.filter((other) => other !== guest);
    this.line = this.line.filter((other) => other !== guest);
    if (wasIn) this.letIn(guest.key);
  }
}

Deno.test("places go to those who came first, each to one, and never more than there are", () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => {
    const clock = new FakeClock(), deadlines = new TimerWheel(clock), model = new Model();
    const places = new Places({
      get value() {
        return model.max;
      },
    });
    for (const step of steps) {
      if (step.do === "come") come(step.key);
      else if (step.do === "go") go(step.which);
      else if (step.do === "turn") model.max = step.max;
      else for (let i = 0; i < step.steps; i++) wait();
      agree();
    }
    while (model.inside.length + model.line.length > 0) go(0);
    assert.deepEqual([places.keys, deadlines.size], [0, 0], "nothing is left of anybody");
    deadlines.close();

    function come(key: string): void {
      model.letIn(key);
      const free = model.ofKey(model.inside, key).length < model.max, waiting = model.ofKey(model.line, key).length;
      const place = places.enter(key, { queue: QUEUE, queueTimeout: TIMEOUT }, deadlines);
      if (!free && waiting >= QUEUE) return assert.equal(place, null);
      assert.ok(place !== null);
      assert.equal(place.settled === null, free);
      (free ? model.inside : model.line).push({ key, place, since: model.now });
    }

    function go(which: number): void {
      const all = [...model.inside, ...model.line].sort((a, b) => a.since - b.since);
      const guest = all[Math.floor(which * all.length)];
      if (guest === undefined) return;
      guest.place.abandon();
      guest.place.abandon();
      assert.equal(guest.place.held, false);
      model.remove(guest);
    }

    function wait(): void {
      clock.advance(STEP);
      model.now += STEP;
      // The wheel looks each 50 ms, and it may have begun between two of the model's steps.
      for (const guest of model.line.slice()) if (model.now - guest.since >= TIMEOUT) model.remove(guest);
    }

    function agree(): void {
      for (const key of KEYS) {
        const inside = model.ofKey(model.inside, key), line = model.ofKey(model.line, key);
        assert.deepEqual([places.active(key), places.waiting(key)], [inside.length, line.length], `key "${key}"`);
      }
      for (const { place } of model.inside) assert.ok(place.held);
      for (const { place } of model.line) assert.ok(!place.held);
      const present = new Set([...model.inside, ...model.line].map(({ key }) => key));
      assert.equal(places.keys, present.size);
    }
  }));
});

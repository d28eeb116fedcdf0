import { strict as assert } from "node:assert";
import fc from "fast-check";
import { ReplayMemory } from "../../../../src/policies/auth/hmac/replay_memory.ts";

Deno.test("ReplayMemory knows what it was given for as long as it was told", () => {
  const step = fc.record({
    after: fc.integer({ min: 0, max: 90_000 }),
    text: fc.constantFrom("a", "b", "c", "d"),
    lasts: fc.integer({ min: 1, max: 400_000 }),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const memory = new ReplayMemory(), until = new Map<string, number>();
    let now = 0;
    for (const { after, text, lasts } of steps) {
      now += after;
      const known = (until.get(text) ?? 0) > now;
      if (known) assert.equal(memory.has(text, now), true);
      const taken = memory.take(text, now + lasts, now, 100);
      if (known) assert.equal(taken, "seen");
      if (taken === "new") until.set(text, now + lasts);
      assert.equal(memory.has(text, now), true);
    }
  }));
});

Deno.test("ReplayMemory forgets what is over, within a minute", () => {
  const memory = new ReplayMemory();
  for (let i = 0; i < 10; i++) memory.take(String(i), i * 60_000, 0, 100);
  assert.equal(memory.size, 10);
  assert.equal(memory.has("0", 5 * 60_000), false);
  assert.equal(memory.size, 5);
  assert.equal(memory.take("0", 6 * 60_000, 5 * 60_000, 100), "new");
  assert.equal(memory.has("x", 100 * 60_000), false);
  assert.equal(memory.size, 0);
});

Deno.test("ReplayMemory says when it is full, and forgets nothing for it", () => {
  const memory = new ReplayMemory();
  assert.equal(memory.take("a", 1_000, 0, 2), "new");
  assert.equal(memory.take("b", 1_000, 0, 2), "new");
  assert.equal(memory.take("c", 1_000, 0, 2), "full");
  assert.equal(memory.take("a", 1_000, 0, 2), "seen");
  assert.equal(memory.take("c", 61_000, 60_000, 2), "new");
});

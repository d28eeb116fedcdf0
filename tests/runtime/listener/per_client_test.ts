import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PerClient } from "../../../src/runtime/listener/per_client.ts";

Deno.test("PerClient gives each client its own places, and one that is given back is free again", () => {
  const places = new PerClient(2), a = "192.0.2.1", b = "192.0.2.2";
  assert.deepEqual([places.enter(a), places.enter(a), places.enter(a)], [true, true, false]);
  assert.deepEqual([places.enter(b), places.enter(b), places.enter(b)], [true, true, false]);
  places.leave(a);
  assert.deepEqual([places.enter(a), places.enter(a), places.enter(b)], [true, false, false]);
});

Deno.test("PerClient without a limit takes everybody", () => {
  const places = new PerClient(null);
  for (let i = 0; i < 10_000; i++) assert.ok(places.enter("192.0.2.1"));
});

Deno.test("property: PerClient never has more than the limit of a client, and refuses nobody below it", () => {
  const step = fc.record({ client: fc.constantFrom("a", "b", "c"), leaves: fc.boolean() });
  fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step, { maxLength: 60 }), (most, steps) => {
    const places = new PerClient(most), open: Record<string, number> = { a: 0, b: 0, c: 0 };
    for (const { client, leaves } of steps) {
      if (!leaves) {
        const free = open[client] < most;
        assert.equal(places.enter(client), free);
        if (free) open[client]++;
      } else if (open[client] > 0) {
        places.leave(client);
        open[client]--;
      }
    }
  }));
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { VerifiedCache } from "../../../src/policies/auth/verified_cache.ts";

Deno.test("VerifiedCache gives what was put in until its time", () => {
  const cache = new VerifiedCache<string>(10);
  cache.set("a", "alice", 1_000);
  assert.deepEqual([cache.get("a", 999), cache.get("a", 1_000), cache.get("b", 0)], ["alice", undefined, undefined]);
});

Deno.test("VerifiedCache keeps what is used, and no more than it may", () => {
  const cache = new VerifiedCache<number>(8);
  cache.set("kept", 0, Infinity);
  for (let i = 0; i < 100; i++) {
    cache.set(`k${i}`, i, Infinity);
    assert.equal(cache.get("kept", 0), 0, `after ${i} others`);
  }
  const left = Array.from({ length: 100 }, (_, i) => cache.get(`k${i}`, 0)).filter((value) => value !== undefined);
  assert.ok(left.length <= 8, `${left.length} are left`);
  assert.equal(left.at(-1), 99);
});

Deno.test("VerifiedCache of size 0 remembers nothing", () => {
  const none = new VerifiedCache<number>(0);
  none.set("a", 1, Infinity);
  assert.deepEqual([none.get("a", 0), none.knew("a")], [undefined, false]);
});

Deno.test("VerifiedCache knows what was good before, until it forgets that", () => {
  const cache = new VerifiedCache<number>(3), keys = ["a", "b", "c"];
  const known = () => keys.map((key) => [cache.get(key, 0), cache.knew(key)]);
  for (const key of keys) cache.set(key, 1, Infinity);
  cache.expire();
  assert.deepEqual(known(), Array(3).fill([undefined, true]));
  cache.set("a", 2, Infinity);
  for (const key of ["b", "c"]) cache.forget(key);
  assert.deepEqual(known(), [[2, true], [undefined, false], [undefined, false]]);
});

Deno.test("VerifiedCache never gives another value than the last that was put in, nor one whose time is over", () => {
  const key = fc.constantFrom("a", "b", "c", "d", "e");
  const step = fc.oneof(
    fc.record({ set: key, value: fc.nat(), lives: fc.nat(20) }),
    fc.record({ get: key, pass: fc.nat(5) }),
  );
  fc.assert(fc.property(fc.nat(6), fc.array(step, { maxLength: 60 }), (most, steps) => {
    const cache = new VerifiedCache<number>(most), model = new Map<string, { value: number; until: number }>();
    let now = 0;
    for (const one of steps) {
      if ("set" in one) {
        cache.set(one.set, one.value, now + one.lives);
        model.set(one.set, { value: one.value, until: now + one.lives });
        continue;
      }
      now += one.pass;
      const got = cache.get(one.get, now), known = model.get(one.get);
      if (got !== undefined) assert.ok(known !== undefined && known.value === got && known.until > now);
    }
  }));
});

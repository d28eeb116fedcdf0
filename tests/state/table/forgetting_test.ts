import assert from "node:assert/strict";
import { ruleOf } from "../../../src/core/limit.ts";
import { MemoryLimiter } from "../../../src/state/memory/memory_limiter.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { MODELLED } from "../limit_models.ts";

const LIMIT = 5, PER = 60_000, MAX_KEYS = 1000;
const RULE = ruleOf({ limit: LIMIT, per: PER, maxDelay: PER / LIMIT * (LIMIT - 1) });
const SPENT = Array.from({ length: 20 }, (_, i) => `spent ${i}`);

for (const { algorithm } of MODELLED) {
  const limiterAt = (clock: FakeClock) =>
    new MemoryLimiter({ id: "x", algorithms: [algorithm], maxKeys: MAX_KEYS }, clock);
  const spend = (limiter: MemoryLimiter) => {
    for (const key of SPENT) for (let i = 0; i < LIMIT; i++) limiter.take([key], [RULE], 1);
  };

  Deno.test(`${algorithm.name}: whoever floods the table gets no key forgotten that has spent its limit`, () => {
    const clock = new FakeClock(), flooded = limiterAt(clock), calm = limiterAt(clock);
    spend(flooded);
    spend(calm);
    for (let n = 0; n < 20 * MAX_KEYS; n++) {
      assert.equal(flooded.take([`fresh ${n}`], [RULE], 1)[0].admitted, true);
      // Until all of the limit is back but for two requests' worth.
      clock.advance(PER / LIMIT * (LIMIT - 2) / (20 * MAX_KEYS));
    }
    for (const key of SPENT) assert.deepEqual(flooded.take([key], [RULE], 0), calm.take([key], [RULE], 0));
  });

  Deno.test(`${algorithm.name}: whoever only asks, or is refused, gets nobody forgotten`, () => {
    const limiter = limiterAt(new FakeClock()), keys = Array.from({ length: 20 * MAX_KEYS }, (_, i) => `k${i}`);
    for (const key of keys) limiter.take([key], [RULE], 1);
    const known = () => keys.map((key) => limiter.take([key], [RULE], 0)[0].remaining);
    const before = known();
    assert.ok(before.filter((remaining) => remaining === LIMIT - 1).length >= MAX_KEYS);
    const toAll = { ...RULE, limit: 0, burst: 0, maxDelay: -1 };
    for (let n = 0; n < MAX_KEYS; n++) {
      limiter.take([`asks ${n}`], [RULE], 0);
      assert.equal(limiter.take([`refused ${n}`], [toAll], 1)[0].admitted, false);
    }
    assert.deepEqual(known(), before);
  });
}

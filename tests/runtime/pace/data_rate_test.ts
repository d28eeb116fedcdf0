import { strict as assert } from "node:assert";
import { DataRate } from "../../../src/runtime/pace/data_rate.ts";

const SECOND = 1_000;

Deno.test("DataRate judges nobody in the first half minute of waiting", () => {
  const rate = new DataRate(1_000);
  rate.wait(0);
  assert.equal(rate.tooSlow(30 * SECOND), false);
  assert.equal(rate.tooSlow(30 * SECOND + 1), true);
});

Deno.test("DataRate: exactly the least rate is enough, a byte less is not", () => {
  for (const [bytes, slow] of [[40_000, false], [39_999, true]] as const) {
    const rate = new DataRate(1_000);
    rate.wait(0);
    rate.moved(bytes, 40 * SECOND);
    assert.equal(rate.tooSlow(40 * SECOND), slow, `${bytes} bytes in 40 s`);
  }
});

Deno.test("DataRate counts no time in which nobody waits for the peer", () => {
  const rate = new DataRate(1_000);
  rate.wait(0);
  rate.moved(25_000, 25 * SECOND);
  assert.equal(rate.tooSlow(3_600 * SECOND), false);
  // It goes on where it stopped: six seconds more are thirty-one.
  rate.wait(3_600 * SECOND);
  assert.equal(rate.tooSlow(3_605 * SECOND), false);
  assert.equal(rate.tooSlow(3_606 * SECOND), true);
});

Deno.test("DataRate: bytes that came ahead count for later, as of a peer that sends in bursts", () => {
  const rate = new DataRate(1_000);
  rate.wait(0);
  rate.moved(60_000, 1 * SECOND);
  rate.wait(1 * SECOND);
  assert.equal(rate.tooSlow(60 * SECOND), false);
  assert.equal(rate.tooSlow(61 * SECOND), true);
});

Deno.test("DataRate: bytes that were not waited for take no time", () => {
  const rate = new DataRate(1_000);
  rate.moved(10, 50 * SECOND);
  rate.moved(10, 100 * SECOND);
  assert.equal(rate.tooSlow(200 * SECOND), false);
});

Deno.test("DataRate of 0 lets any rate pass", () => {
  const rate = new DataRate(0);
  rate.wait(0);
  assert.equal(rate.tooSlow(1_000_000 * SECOND), false);
});

import assert from "node:assert/strict";
import { LOCK_BYTES } from "../../../src/state/shared_memory/counts_region.ts";
import { type Patience, StripeLocks } from "../../../src/state/shared_memory/stripe_locks.ts";

const STRIPES = 2, STEP = LOCK_BYTES / 4;

/** The locks of several threads, and who holds which. */
class Bed {
  readonly words = new Int32Array(new SharedArrayBuffer(STRIPES * LOCK_BYTES));

  locks(holder: number, patience?: Patience): StripeLocks {
    return new StripeLocks(this.words, 0, STRIPES, holder, patience);
  }

  get holders(): number[] {
    return Array.from({ length: STRIPES }, (_, stripe) => this.words[stripe * STEP] & 0xffff);
  }
}

/** Does something each time that somebody is about to sleep, and sleeps `times` times. */
function patience(times: number, before: () => void): Patience {
  return {
    ms: 0,
    get times() {
      before();
      return times;
    },
  };
}

Deno.test("StripeLocks keeps the locks of stripes apart", () => {
  const bed = new Bed(), first = bed.locks(1), second = bed.locks(65_535);
  first.lock(0);
  second.lock(1);
  assert.deepEqual(bed.holders, [1, 65_535]);
  first.unlock(0);
  second.lock(0);
  assert.deepEqual(bed.holders, [65_535, 65_535]);
  second.unlock(0);
  second.unlock(1);
  assert.deepEqual(bed.holders, [0, 0]);
});

Deno.test("StripeLocks waits until the holder is done", () => {
  const bed = new Bed(), first = bed.locks(1);
  let waits = 0;
  const second = bed.locks(2, patience(1000, () => ++waits === 1 && first.unlock(0)));
  first.lock(0);
  second.lock(0);
  assert.deepEqual([waits, bed.holders[0]], [1, 2]);
});

Deno.test("StripeLocks takes a lock away from who has it for too long, and not from who has it anew", () => {
  const bed = new Bed(), busy = bed.locks(1);
  let turns = 0;
  const waiting = bed.locks(
    2,
    patience(0, () => {
      assert.equal(bed.holders[0], 1);
      if (++turns === 4) return;
      busy.unlock(0);
      busy.lock(0);
    }),
  );
  busy.lock(0);
  waiting.lock(0);
  assert.deepEqual([turns, bed.holders[0]], [4, 2]);
});

Deno.test("StripeLocks does not let a holder who was taken for dead open another's lock", () => {
  const bed = new Bed(), slow = bed.locks(1), other = bed.locks(2, patience(0, () => {}));
  slow.lock(0);
  other.lock(0);
  slow.unlock(0);
  assert.deepEqual(bed.holders, [2, 0]);
});

Deno.test("StripeLocks opens the locks of a thread that has ended, and nobody else's", () => {
  const bed = new Bed(), gone = bed.locks(3), other = bed.locks(4);
  gone.lock(0);
  other.lock(1);
  bed.locks(5).releaseLocksOf(3);
  assert.deepEqual(bed.holders, [0, 4]);
});

Deno.test("StripeLocks counts holders beyond what a word has room for", () => {
  const bed = new Bed(), locks = bed.locks(65_535);
  for (let i = 0; i < 70_000; i++) {
    locks.lock(0);
    locks.unlock(0);
  }
  assert.deepEqual(bed.holders, [0, 0]);
});

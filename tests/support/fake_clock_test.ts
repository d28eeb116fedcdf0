import { strict as assert } from "node:assert";
import { FakeClock } from "./fake_clock.ts";

Deno.test("FakeClock fires timers in the order in which they are due", () => {
  const clock = new FakeClock(), fired: string[] = [];
  clock.after(30, () => fired.push(`c@${clock.now()}`));
  clock.after(10, () => fired.push(`a@${clock.now()}`));
  clock.after(10, () => fired.push(`b@${clock.now()}`));
  clock.advance(29);
  assert.deepEqual(fired, ["a@10", "b@10"]);
  assert.equal(clock.now(), 29);
  assert.equal(clock.untilNext, 1);
  clock.advance(1);
  assert.deepEqual(fired, ["a@10", "b@10", "c@30"]);
  assert.equal(clock.pending, 0);
});

Deno.test("FakeClock fires timers that timers set, when they fall due on the way", () => {
  const clock = new FakeClock(), fired: number[] = [];
  clock.after(5, () => clock.after(5, () => fired.push(clock.now())));
  clock.advance(100);
  assert.deepEqual(fired, [10]);
  assert.equal(clock.now(), 100);
});

Deno.test("FakeClock repeats an interval until it is cancelled, also from inside", () => {
  const clock = new FakeClock(), fired: number[] = [];
  const cancel = clock.every(10, () => {
    fired.push(clock.now());
    if (fired.length === 3) cancel();
  });
  clock.advance(100);
  assert.deepEqual(fired, [10, 20, 30]);
  assert.equal(clock.pending, 0);
});

Deno.test("FakeClock never fires a timer that was cancelled", () => {
  const clock = new FakeClock();
  let fired = 0;
  const cancel = clock.after(1, () => fired++);
  cancel();
  cancel();
  clock.advance(10);
  assert.equal(fired, 0);
});

Deno.test("FakeClock.pass() lets promises go on between two timers", async () => {
  const clock = new FakeClock(), seen: number[] = [];
  const sleep = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const work = (async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(10);
      seen.push(clock.now());
    }
  })();
  await clock.pass(30);
  assert.deepEqual(seen, [10, 20, 30]);
  await work;
});

Deno.test("FakeClock tells a date that can be set without moving durations", () => {
  const clock = new FakeClock({ wall: 1000 });
  clock.advance(5);
  assert.equal(clock.wall(), 1005);
  clock.setWall(50);
  clock.advance(1);
  assert.deepEqual([clock.wall(), clock.now()], [51, 6]);
});

Deno.test("FakeClock refuses to go back, and intervals that never end", () => {
  const clock = new FakeClock();
  assert.throws(() => clock.advance(-1), /forward only/);
  assert.throws(() => clock.every(0, () => {}), /above 0 ms/);
});

Deno.test("FakeClock.untilPending() waits for timers that are set, taken back and fired", async () => {
  const clock = new FakeClock();
  await clock.untilPending(0);
  const two = clock.untilPending(2);
  clock.after(1, () => {});
  const cancel = clock.after(2, () => {});
  await two;
  const one = clock.untilPending(1);
  cancel();
  await one;
  const none = clock.untilPending(0);
  clock.advance(1);
  await none;
});

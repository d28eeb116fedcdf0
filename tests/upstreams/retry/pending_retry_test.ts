import { strict as assert } from "node:assert";
import fc from "fast-check";
import { PendingRetry, type RetryTerms } from "../../../src/upstreams/retry/pending_retry.ts";
import { RetryBudget } from "../../../src/upstreams/retry/retry_budget.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const ONE = { ratio: 0, floor: 1 };

class Bed {
  readonly clock = new FakeClock();
  readonly places = new RetryBudget(() => 1);
  readonly told: string[] = [];

  /** A retry that tells its name, what came and when. */
  retry(name: string, terms: Partial<RetryTerms> = {}): PendingRetry {
    return new PendingRetry(
      { delay: 100, budget: ONE, left: Infinity, waits: true, longest: Infinity, ...terms },
      this.places,
      this.clock,
      {
        onDue: (budgeted) =>
          this.told.push(`${name} ${budgeted ? "with a place" : "without a place"} at ${this.clock.now()}`),
        onRefused: () => this.told.push(`${name} refused at ${this.clock.now()}`),
      },
    );
  }

  start(name: string, terms: Partial<RetryTerms> = {}): PendingRetry {
    const retry = this.retry(name, terms);
    retry.start();
    return retry;
  }

  /** Nothing is held, and nothing will happen. */
  get isClean(): boolean {
    return this.places.taken === 0 && this.clock.pending === 0;
  }
}

Deno.test("a retry takes a place at once, and is due after its delay", () => {
  const bed = new Bed();
  bed.start("a");
  assert.equal(bed.places.taken, 1, "counted while it waits for its time");
  bed.clock.advance(99);
  assert.deepEqual(bed.told, []);
  bed.clock.advance(1);
  assert.deepEqual(bed.told, ["a with a place at 100"]);
  assert.deepEqual([bed.places.taken, bed.clock.pending], [1, 0], "the place is the caller's");
});

Deno.test("a retry without delay is due at once", () => {
  const bed = new Bed();
  bed.start("a", { delay: 0 });
  assert.deepEqual([bed.told, bed.clock.pending], [["a with a place at 0"], 0]);
});

Deno.test("a retry that needs no place takes none", () => {
  const bed = new Bed();
  bed.start("holder", { delay: 0 });
  bed.start("a", { budget: null });
  bed.start("b", { budget: null, delay: 0 });
  bed.clock.advance(100);
  assert.deepEqual(bed.told.slice(1), ["b without a place at 0", "a without a place at 100"]);
  assert.equal(bed.places.taken, 1);
});

Deno.test("where there is no place, the delay counts from when there is one", () => {
  const bed = new Bed();
  bed.start("holder", { delay: 0 });
  bed.start("a");
  bed.clock.advance(400);
  bed.places.give();
  assert.equal(bed.places.taken, 1);
  bed.clock.advance(100);
  assert.deepEqual(bed.told.slice(1), ["a with a place at 500"]);
  bed.places.give();
  assert.ok(bed.isClean);
});

for (
  const [what, left, delay, at] of [
    ["after a second without a place", Infinity, 100, 1_000],
    ["as soon as a place would come too late for its delay", 500, 100, 400],
    ["after a second without a place, with more time left than that", 5_000, 100, 1_000],
  ] as const
) {
  Deno.test(`a retry is refused ${what}`, () => {
    const bed = new Bed();
    bed.start("holder", { delay: 0 });
    bed.start("a", { left, delay });
    bed.clock.advance(at - 1);
    assert.equal(bed.told.length, 1);
    bed.clock.advance(1);
    assert.deepEqual(bed.told.slice(1), [`a refused at ${at}`]);
    bed.places.give();
    assert.ok(bed.isClean, "a place that comes later is nobody's");
    bed.clock.advance(10_000);
    assert.equal(bed.told.length, 2);
  });
}

Deno.test("cancel() gives back what is held in each state, and nothing else", () => {
  const pausing = new Bed();
  pausing.start("a").cancel();
  assert.ok(pausing.isClean, "in its delay");

  const waiting = new Bed();
  waiting.start("holder", { delay: 0 });
  waiting.start("a").cancel();
  assert.deepEqual([waiting.places.taken, waiting.clock.pending], [1, 0], "in the line");
  waiting.places.give();
  assert.ok(waiting.isClean);

  const unlimited = new Bed();
  unlimited.start("a", { budget: null }).cancel();
  assert.ok(unlimited.isClean, "without a budget");

  const due = new Bed(), retry = due.start("a", { delay: 0 });
  retry.cancel();
  assert.equal(due.places.taken, 1, "when it was due its place is the caller's");

  const refused = new Bed();
  refused.start("holder", { delay: 0 });
  const second = refused.start("a");
  refused.clock.advance(1_000);
  second.cancel();
  assert.equal(refused.places.taken, 1, "when it was refused it has none");

  const twice = new Bed();
  twice.start("holder", { delay: 0, budget: { ratio: 0, floor: 2 } });
  const once = twice.start("a", { budget: { ratio: 0, floor: 2 } });
  once.cancel();
  once.cancel();
  assert.equal(twice.places.taken, 1, "cancelled twice");
  assert.equal(twice.told.length, 1);
});

type Step = { readonly do: "start" | "cancel" | "give" | "pass"; readonly n: number };
const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom("start", "start", "cancel", "give", "pass"),
  n: fc.integer({ min: 0, max: 600 }),
});

Deno.test("property: each retry is due once, refused once or cancelled, and what was taken is given back to the last", () => {
  const seen = { due: 0, refused: 0, cancelled: 0 };
  fc.assert(fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
    const clock = new FakeClock(), places = new RetryBudget(() => 10), budget = { ratio: 0.2, floor: 0 };
    let held = 0;
    const pending = new Set<PendingRetry>();
    for (const { do: what, n } of steps) {
      const picked = [...pending][n % pending.size];
      if (what === "start") {
        const end = (retry: PendingRetry) => assert.ok(pending.delete(retry), "told twice, or after it was cancelled");
        const retry: PendingRetry = new PendingRetry(
          { delay: n % 3 === 0 ? 0 : n, budget, left: 601 + n, waits: true, longest: Infinity },
          places,
          clock,
          {
            onDue(budgeted) {
              end(retry);
              seen.due++;
              if (budgeted) held++;
            },
            onRefused() {
              end(retry);
              seen.refused++;
            },
          },
        );
        pending.add(retry);
        retry.start();
      } else if (what === "cancel" && picked !== undefined) {
        pending.delete(picked);
        picked.cancel();
        seen.cancelled++;
      } else if (what === "give" && held > 0) {
        held--;
        places.give();
      } else if (what === "pass") clock.advance(n);
      assert.ok(places.taken <= 2);
      assert.ok(places.taken >= held);
      assert.equal(clock.pending, pending.size, "one timer for each that is on its way");
    }
    clock.advance(2_000);
    assert.deepEqual([pending.size, clock.pending, places.taken], [0, 0, held]);
  }));
  for (const [what, times] of Object.entries(seen)) assert.ok(times > 20, `${what}: ${times}`);
});

Deno.test("a retry that is not worth waiting for is refused at once where there is no place", () => {
  const bed = new Bed();
  bed.places.take(ONE);
  bed.start("a", { waits: false });
  assert.deepEqual([bed.told, bed.clock.pending], [["a refused at 0"], 0]);
});

Deno.test("a time that an endpoint asked for passes before a place is taken", () => {
  const bed = new Bed();
  bed.start("a", { delay: 5_000, longest: 250 });
  bed.clock.advance(4_999);
  assert.equal(bed.places.taken, 0);
  bed.clock.advance(1);
  assert.deepEqual([bed.told, bed.places.taken], [["a with a place at 5000"], 1]);
});

Deno.test("after a time that an endpoint asked for, a place is waited for no longer than there is time", () => {
  const bed = new Bed();
  bed.start("holder", { delay: 0 });
  bed.start("a", { delay: 5_000, longest: 250, left: 5_500 });
  bed.clock.advance(5_499);
  assert.equal(bed.told.length, 1);
  bed.clock.advance(1);
  assert.deepEqual(bed.told.slice(1), ["a refused at 5500"]);
  bed.places.give();
  assert.ok(bed.isClean);
});

import assert from "node:assert/strict";
import { ruleOf } from "../../../src/core/limit.ts";
import type { Verdict } from "../../../src/core/limit.ts";
import type { Patience } from "../../../src/state/shared_memory/stripe_locks.ts";
import { MODELLED } from "../limit_models.ts";
import { Threads } from "./threads.ts";

const THREADS = 3, HOT = ["a", "b", "c"];

/** So many units at once, whichever the algorithm: the leaky bucket has them wait. */
function ruleFor(limit: number) {
  return ruleOf({ limit, per: 1000 * limit, maxDelay: 1000 * (limit - 1) });
}

/** Of each key, how many of its requests passed. */
function countByKey(
  lists: readonly (readonly (readonly string[])[])[],
  admitted: readonly (readonly boolean[])[],
): Map<string, number> {
  const counts = new Map<string, number>();
  lists.forEach((requests, thread) =>
    requests.forEach(([key], i) => {
      if (admitted[thread][i]) counts.set(key, (counts.get(key) ?? 0) + 1);
    })
  );
  return counts;
}

function remaining({ limiter }: Threads, key: string, rules: Parameters<Threads["limiter"]["take"]>[1]): number[] {
  return (limiter.take(rules.map(() => key), rules, 0) as Verdict[]).map(({ remaining }) => remaining);
}

for (const { algorithm: { name } } of MODELLED) {
  Deno.test(`shared() admits exactly the limit of ${name}, however many threads ask at once`, async () => {
    const limit = 2000, rules = [ruleFor(limit)];
    using threads = new Threads({ algorithms: [name], rules });
    const requests = Array.from({ length: 6000 }, (_, i) => [HOT[i % HOT.length]]),
      lists = [requests, requests, requests];
    const counts = countByKey(lists, await threads.hammer(lists));
    assert.deepEqual(HOT.map((key) => counts.get(key)), HOT.map(() => limit));
    assert.deepEqual(HOT.map((key) => remaining(threads, key, rules)), HOT.map(() => [0]));
  });
}

Deno.test("shared() charges two limits together or none, however many threads ask at once", async () => {
  const rules = [ruleFor(2000), ruleFor(5000)];
  using threads = new Threads({ algorithms: ["token-bucket", "sliding-window"], rules });
  const requests = Array.from({ length: 7000 }, (_, i) => [HOT[i % HOT.length], "all"]);
  const lists = Array.from({ length: THREADS }, () => requests);
  const counts = countByKey(lists, await threads.hammer(lists));
  assert.equal(HOT.reduce((sum, key) => sum + counts.get(key)!, 0), 5000);
  for (const key of HOT) {
    const [left] = await threads.limiter.take([key, "all"], rules, 0);
    assert.equal(left.remaining, 2000 - counts.get(key)!, "what the other limit refused was not charged");
  }
});

Deno.test("shared() keeps hot keys exact among thousands of others, and these as well", async () => {
  const limit = 1500, others = 4000, rules = [ruleFor(limit)];
  using threads = new Threads({ algorithms: ["fixed-window"], rules, maxKeys: 10_000 });
  const lists = Array.from({ length: THREADS }, (_, thread) =>
    Array.from({ length: 9000 }, (_, i) => {
      // Each thread goes through the others in an order of its own.
      const other = (i * [1, 7, 11][thread]) % others;
      return [i % 3 === 0 ? HOT[i % 2] : `other ${other}`];
    }));
  const asked = countByKey(lists, lists.map((requests) => requests.map(() => true)));
  const counts = countByKey(lists, await threads.hammer(lists));
  for (const [key, requests] of asked) {
    assert.equal(counts.get(key), Math.min(limit, requests), key);
    assert.deepEqual(remaining(threads, key, rules), [limit - counts.get(key)!], key);
  }
  assert.ok(asked.size > 3000);
});

/** A patience that tells how often it was needed. */
function counted(): Patience & { needed: number } {
  return {
    needed: 0,
    ms: 1,
    get times() {
      this.needed++;
      return 2;
    },
  };
}

Deno.test("shared() takes a lock away from a thread that has ended while it held it", async () => {
  const rules = [ruleFor(5), ruleFor(5)], patience = counted();
  using threads = new Threads({ algorithms: ["token-bucket", "fixed-window"], rules, patience });
  await threads.endHolding(["k", "other"]);
  assert.deepEqual((await threads.limiter.take(["k", "other"], rules, 1)).map(({ remaining }) => remaining), [4, 4]);
  assert.ok(patience.needed > 0);
  const before = patience.needed;
  assert.deepEqual((await threads.limiter.take(["k", "other"], rules, 1)).map(({ remaining }) => remaining), [3, 3]);
  assert.equal(patience.needed, before, "nobody waits again");
});

Deno.test("shared() waits for nobody whose locks were released for it", async () => {
  const rules = [ruleFor(5), ruleFor(5)], patience = counted();
  using threads = new Threads({ algorithms: ["token-bucket", "fixed-window"], rules, patience });
  threads.store.releaseLocksOf(await threads.endHolding(["k", "other"]));
  assert.deepEqual((await threads.limiter.take(["k", "other"], rules, 1)).map(({ remaining }) => remaining), [4, 4]);
  assert.equal(patience.needed, 0);
});

import { strict as assert } from "node:assert";
import { ruleOf, type Verdict } from "../../../src/core/limit.ts";
import { Lease } from "../../../src/state/redis/lease.ts";
import type { Decision } from "../../../src/state/redis/limit_calls.ts";
import { MODELLED } from "../limit_models.ts";
import { canLease } from "../../../src/state/redis/lease_limiter.ts";

const rule = ruleOf({ limit: 100, per: 100_000 });

/** A limit with so many units left, of which each question is answered when the test says so. */
class Limit {
  readonly asked: string[] = [];
  readonly #answers: (() => void)[] = [];

  constructor(public left: number) {}

  fetch = (amounts: readonly number[]): Promise<Decision> => {
    this.asked.push(amounts.join(" "));
    const { promise, resolve, reject } = Promise.withResolvers<Decision>();
    this.#answers.push(() => {
      if (this.left < 0) return reject(new Error("gone"));
      const charged = amounts.find((amount) => amount <= this.left) ?? 0;
      this.left -= charged;
      const admitted = charged > 0, retryAfter = admitted ? 0 : 7;
      resolve({ charged, verdicts: [{ admitted, remaining: this.left, resetAfter: 50, retryAfter, delay: 0 }] });
    });
    return promise;
  };

  async answer(): Promise<void> {
    this.#answers.shift()!();
    for (let i = 0; i < 9; i++) await Promise.resolve();
  }
}

function leaseOf(limit: Limit, clock = { now: 0 }): Lease {
  const giveBack = (tokens: number) => limit.left += tokens;
  return new Lease({ tokens: 10, now: () => clock.now, fetch: limit.fetch, giveBack, onFilled: () => {} });
}

Deno.test("a lease is fetched once for all that ask meanwhile, and then spent without asking", async () => {
  const limit = new Limit(100), lease = leaseOf(limit);
  const verdicts = Promise.all([1, 1, 3].map((cost) => lease.take(cost, rule)));
  assert.deepEqual(limit.asked, ["10 5 2 1"]);
  await limit.answer();
  assert.deepEqual((await verdicts).map(({ admitted }) => admitted), [true, true, true]);
  for (let i = 0; i < 5; i++) assert.equal(lease.take(1, rule) instanceof Promise, false);
  assert.deepEqual([limit.asked.length, lease.tokens, limit.left], [1, 0, 90]);
});

Deno.test("a lease asks for what makes it full, and never holds more", async () => {
  const limit = new Limit(100), lease = leaseOf(limit);
  const first = lease.take(8, rule);
  await limit.answer();
  await first;
  const second = lease.take(5, rule);
  assert.deepEqual(limit.asked, ["10 8", "8 4 3"]);
  await limit.answer();
  assert.equal((await second).admitted, true);
  assert.equal(lease.tokens, 5);
  lease.takeBack(9);
  assert.deepEqual([lease.tokens, limit.left], [10, 86], "what it cannot hold goes back");
});

Deno.test("what comes back while a lease is filled does not make it hold more", async () => {
  const limit = new Limit(100), lease = leaseOf(limit);
  const first = lease.take(10, rule);
  await limit.answer();
  await first;
  const second = lease.take(1, rule);
  lease.takeBack(10);
  await limit.answer();
  assert.deepEqual([(await second).admitted, lease.tokens, limit.left], [true, 10, 89]);
});

Deno.test("where there is no whole lease to be had, exactly what is missing is asked for", async () => {
  const limit = new Limit(4), lease = leaseOf(limit);
  const verdict = lease.take(3, rule);
  await limit.answer();
  assert.deepEqual(await verdict, { admitted: true, remaining: 1, resetAfter: 50, retryAfter: 0, delay: 0 });
  assert.deepEqual([lease.tokens, limit.left], [0, 1]);
});

Deno.test("the end of a limit is had in halves, and to the last unit", async () => {
  const limit = new Limit(9), lease = leaseOf(limit);
  const verdicts = Array.from({ length: 30 }, () => lease.take(1, rule) as Promise<Verdict>);
  while (lease.busy) await limit.answer();
  assert.equal((await Promise.all(verdicts)).filter(({ admitted }) => admitted).length, 9);
  assert.equal(limit.asked.length, 4, "5, 2, 2 and a refusal");
});

Deno.test("a refusal is one for all that wait with as high a cost; others ask for themselves", async () => {
  const limit = new Limit(2), lease = leaseOf(limit);
  const verdicts = [3, 4, 2, 3, 1].map((cost) => lease.take(cost, rule) as Promise<Verdict>);
  await limit.answer();
  assert.deepEqual(limit.asked, ["10 5 3", "10 5 2"]);
  await limit.answer();
  assert.deepEqual(limit.asked.slice(2), ["10 5 2 1"]);
  await limit.answer();
  const settled = await Promise.all(verdicts);
  assert.deepEqual(settled.map(({ admitted }) => admitted), [false, false, true, false, false]);
  assert.deepEqual(settled[1], { admitted: false, remaining: 2, resetAfter: 50, retryAfter: 7, delay: 0 });
});

Deno.test("what fails fails for all that wait, and the next one asks again", async () => {
  const limit = new Limit(-1), lease = leaseOf(limit);
  const verdicts = Promise.allSettled([1, 1].map((cost) => lease.take(cost, rule)));
  await limit.answer();
  assert.deepEqual((await verdicts).map(({ status }) => status), ["rejected", "rejected"]);
  limit.left = 100;
  const next = lease.take(1, rule);
  await limit.answer();
  assert.equal((await next).admitted, true);
});

Deno.test("a verdict of a lease counts what it holds, and its time goes on", async () => {
  const clock = { now: 0 }, limit = new Limit(60), lease = leaseOf(limit, clock);
  const first = lease.take(1, rule);
  await limit.answer();
  assert.deepEqual(await first, { admitted: true, remaining: 59, resetAfter: 50, retryAfter: 0, delay: 0 });
  clock.now = 20;
  assert.deepEqual(lease.take(2, rule), { admitted: true, remaining: 57, resetAfter: 30, retryAfter: 0, delay: 0 });
  clock.now = 99;
  assert.equal((lease.take(1, rule) as Verdict).resetAfter, 0);
});

Deno.test("there are no leases on algorithms that make requests wait", () => {
  const with_ = MODELLED.map(({ algorithm }) => algorithm).filter(canLease).map(({ name }) => name);
  assert.deepEqual(with_, ["token-bucket", "fixed-window", "sliding-window"]);
});

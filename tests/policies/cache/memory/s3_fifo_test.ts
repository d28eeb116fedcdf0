import assert from "node:assert/strict";
import { Evictable } from "../../../../src/policies/cache/memory/eviction.ts";
import { S3Fifo } from "../../../../src/policies/cache/memory/s3_fifo.ts";

/** Adds entries of one byte with these numbers for prints. */
function add(eviction: S3Fifo<Evictable>, ...prints: number[]): Evictable[] {
  return prints.map((print) => {
    const entry = Object.assign(new Evictable(print), { bytes: 1 });
    eviction.added(entry);
    return entry;
  });
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);

Deno.test("s3-fifo: what was used once stays, what was not goes in the order of its coming", () => {
  const eviction = new S3Fifo<Evictable>(), entries = add(eviction, ...range(0, 20));
  eviction.touched(entries[0]);
  eviction.touched(entries[3]);
  const gone = range(0, 18).map(() => eviction.victim()!.print);
  assert.deepEqual(gone, range(0, 20).filter((n) => n !== 0 && n !== 3));
});

Deno.test("s3-fifo: a scan costs what is in use nothing", () => {
  const eviction = new S3Fifo<Evictable>(), used = add(eviction, ...range(0, 100));
  for (const entry of used) eviction.touched(entry);
  for (let print = 1_000; print < 3_000; print++) {
    add(eviction, print);
    const victim = eviction.victim()!;
    // A tenth of all are newcomers, so a tenth of those in use has to make room for them once.
    if (print > 1_100) assert.ok(victim.print >= 1_000, `${victim.print} went`);
  }
});

Deno.test("s3-fifo: what comes back soon after it has gone stands in the main line at once", () => {
  const eviction = new S3Fifo<Evictable>(), used = add(eviction, ...range(0, 100));
  for (const entry of used) eviction.touched(entry);
  add(eviction, ...range(100, 150));
  const gone = eviction.victim()!.print;
  add(eviction, gone, ...range(200, 230));
  const next = range(0, 60).map(() => eviction.victim()!.print);
  assert.ok(!next.includes(gone));
});

Deno.test("s3-fifo: each use is worth one round of the main line, and no more than three are counted", () => {
  const eviction = new S3Fifo<Evictable>(), [often, once] = add(eviction, 1, 2);
  eviction.touched(often);
  eviction.touched(once);
  add(eviction, 3);
  assert.equal(eviction.victim()!.print, 3);
  for (let n = 0; n < 100; n++) eviction.touched(often);
  assert.equal(often.uses, 3);
  assert.equal(eviction.victim(), once);
  assert.equal(eviction.victim(), often);
});

Deno.test("s3-fifo: where all are in use, one goes without a look at every one of them", () => {
  const eviction = new S3Fifo<Evictable>(), entries = add(eviction, ...range(0, 100_000));
  for (const entry of entries) eviction.touched(entry);
  assert.ok(eviction.victim() !== undefined);
  const looked = entries.filter(({ uses }) => uses === 0).length;
  assert.ok(looked <= 500, `${looked} were looked at`);
});

Deno.test("s3-fifo: an answer in the place of another is as popular, and counts as used", () => {
  const eviction = new S3Fifo<Evictable>(), [old] = add(eviction, 1, 2, 3);
  const fresh = Object.assign(new Evictable(1), { bytes: 5 });
  eviction.replaced(old, fresh);
  assert.deepEqual([eviction.victim()!.print, eviction.victim()!.print, eviction.victim()], [2, 3, fresh]);
});

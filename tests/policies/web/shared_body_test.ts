import { strict as assert } from "node:assert";
import fc from "fast-check";
import { BodyError, type BodySource } from "../../../src/core/body.ts";
import { COPY_LIMIT, SharedBody } from "../../../src/policies/web/shared_body.ts";
import { readAll, readText, ScriptedBody } from "../../support/exchange.ts";

/** One read of one side, with a buffer of `size` bytes. */
interface Step {
  readonly side: "upstream" | "web";
  readonly size: number;
  /** Whether the next step waits for this one. */
  readonly wait: boolean;
}

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 12 });
const steps = fc.array(
  fc.record<Step>({
    side: fc.constantFrom("upstream", "web"),
    size: fc.integer({ min: 1, max: 50 }),
    wait: fc.boolean(),
  }),
  { maxLength: 30 },
);

function joined(parts: readonly Uint8Array[]): number[] {
  return parts.flatMap((part) => [...part]);
}

/** Reads a side one piece after the other, however the calls overlap, as every reader of a body must. */
class Side {
  readonly got: number[] = [];
  ended = false;
  #last: Promise<void> = Promise.resolve();
  constructor(readonly body: BodySource) {}

  read(size: number): Promise<void> {
    return this.#last = this.#last.then(async () => {
      const into = new Uint8Array(size), count = await this.body.read(into);
      this.got.push(...into.subarray(0, count));
      this.ended ||= count === 0;
    });
  }
}

Deno.test("SharedBody gives both readers the whole body, in any order of reads", async () => {
  await fc.assert(fc.asyncProperty(pieces, steps, fc.boolean(), fc.boolean(), async (parts, plan, sync, known) => {
    const whole = joined(parts);
    const source = new ScriptedBody(parts, { sync, length: known ? whole.length : undefined });
    const shared = new SharedBody(source);
    const sides = { upstream: new Side(shared.upstream), web: new Side(shared.web) };
    for (const { side, size, wait } of plan) {
      const read = sides[side].read(size);
      if (wait) await read;
    }
    for (const side of [sides.web, sides.upstream]) while (!side.ended) await side.read(7);
    assert.deepEqual(sides.upstream.got, whole);
    assert.deepEqual(sides.web.got, whole);
    assert.equal(source.overlapping, 0);
  }));
});

Deno.test("SharedBody gives the upstream the whole body when the policy reads a part and stops, or cancels", async () => {
  await fc.assert(fc.asyncProperty(pieces, fc.nat(6), fc.boolean(), async (parts, reads, cancel) => {
    const shared = new SharedBody(new ScriptedBody(parts));
    for (let i = 0; i < reads; i++) await shared.web.read(new Uint8Array(5));
    const pending = cancel ? Promise.resolve(shared.web.read(new Uint8Array(5))).catch(() => 0) : null;
    if (cancel) shared.web.cancel();
    assert.deepEqual([...await readAll(shared.upstream, 9)], joined(parts));
    await pending;
  }));
});

Deno.test("SharedBody refuses the policy a body above the limit, and the upstream still gets it whole", async () => {
  const piece = new Uint8Array(300_000).map((_, i) => i % 251);
  for (const length of [undefined, 5 * piece.length]) {
    const source = new ScriptedBody([piece, piece, piece, piece, piece], { length });
    const shared = new SharedBody(source);
    await assert.rejects(
      readAll(shared.web, 100_000),
      (error) => error instanceof BodyError && error.fault === "too-large",
    );
    if (length !== undefined) assert.equal(source.reads, 0, "nothing is read when the length says so");
    const all = await readAll(shared.upstream, 64_000);
    assert.equal(all.length, 5 * piece.length);
    assert.ok(all.every((byte, i) => byte === (i % piece.length) % 251));
    await assert.rejects(Promise.resolve(shared.web.read(new Uint8Array(1))), BodyError);
  }
});

Deno.test("SharedBody lets the policy read exactly the limit", async () => {
  for (const [size, ok] of [[COPY_LIMIT, true], [COPY_LIMIT + 1, false]] as const) {
    const shared = new SharedBody(new ScriptedBody([new Uint8Array(size)]));
    const read = readAll(shared.web, 70_000);
    if (ok) assert.equal((await read).length, size);
    else await assert.rejects(read, BodyError);
    assert.equal((await readAll(shared.upstream, 70_000)).length, size);
  }
});

Deno.test("SharedBody fails the policy's read when the upstream read more than the limit first", async () => {
  const shared = new SharedBody(new ScriptedBody([new Uint8Array(COPY_LIMIT), "x"]));
  assert.equal((await readAll(shared.upstream, 500_000)).length, COPY_LIMIT + 1);
  await assert.rejects(Promise.resolve(shared.web.read(new Uint8Array(1))), BodyError);
});

Deno.test("SharedBody tells both readers how the source failed, after what came before", async () => {
  const failure = new BodyError("client", "gone");
  const shared = new SharedBody(new ScriptedBody(["abc"], { failure }));
  for (const side of [shared.web, shared.upstream]) {
    const into = new Uint8Array(8);
    assert.equal(await side.read(into), 3);
    await assert.rejects(Promise.resolve(side.read(into)), failure);
  }
});

Deno.test("SharedBody.upstream.cancel() gives the source up and fails the policy; after the end it does nothing", async () => {
  const source = new ScriptedBody(["abc", "def"]), shared = new SharedBody(source);
  await shared.upstream.read(new Uint8Array(3));
  shared.upstream.cancel();
  assert.equal(source.cancelled, 1);
  await assert.rejects(Promise.resolve(shared.web.read(new Uint8Array(3))), /gave the request's body up/);
  await assert.rejects(Promise.resolve(shared.upstream.read(new Uint8Array(3))), BodyError);

  const ended = new ScriptedBody(["abc"], { length: 3 }), other = new SharedBody(ended);
  assert.equal(await other.upstream.read(new Uint8Array(3)), 3);
  other.upstream.cancel();
  assert.equal(ended.cancelled, 0);
  assert.equal(await readText(other.web), "abc");
});

Deno.test("SharedBody.upstream.cancel() during the policy's read is no end of the body", async () => {
  // A source that was cancelled may well answer a read that is on its way with 0.
  const { promise, resolve } = Promise.withResolvers<number>();
  const shared = new SharedBody({ length: undefined, read: () => promise, cancel: () => resolve(0) });
  const read = Promise.resolve(shared.web.read(new Uint8Array(3)));
  shared.upstream.cancel();
  await assert.rejects(read, BodyError);
});

Deno.test("SharedBody.web.cancel() leaves the source alone", async () => {
  const source = new ScriptedBody(["abc"]), shared = new SharedBody(source);
  shared.web.cancel();
  assert.equal(source.cancelled, 0);
  assert.equal(await readText(shared.upstream), "abc");
});

import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { BodySource } from "../../../src/core/body.ts";
import { GrowingBody } from "../../../src/policies/cache/growing_body.ts";
import { readAll, readText, ScriptedBody } from "../../support/exchange.ts";
import { HandFedBody } from "./cache_bed.ts";
import { turn } from "../../support/turn.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** One read. */
async function piece(reader: BodySource): Promise<string> {
  const into = new Uint8Array(1024), count = await reader.read(into);
  return text(into.subarray(0, count));
}

Deno.test("a GrowingBody gives readers what has come at once, from the first byte on, whenever they begin", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 100), first = body.reader(), whole = body.pump();
  await source.give("ab");
  assert.equal(await piece(first), "ab");
  const late = body.reader();
  await source.give("cd");
  assert.deepEqual([await piece(first), await piece(late)], ["cd", "abcd"]);
  await source.give("");
  assert.deepEqual([await piece(first), await piece(late)], ["", ""]);
  assert.equal(text((await whole)!), "abcd");
  assert.equal(await readText(body.reader()), "abcd");
});

Deno.test("a GrowingBody goes on when its readers have left", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 100), reader = body.reader(), whole = body.pump();
  reader.cancel();
  await source.give("all");
  await source.give("");
  assert.equal(text((await whole)!), "all");
  assert.equal(source.cancelled, 0);
});

Deno.test("a GrowingBody does not wait for a reader that takes nothing", async () => {
  const source = new ScriptedBody(Array.from({ length: 50 }, () => "0123456789")), body = new GrowingBody(source, 1000);
  body.reader();
  assert.equal((await body.pump())?.length, 500);
});

Deno.test("a GrowingBody that breaks off breaks off for every reader, behind what has come", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 100), reader = body.reader(), whole = body.pump();
  await source.give("ab");
  await source.break();
  assert.equal(await piece(reader), "ab");
  await assert.rejects(async () => await piece(reader), { name: "BodyError", fault: "endpoint" });
  assert.equal(await whole, null);
  assert.equal(body.joinable, false);
});

Deno.test("a reader that waits hears of the break", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 100), reader = body.reader(), whole = body.pump();
  const heard = assert.rejects(piece(reader), { name: "BodyError", message: "reset" });
  await source.break();
  await heard;
  assert.equal(await whole, null);
});

Deno.test("a body that is too long to keep still reaches its readers, no faster than the slowest takes it", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 4), [fast, slow] = [body.reader(), body.reader()];
  const whole = body.pump();
  await source.give("abc");
  assert.equal(body.joinable, true);
  await source.give("de");
  assert.deepEqual([source.wanted, body.joinable, body.tooLong], [false, false, true]);
  assert.equal(await piece(fast), "abcde");
  await turn();
  assert.equal(source.wanted, false);
  assert.equal(await piece(slow), "abcde");
  await turn();
  assert.equal(source.wanted, true);
  await source.give("fgh");
  assert.deepEqual([await piece(fast), await piece(slow)], ["fgh", "fgh"]);
  await turn();
  await source.give("");
  assert.deepEqual([await piece(fast), await piece(slow)], ["", ""]);
  assert.equal(await whole, null);
});

Deno.test("a body that is too long to keep is given up with its last reader", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 4), [one, other] = [body.reader(), body.reader()];
  const whole = body.pump();
  await source.give("abcde");
  one.cancel();
  await turn();
  assert.equal(source.cancelled, 0);
  assert.equal(await piece(other), "abcde");
  other.cancel();
  await turn();
  assert.equal(source.cancelled, 1);
  assert.equal(await whole, null);
});

Deno.test("a body that is too long to keep is given up at once where nobody reads it", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 4), whole = body.pump();
  await source.give("abcde");
  assert.equal(await whole, null);
  assert.equal(source.cancelled, 1);
});

Deno.test("a reader that has left while the others wait does not hold them up", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 2), [fast, gone] = [body.reader(), body.reader()];
  const whole = body.pump();
  await source.give("abc");
  assert.equal(await piece(fast), "abc");
  gone.cancel();
  await turn();
  assert.equal(source.wanted, true);
  await source.give("");
  assert.equal(await piece(fast), "");
  assert.equal(await whole, null);
});

Deno.test("cancelling a GrowingBody breaks it for its readers, and tells its sender once", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 100), reader = body.reader(), whole = body.pump();
  await source.give("ab");
  body.cancel();
  body.cancel();
  assert.equal(await whole, null);
  assert.equal(source.cancelled, 1);
  assert.equal(await piece(reader), "ab");
  await assert.rejects(async () => await piece(reader), { name: "BodyError" });
});

Deno.test("a GrowingBody for one reader alone is given up with it", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 100, true), reader = body.reader();
  const whole = body.pump();
  await source.give("ab");
  reader.cancel();
  assert.equal(await whole, null);
  assert.deepEqual([source.cancelled, body.tooLong], [1, false]);
});

Deno.test("a GrowingBody that is not to be kept any more is for those who read it", async () => {
  const source = new HandFedBody(), body = new GrowingBody(source, 100), reader = body.reader(), whole = body.pump();
  await source.give("ab");
  body.release();
  assert.deepEqual([body.joinable, body.tooLong, source.cancelled], [false, false, 0]);
  await source.give("cd");
  await source.give("");
  assert.equal(await readText(reader), "abcd");
  assert.equal(await whole, null);
  const nobodys = new HandFedBody(), unread = new GrowingBody(nobodys, 100), end = unread.pump();
  unread.release();
  assert.equal(await end, null);
  assert.equal(nobodys.cancelled, 1);
});

Deno.test("trailers are known once the body has ended", async () => {
  const source = new HandFedBody(undefined, ["x-sum", "1"]),
    body = new GrowingBody(source, 100),
    reader = body.reader();
  const whole = body.pump();
  await source.give("a");
  assert.equal(reader.trailers, null);
  await source.give("");
  assert.deepEqual(reader.trailers, ["x-sum", "1"]);
  await whole;
});

Deno.test("whatever the pieces, every reader gets every byte in order, and what is kept is all of it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 }),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 3000 }),
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 3 }),
      async (pieces, sync, lengthKnown, most, sizes) => {
        const all = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        const source = new ScriptedBody(pieces, { sync, length: lengthKnown ? all.length : undefined });
        const body = new GrowingBody(source, most), readers = sizes.map((size) => ({ size, reader: body.reader() }));
        const [whole, ...seen] = await Promise.all([
          body.pump(),
          ...readers.map(({ reader, size }) => readAll(reader, size)),
        ]);
        for (const bytes of seen) assert.deepEqual(bytes, all);
        assert.deepEqual(whole === null ? null : new Uint8Array(whole), all.length <= most ? all : null);
        assert.equal(source.overlapping, 0);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("a body that ends before its length is broken, and not kept", async () => {
  for (const length of [4, 6]) {
    const body = new GrowingBody(new ScriptedBody(["hello"], { length }), 100), reader = body.reader();
    assert.equal(await body.pump(), null);
    await assert.rejects(() => readAll(reader), { name: "BodyError", fault: "endpoint" });
  }
});

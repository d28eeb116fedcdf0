import { strict as assert } from "node:assert";
import { BodyError } from "../../../src/core/body.ts";
import { ReplayableBody } from "../../../src/upstreams/retry/replayable_body.ts";
import { readAll, readText, ScriptedBody } from "../../support/exchange.ts";
import { bytesUpTo, ManualSource, type Piece } from "./manual_source.ts";

const sync = (...sizes: number[]): Piece[] => sizes.map((size) => ({ size, sync: true }));
const late = (...sizes: number[]): Piece[] => sizes.map((size) => ({ size, sync: false }));

/** Takes note of what it is told. */
function note(body: ReplayableBody): (Uint8Array | null)[] {
  const told: (Uint8Array | null)[] = [];
  body.onWhole((bytes) => told.push(bytes));
  return told;
}

for (
  const [what, size, cap, known, again] of [
    ["below the cap, of known length", 10, 11, true, true],
    ["below the cap, of unknown length", 10, 11, false, true],
    ["as long as the cap, of known length", 10, 10, true, true],
    ["as long as the cap, of unknown length", 10, 10, false, true],
    ["a byte above the cap, of known length", 10, 9, true, false],
    ["a byte above the cap, of unknown length", 10, 9, false, false],
    ["with a cap of nothing", 1, 0, false, false],
    ["that is empty, with a cap", 0, 1, true, true],
    ["larger than the first room", 20_000, 20_000, false, true],
    ["larger than the first room, and a byte above the cap", 20_000, 19_999, false, false],
  ] as const
) {
  Deno.test(`a body ${what} ${again ? "can" : "cannot"} be sent again`, async () => {
    const source = new ManualSource(sync(...(size === 0 ? [] : [size])), { known }),
      body = new ReplayableBody(source, cap);
    assert.ok(body.replayable);
    assert.deepEqual(await readAll(body.view(), 3_000), bytesUpTo(size));
    assert.equal(body.replayable, again);
    if (again) assert.deepEqual(await readAll(body.view(), 7), bytesUpTo(size));
    else assert.throws(() => body.view(), /not kept/);
  });
}

Deno.test("a body above the cap can be sent again as long as nobody has read of it", async () => {
  const body = new ReplayableBody(new ManualSource(sync(10), { known: true }), 5);
  body.view();
  assert.ok(body.replayable);
  assert.deepEqual(await readAll(body.view()), bytesUpTo(10));
});

Deno.test("a read of a view that is not in use any more fails, under way or not: its reader must not see an end", async () => {
  const source = new ManualSource(late(4), { known: false }), body = new ReplayableBody(source, 100);
  const first = body.view(), pending = first.read(new Uint8Array(10));
  const second = body.view(), into = new Uint8Array(10), count = second.read(into);
  source.arrive();
  await assert.rejects(async () => await pending, BodyError);
  await assert.rejects(async () => await first.read(into), BodyError);
  assert.equal(await count, 4);
  assert.deepEqual(into.subarray(0, 4), bytesUpTo(4));
});

Deno.test("a body that broke off is not replayable, and a view that is begun all the same fails as it did", async () => {
  const source = new ManualSource(late(4), { known: false, ending: "failure" }), body = new ReplayableBody(source, 100);
  const first = body.view(), into = new Uint8Array(10);
  const count = first.read(into);
  source.arrive();
  assert.equal(await count, 4);
  // What a retry sees that was decided on before, while its endpoint's read was still pending.
  const pending = first.read(into);
  source.arrive();
  await assert.rejects(async () => await pending, /the client broke off/);
  assert.ok(!body.replayable);
  const second = body.view();
  await assert.rejects(async () => await second.read(into), /the client broke off/);
  assert.equal(source.cancelled, 0);
});

Deno.test("a view has the length and the trailers of the body", async () => {
  const known = new ReplayableBody(new ManualSource(sync(3), { known: true }), 10).view();
  assert.deepEqual([known.length, known.trailers], [3, null]);
  const source = new ManualSource(sync(3), { known: false }), body = new ReplayableBody(source, 10);
  source.trailers = ["x-checksum", "abc"];
  for (const view of [body.view(), body.view()]) {
    assert.equal(view.length, undefined);
    assert.deepEqual(view.trailers, ["x-checksum", "abc"]);
  }
  assert.equal((await readAll(body.view())).length, 3);
});

Deno.test("a view that is given up leaves the body as it is, for there may be another", async () => {
  const source = new ScriptedBody(["hello ", "world"]), body = new ReplayableBody(source, 100);
  const first = body.view();
  await first.read(new Uint8Array(3));
  first.cancel();
  assert.equal(source.cancelled, 0);
  assert.equal(await readText(body.view()), "hello world");
});

Deno.test("commit() gives the body up if the view in use was, and from then on that view's end is the body's", () => {
  const of = () => {
    const source = new ScriptedBody(["abc"]);
    return { source, body: new ReplayableBody(source, 100) };
  };
  const given = of(), first = given.body.view();
  first.cancel();
  given.body.commit();
  assert.equal(given.source.cancelled, 1, "given up before");

  const later = of(), view = later.body.view();
  later.body.commit();
  assert.equal(later.source.cancelled, 0);
  view.cancel();
  view.cancel();
  assert.equal(later.source.cancelled, 1, "given up behind it, and told once");

  const replaced = of(), old = replaced.body.view();
  old.cancel();
  replaced.body.view();
  replaced.body.commit();
  old.cancel();
  assert.equal(replaced.source.cancelled, 0, "another view took its place");
});

Deno.test("cancel() gives the body up once, whoever reads it, and nothing is read any more", async () => {
  const source = new ManualSource(late(4, 4), { known: false }), body = new ReplayableBody(source, 100);
  const view = body.view(), into = new Uint8Array(10), told = note(body);
  const first = view.read(into);
  source.arrive();
  assert.equal(await first, 4);
  const pending = view.read(into);
  body.cancel();
  body.cancel();
  assert.equal(source.cancelled, 1);
  await assert.rejects(async () => await pending, BodyError);
  await assert.rejects(async () => await view.read(into), BodyError);
  assert.deepEqual(told, [null]);
  assert.deepEqual(note(body), [null]);
});

Deno.test("what a source still gives after cancel() goes nowhere", async () => {
  // ScriptedBody does not care that it was cancelled.
  const body = new ReplayableBody(new ScriptedBody(["abc", "def"]), 100), view = body.view();
  const pending = view.read(new Uint8Array(10));
  body.cancel();
  await assert.rejects(async () => await pending, BodyError);
  assert.deepEqual(note(body), [null]);
});

Deno.test("after commit() bytes go straight into the reader's own room, and nothing is kept", async () => {
  const source = new ManualSource(sync(4, 4, 4), { known: false }), body = new ReplayableBody(source, 100);
  const view = body.view(), into = new Uint8Array(4);
  await view.read(into);
  assert.notEqual(source.lastInto?.buffer, into.buffer);
  body.commit();
  await view.read(into);
  assert.equal(source.lastInto, into);
  assert.deepEqual(into, Uint8Array.of(4, 5, 6, 7));
  assert.deepEqual(await readAll(view), Uint8Array.of(8, 9, 10, 11));
});

Deno.test("what commit() finds kept is dropped as soon as the view in use has had it", async () => {
  const source = new ManualSource(sync(8), { known: false }), body = new ReplayableBody(source, 100);
  await readAll(body.view());
  const view = body.view(), into = new Uint8Array(6);
  assert.equal(await view.read(into), 6);
  body.commit();
  assert.equal(note(body)[0]?.length, 8, "it still has to be sent");
  assert.deepEqual([await view.read(into), await view.read(into)], [2, 0]);
  assert.deepEqual(note(body), [null]);

  const whole = new ReplayableBody(new ManualSource(sync(8), { known: false }), 100);
  await readAll(whole.view());
  whole.commit();
  assert.deepEqual(note(whole), [null], "it was sent already");
});

Deno.test("commit() while bytes are on their way loses none of them", async () => {
  const source = new ManualSource(late(4, 4), { known: false }), body = new ReplayableBody(source, 100);
  const view = body.view(), into = new Uint8Array(10), pending = view.read(into);
  body.commit();
  source.arrive();
  assert.equal(await pending, 4);
  assert.deepEqual(into.subarray(0, 4), bytesUpTo(4));
  const next = view.read(into);
  assert.equal(source.lastInto, into);
  source.arrive();
  assert.equal(await next, 4);
  assert.deepEqual(into.subarray(0, 4), Uint8Array.of(4, 5, 6, 7));
});

Deno.test("onWhole() is told the whole body once: when it has been read, or at once if it has", async () => {
  const body = new ReplayableBody(new ScriptedBody(["ab", "cd"]), 100), told = note(body), view = body.view();
  await view.read(new Uint8Array(10));
  await view.read(new Uint8Array(10));
  assert.deepEqual(told, []);
  await view.read(new Uint8Array(10));
  assert.deepEqual(told, [new TextEncoder().encode("abcd")]);
  assert.deepEqual(note(body), told);
  await readAll(body.view());
  body.cancel();
  assert.equal(told.length, 1);
});

Deno.test("onWhole() is told after commit() too, if it asked before", async () => {
  const body = new ReplayableBody(new ScriptedBody(["ab", "cd"]), 100), told = note(body), view = body.view();
  await view.read(new Uint8Array(10));
  body.commit();
  assert.equal(await readText(view), "cd");
  assert.deepEqual(told, [new TextEncoder().encode("abcd")]);
  assert.deepEqual(note(body), [null], "nobody needs it any more");
});

Deno.test("onWhole() is told null once, when the body outgrows the cap", async () => {
  const body = new ReplayableBody(new ScriptedBody(["ab", "cd"]), 3), told = note(body);
  assert.equal(await readText(body.view()), "abcd");
  assert.deepEqual(told, [null]);
});

Deno.test("room is made when the first byte is wanted, and for no more than a known length and its end", () => {
  const source = new ManualSource(late(5_000), { known: true }), body = new ReplayableBody(source, 65_536);
  body.view().read(new Uint8Array(65_536));
  assert.equal(source.lastInto?.buffer.byteLength, 5_001);
});

import { strict as assert } from "node:assert";
import { turn } from "../../support/turn.ts";
import { type Asked, CacheBed, fresh, HandFedBody, piece } from "./cache_bed.ts";

const outcomes = (asked: readonly Asked[]) => asked.map(({ outcome }) => outcome);

async function several(bed: CacheBed, count: number): Promise<Asked[]> {
  return await Promise.all(Array.from({ length: count }, () => bed.ask()));
}

Deno.test("however many ask for the same, the upstream is asked once, and all get it as it arrives", async () => {
  const bed = new CacheBed(), asked = await several(bed, 5), body = new HandFedBody();
  await bed.arrived[0].answer({ fields: fresh(), body });
  assert.deepEqual(outcomes(asked), ["miss", "collapsed", "collapsed", "collapsed", "collapsed"]);
  assert.deepEqual(asked.slice(0, 2).map(({ cacheStatus }) => cacheStatus), [
    "gatewright; fwd=uri-miss; stored",
    "gatewright; fwd=uri-miss; collapsed",
  ]);
  assert.deepEqual(asked.slice(0, 2).map((one) => one.header("age")), [null, "0"]);
  await body.give("one");
  for (const { reply } of asked) assert.equal(await piece(reply!.body), "one");
  const late = await bed.ask();
  assert.equal(late.outcome, "collapsed");
  assert.equal(await piece(late.reply!.body), "one");
  await body.give("two");
  await body.give("");
  for (const one of [...asked, late]) assert.equal(await one.text(), "two");
  assert.deepEqual([bed.arrived.length, bed.start().outcome], [1, "hit"]);
  assert.equal(bed.env.deadlines.size, 0);
});

Deno.test("coalesce: false has each asked for", async () => {
  const bed = new CacheBed({ coalesce: false });
  await several(bed, 3);
  assert.equal(bed.arrived.length, 3);
});

Deno.test("one that waits can leave, and a slow reader delays nobody", async () => {
  const bed = new CacheBed(), [first, second, third] = await several(bed, 3), body = new HandFedBody();
  await second.leave();
  assert.deepEqual([second.status, second.exchange.error, second.outcome], [499, "client_closed_request", "miss"]);
  await bed.arrived[0].answer({ fields: fresh(), body });
  await body.give("a");
  await third.leave();
  await body.give("b");
  await body.give("");
  assert.equal(await bed.start().text(), "ab");
  assert.equal(await first.text(), "ab");
});

Deno.test("one that leaves before there is an answer counts as a miss, once, whether it has begun the fill or waits", async () => {
  const bed = new CacheBed(), [first, second, third] = await several(bed, 3);
  for (const one of [first, second]) {
    await one.leave();
    assert.deepEqual([one.status, one.outcome], [499, "miss"]);
  }
  await bed.arrived[0].answer({ fields: fresh() });
  assert.deepEqual(outcomes([first, second, third]), ["miss", "miss", "collapsed"]);
  const { miss, collapsed } = bed.kept.report().outcomes;
  assert.deepEqual([miss, collapsed], [2, 1]);
});

Deno.test("nobody waits for longer than coalesce.wait: who has waited asks alone, and who comes later waits for another", async () => {
  const bed = new CacheBed({ coalesce: { wait: "2s" } }), [, second] = await several(bed, 2);
  await bed.clock.pass(1_999);
  assert.equal(bed.arrived.length, 1);
  await bed.clock.pass(100);
  assert.equal(bed.arrived.length, 2);
  await bed.arrived[1].answer({ body: "alone" });
  assert.deepEqual([second.outcome, await second.text()], ["miss", "alone"]);
  assert.equal(second.cacheStatus, "gatewright; fwd=uri-miss; detail=waited-too-long");
  const later = await several(bed, 2);
  assert.equal(bed.arrived.length, 3);
  await bed.arrived[2].answer({ fields: fresh(), body: "newer" });
  assert.deepEqual(outcomes(later), ["miss", "collapsed"]);
  assert.equal(bed.start().outcome, "hit");
});

Deno.test("a body may take longer than coalesce.wait", async () => {
  const bed = new CacheBed({ coalesce: { wait: "2s" } }), body = new HandFedBody();
  await bed.ask();
  await bed.arrived[0].answer({ fields: fresh(), body });
  await bed.clock.pass(5_000);
  assert.equal((await bed.ask()).outcome, "collapsed");
});

Deno.test("an answer that is nobody else's sends all who waited to the upstream at once, and none waits from then on", async () => {
  const bed = new CacheBed(), asked = await several(bed, 4);
  await bed.arrived[0].answer({ fields: { "cache-control": "private" }, body: "first" });
  assert.equal(await asked[0].text(), "first");
  assert.equal(bed.arrived.length, 4);
  await several(bed, 3);
  assert.equal(bed.arrived.length, 7);
  for (const arrival of bed.arrived.slice(1)) await arrival.answer({ body: "own" });
  for (const one of asked.slice(1)) assert.deepEqual([one.outcome, await one.text()], ["miss", "own"]);
});

Deno.test("what is not kept is forgotten after a minute, or when an answer can be kept", async () => {
  const bed = new CacheBed();
  await bed.fill();
  await several(bed, 2);
  assert.equal(bed.arrived.length, 3);
  bed.pass(60);
  await several(bed, 2);
  assert.equal(bed.arrived.length, 4);
  await bed.arrived[3].answer();
  await bed.fill({}, { fields: fresh() });
  assert.equal(bed.start().outcome, "hit");
  assert.equal((await bed.fill("/other", { fields: fresh({ vary: "x-a" }) })).outcome, "miss");
});

Deno.test("a fill that fails sends all who waited to the upstream, at once", async () => {
  for (const how of ["fail", "crash"] as const) {
    const bed = new CacheBed(), asked = await several(bed, 4);
    await bed.arrived[0][how]();
    assert.equal(bed.arrived.length, 4, how);
    for (const arrival of bed.arrived.slice(1)) await arrival.answer({ body: "own" });
    for (const one of asked.slice(1)) assert.equal(await one.text(), "own");
    const [first, second] = await several(bed, 2);
    assert.equal(bed.arrived.length, 5);
    await bed.arrived[4].answer({ fields: fresh() });
    assert.deepEqual(outcomes([first, second]), ["miss", "collapsed"]);
  }
});

Deno.test("an answer that has to be asked for each time keeps nobody waiting for another's", async () => {
  for (const cacheControl of ["no-cache", "max-age=0"]) {
    const bed = new CacheBed(), fields = { "cache-control": cacheControl, etag: '"a"' }, asked = await several(bed, 4);
    await bed.arrived[0].answer({ fields });
    assert.equal(bed.arrived.length, 4);
    assert.equal(bed.arrived[3].header("if-none-match"), '"a"');
    for (const arrival of bed.arrived.slice(1)) await arrival.answer({ status: 304, body: null, fields });
    assert.deepEqual(outcomes(asked), ["miss", "revalidated", "revalidated", "revalidated"]);
    await several(bed, 3);
    assert.equal(bed.arrived.length, 7);
  }
});

Deno.test("max-age=0 with stale-while-revalidate is shared among those who wait", async () => {
  const bed = new CacheBed(), asked = await several(bed, 3);
  await bed.arrived[0].answer({ fields: { "cache-control": "max-age=0, stale-while-revalidate=5" } });
  assert.deepEqual(outcomes(asked), ["miss", "collapsed", "collapsed"]);
});

Deno.test("those who wait get an answer only if Vary has it be theirs; the others wait for one of their own", async () => {
  const bed = new CacheBed(), ask = (kind: string) => bed.ask({ headers: { "x-kind": kind } });
  const [a, b, a2, b2] = [await ask("a"), await ask("b"), await ask("a"), await ask("b")];
  const vary = fresh({ vary: "x-kind" }), body = new HandFedBody();
  await bed.arrived[0].answer({ fields: vary, body });
  assert.deepEqual([a.outcome, a2.outcome, b.reply, b2.reply], ["miss", "collapsed", null, null]);
  assert.deepEqual([bed.arrived.length, bed.arrived[1].header("x-kind")], [2, "b"]);
  const b3 = await ask("b"), a3 = await ask("a");
  assert.deepEqual([bed.arrived.length, a3.outcome], [2, "collapsed"]);
  await bed.arrived[1].answer({ fields: vary, body: "b" });
  for (const one of [b, b2, b3]) assert.equal(await one.text(), "b");
  assert.deepEqual(outcomes([b, b2, b3]), ["miss", "collapsed", "collapsed"]);
  const a4 = await ask("a");
  assert.deepEqual([bed.arrived.length, a4.outcome], [2, "collapsed"]);
  await body.give("a");
  await body.give("");
  for (const one of [a, a2, a3, a4]) assert.equal(await one.text(), "a");
});

Deno.test("an upstream that chooses by other fields each time has nobody wait for ever", async () => {
  const bed = new CacheBed(), names = ["x-a", "x-b", "x-c", "x-d", "x-e"];
  const ask = (i: number) => bed.ask({ headers: Object.fromEntries(names.map((name) => [name, `${i}`])) });
  const asked = [await ask(0), await ask(1), await ask(2)];
  for (let i = 0; i < bed.arrived.length; i++) await bed.arrived[i].answer({ fields: fresh({ vary: names[i % 5] }) });
  for (const one of asked) assert.equal(one.status, 200);
});

Deno.test("a stale answer of another variant stands in for nobody", async () => {
  const bed = new CacheBed({ staleIfError: "1h" });
  const ask = (a: string, b: string) => ({ headers: { "x-a": a, "x-b": b } });
  await bed.fill(ask("1", "1"), { fields: fresh({ vary: "x-a" }), body: "by a" });
  await bed.fill(ask("2", "2"), { fields: fresh({ vary: "x-b" }), body: "by b" });
  bed.pass(61);
  const [first, second] = [await bed.ask(ask("1", "3")), await bed.ask(ask("2", "3"))];
  await bed.arrived[2].answer({ status: 503 });
  assert.equal(await first.text(), "by a");
  assert.equal(second.reply, null);
});

Deno.test("a stale answer stands in for those who wait only as far as they take it", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh() });
  bed.pass(70);
  const [first, second] = [await bed.ask({ headers: { "cache-control": "stale-if-error=60" } }), await bed.ask()];
  await bed.arrived[1].answer({ status: 503 });
  assert.equal(first.outcome, "stale");
  assert.equal(second.reply, null);
  await bed.arrived[2].answer({ status: 503 });
  assert.equal(second.status, 503);
});

Deno.test("those who wait have their own conditions and methods", async () => {
  const bed = new CacheBed(), body = new HandFedBody();
  await bed.ask();
  const same = await bed.ask({ headers: { "if-none-match": '"a"' } });
  await bed.ask({ method: "HEAD" });
  assert.equal(bed.arrived.length, 2);
  await bed.arrived[0].answer({ fields: fresh({ etag: '"a"' }), body });
  assert.deepEqual([same.status, same.reply?.body], [304, null]);
  await body.give("a");
  await body.give("");
  assert.equal(await bed.start().text(), "a");
});

Deno.test("one that waited and needs no body keeps nobody from the rest of it", async () => {
  const bed = new CacheBed({ maxBody: "4B" }), body = new HandFedBody(), first = await bed.ask();
  const same = await bed.ask({ headers: { "if-none-match": '"a"' } });
  await bed.arrived[0].answer({ fields: fresh({ etag: '"a"' }), body });
  assert.equal(same.status, 304);
  await body.give("01234");
  assert.equal(await piece(first.reply!.body), "01234");
  await turn();
  assert.equal(body.wanted, true);
});

Deno.test("who wants a newer answer than others waits for nobody, and nobody for him", async () => {
  for (const directive of ["no-cache", "max-age=0", "min-fresh=5", "no-store"]) {
    const bed = new CacheBed(), headers = { "cache-control": directive };
    await bed.ask({ headers });
    await bed.ask();
    await bed.ask({ headers });
    assert.equal(bed.arrived.length, 3, directive);
  }
});

Deno.test("those with a credential have none without one wait for them", async () => {
  const bed = new CacheBed(), alice = { headers: { authorization: "Basic a" } };
  await bed.ask(alice);
  await bed.ask();
  assert.equal(bed.arrived.length, 2);
  await bed.arrived[0].answer({ fields: fresh() });
  const [first, second] = await several(bed, 2);
  assert.equal(bed.arrived.length, 2);
  await bed.arrived[1].answer({ fields: fresh({}, 30) });
  assert.deepEqual(outcomes([first, second]), ["collapsed", "collapsed"]);
  bed.pass(30);
  await bed.ask({ headers: { authorization: "Basic b" } });
  await bed.ask(alice);
  assert.equal(bed.arrived.length, 4);
});

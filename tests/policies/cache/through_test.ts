import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { type Asking, CacheBed, fresh, HandFedBody } from "./cache_bed.ts";

const BASIC: Asking = { headers: { authorization: "Basic a" } };
const RANGE: Asking = { headers: { range: "bytes=0-3" } };
const part = (text: string, first = 0, length = 10) => ({
  status: 206,
  fields: fresh({ etag: '"a"', "content-range": `bytes ${first}-${first + text.length - 1}/${length}` }),
  body: text,
});

/** Has it found out that the answers to such requests are nobody else's, while what is kept stays. */
async function marked(asking: Asking, bed = new CacheBed({ staleIfError: "20s", grace: "30s" })): Promise<CacheBed> {
  await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "kept" });
  bed.pass(60);
  await bed.fill(asking, asking === BASIC ? { fields: fresh() } : { status: 429 });
  const [one, other] = [await bed.ask(asking), await bed.ask(asking)];
  assert.equal(bed.arrived.length, 4, "one has waited for the other");
  for (const arrival of bed.arrived.slice(2)) await arrival.answer({ status: 429 });
  assert.deepEqual([one.status, other.status], [429, 429]);
  return bed;
}

const WAYS: readonly (readonly [string, Asking, () => Promise<CacheBed>])[] = [
  ["HEAD", { method: "HEAD" }, async () => {
    const bed = new CacheBed({ staleIfError: "20s", grace: "30s" });
    await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "kept" });
    bed.pass(60);
    return bed;
  }],
  ["a GET with a credential", BASIC, () => marked(BASIC)],
  ["a GET whose answers were nobody else's", {}, () => marked({})],
];

for (const [what, asking, bedFor] of WAYS) {
  for (const status of [500, 502, 503, 504]) {
    Deno.test(`a stale answer stands in for a ${status} to ${what}, within stale-if-error`, async () => {
      const bed = await bedFor(), body = new HandFedBody();
      bed.pass(20);
      const asked = await bed.ask(asking);
      await bed.arrived.at(-1)!.answer({ status, body });
      assert.deepEqual([asked.status, asked.outcome, asked.reply!.body!.length], [200, "stale", 4]);
      assert.equal(asked.cacheStatus, `gatewright; fwd=stale; fwd-status=${status}; detail=stale-if-error`);
      assert.deepEqual([body.cancelled, bed.kept.report().underWay], [1, 0]);
      bed.clock.advance(1);
      assert.equal((await bed.fill(asking, { status })).status, status);
    });
  }

  Deno.test(`a stale answer stands in for ${what} where the upstream cannot be reached, within grace`, async () => {
    const bed = await bedFor();
    bed.pass(30);
    const asked = await bed.ask(asking);
    await bed.arrived.at(-1)!.fail("circuit_open", 503);
    assert.deepEqual([asked.status, asked.outcome, asked.exchange.error], [200, "stale", ""]);
    bed.clock.advance(1);
    const late = await bed.ask(asking);
    await bed.arrived.at(-1)!.fail();
    assert.deepEqual([late.status, late.exchange.error, late.outcome], [502, "connect_failed", "miss"]);
    assert.equal(late.cacheStatus, "gatewright; fwd=stale; detail=connect_failed");
  });

  Deno.test(`a stale answer stands in for ${what} where the chain throws, at once or later, and else that is told`, async () => {
    for (const sync of [true, false]) {
      const bed = await bedFor(),
        crash = async () => {
          if (sync) {
            bed.respond = () => {
              throw new Error("the chain threw");
            };
          }
          const asked = await bed.ask(asking);
          if (!sync) await bed.arrived.at(-1)!.crash();
          return asked;
        };
      bed.pass(20);
      assert.equal((await crash()).outcome, "stale");
      bed.clock.advance(1);
      const error = await crash().then(({ error }) => error, (error) => error);
      assert.match(String(error), /the chain threw/);
      assert.equal(bed.kept.report().underWay, 0);
    }
  });

  Deno.test(`nothing stands in for ${what} for what a policy behind the cache refuses, which takes nothing out`, async () => {
    const bed = await bedFor(), asked = await bed.ask(asking);
    await bed.arrived.at(-1)!.fail("forbidden", 403);
    assert.deepEqual([asked.status, asked.exchange.error], [403, "forbidden"]);
    assert.equal(asked.cacheStatus, "gatewright; fwd=stale; detail=forbidden");
    assert.equal((await bed.fill(asking, { status: 503 })).outcome, "stale");
  });
}

Deno.test("a stale answer that another variant is of, or by whose key it cannot be told, stands in for nobody", async () => {
  const byUser = new CacheBed({ staleIfError: "1h", vary: "header:authorization" });
  await byUser.fill(BASIC, { fields: fresh({}, 60) });
  const chosen = new CacheBed({ staleIfError: "1h" });
  await chosen.fill({ headers: { "x-kind": "a" } }, { fields: fresh({ vary: "x-kind" }) });
  for (
    const [bed, asking] of [
      [byUser, { method: "HEAD", headers: { authorization: "Basic b" } }],
      [chosen, { method: "HEAD", headers: { "x-kind": "b" } }],
    ] as const
  ) {
    bed.pass(61);
    assert.equal((await bed.fill(asking, { status: 503, body: null })).status, 503);
  }
});

Deno.test("a part stands in for nobody who asks for more than that", async () => {
  for (const asking of [{}, { method: "HEAD" }] as const) {
    const bed = new CacheBed({ staleIfError: "1h" });
    await bed.fill(RANGE, part("0123"));
    assert.equal((await bed.fill(asking, { status: 503 })).status, 503);
  }
});

Deno.test("those who waited for an answer that was not to be kept are given none that it had taken the place of", async () => {
  const bed = new CacheBed({ staleIfError: "1h" });
  await bed.fill({}, { fields: fresh() });
  bed.pass(61);
  const [first, second] = [await bed.ask(), await bed.ask()];
  await bed.arrived[1].answer({ fields: { "cache-control": "private" } });
  await bed.arrived[2].answer({ status: 503 });
  assert.deepEqual([first.status, second.status], [200, 503]);
});

Deno.test("a part that was not asked for is not kept, the first time nor later", async () => {
  const bed = new CacheBed();
  for (const _ of ["first", "later"]) {
    const asked = await bed.fill({}, part("0123"));
    assert.deepEqual([asked.status, asked.cacheStatus], [206, "gatewright; fwd=uri-miss; detail=unasked-206"]);
    assert.equal(bed.kept.shelf.entries, 0);
  }
  assert.equal((await bed.fill(RANGE, part("0123"))).cacheStatus, "gatewright; fwd=uri-miss; stored");
});

Deno.test("a part that comes after all of it has come takes nothing of it away", async () => {
  const bed = new CacheBed(), range = await bed.ask(RANGE), body = new HandFedBody();
  await bed.arrived[0].answer({ ...part("0123"), body });
  await bed.fill({}, { fields: fresh({ etag: '"b"' }), body: "abcdefghij" });
  await body.give("0123");
  await body.give("");
  assert.equal(await range.text(), "0123");
  assert.equal(await bed.start().text(), "abcdefghij");
  assert.equal(await bed.start(RANGE).text(), "abcd");
});

Deno.test("a part takes the place of all of an answer that is stale", async () => {
  const bed = new CacheBed(), whole = { fields: fresh({ etag: '"b"' }), body: "abcdefghij" };
  await bed.fill({}, whole);
  bed.pass(60);
  await bed.fill({}, { status: 429 });
  await bed.fill(RANGE, part("0123"));
  assert.equal(await bed.start(RANGE).text(), "0123");
});

Deno.test("a HEAD with a credential renews nothing, and takes nothing out: another may get another answer", async () => {
  const head: Asking = { method: "HEAD", headers: { authorization: "Basic a", "cache-control": "no-cache" } };
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "kept" });
  bed.pass(30);
  await bed.fill(head, { fields: fresh({ etag: '"a"', "x-v": "2" }), body: null });
  assert.deepEqual([bed.start().header("x-v"), bed.start().header("age")], [null, "30"]);
  await bed.fill(head, { fields: fresh({ etag: '"b"' }), body: null });
  assert.equal(await bed.start().text(), "kept");
});

Deno.test("what the gateway says of a failure is kept for nobody whose request went on as it was, either", async () => {
  for (const [asking, status] of [[RANGE, 502], [{}, 404]] as const) {
    const bed = new CacheBed({ forceTtl: "1m", statuses: [200, 502] });
    // From the second time on it goes on as it was.
    if (asking !== RANGE) await bed.fill({}, { status: 429 });
    const asked = await bed.ask(asking);
    bed.arrived.at(-1)!.exchange.error = "failed_here";
    await bed.arrived.at(-1)!.answer(new Reply(status, HeaderList.of("cache-control", "max-age=60"), null));
    assert.equal(asked.cacheStatus, "gatewright; fwd=uri-miss; detail=failed_here");
    assert.equal(bed.kept.shelf.entries, 0);
  }
});

import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { concurrencyLimitDefinition } from "../../../src/policies/traffic/concurrency_limit.ts";
import { concurrencyLimitSchema } from "../../../src/policies/traffic/concurrency_limit_schema.ts";
import { makeEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";
import { CacheBed, fresh, HandFedBody, piece } from "./cache_bed.ts";

const DATE = "Wed, 31 Dec 2025 00:00:00 GMT";
const NOT_MODIFIED = { status: 304, body: null };

Deno.test("a stale answer is asked about by its validators, and a 304 renews it, its fields and what is ready of it", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"', "last-modified": DATE, "x-v": "1" }), body: "body" });
  bed.start();
  bed.pass(60);
  const asked = await bed.ask();
  assert.equal(bed.arrived[1].header("if-none-match"), '"a"');
  assert.equal(bed.arrived[1].header("if-modified-since"), DATE);
  bed.pass(1);
  await bed.arrived[1].answer({ ...NOT_MODIFIED, fields: fresh({ "x-v": "2" }, 100) });
  assert.deepEqual([asked.status, asked.outcome, await asked.text()], [200, "revalidated", "body"]);
  assert.equal(asked.cacheStatus, "gatewright; fwd=stale; fwd-status=304; stored");
  assert.equal(bed.arrived[1].ended, true);
  bed.pass(99 - 1);
  const hit = bed.start();
  assert.deepEqual([hit.outcome, hit.header("x-v"), hit.header("age"), await hit.text()], ["hit", "2", "99", "body"]);
  assert.equal(hit.cacheStatus, "gatewright; hit; ttl=1");
});

Deno.test("a client's condition does not take the place of the cache's own, and is answered after the 304", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"' }) });
  bed.pass(60);
  const [same, other] = [
    await bed.ask({ headers: { "if-none-match": '"a"' } }),
    await bed.ask({ headers: { "if-none-match": '"x"' } }),
  ];
  assert.deepEqual([bed.arrived.length, bed.arrived[1].header("if-none-match")], [2, '"a"']);
  await bed.arrived[1].answer({ ...NOT_MODIFIED, fields: fresh() });
  assert.deepEqual([same.status, other.status], [304, 200]);
});

Deno.test("a 304 about another answer than was asked about has all of it asked for", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "old" });
  bed.pass(60);
  const asked = await bed.ask();
  await bed.arrived[1].answer({ ...NOT_MODIFIED, fields: { etag: '"b"' } });
  assert.equal(bed.arrived[2].header("if-none-match"), null);
  await bed.arrived[2].answer({ fields: fresh({ etag: '"b"' }), body: "new" });
  assert.deepEqual([asked.status, await asked.text()], [200, "new"]);
  assert.equal(await bed.start().text(), "new");
});

Deno.test("a newer answer takes the place of the stale one; where it is not to be kept, nothing is", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "1" });
  bed.pass(60);
  const second = await bed.fill({}, { fields: fresh({ etag: '"b"' }), body: "2" });
  assert.equal(second.cacheStatus, "gatewright; fwd=stale; stored");
  assert.equal(await bed.start().text(), "2");
  bed.pass(60);
  const third = await bed.fill({}, { fields: { "cache-control": "no-store" }, body: "3" });
  assert.equal(third.cacheStatus, "gatewright; fwd=stale; detail=no-store");
  assert.equal(bed.kept.shelf.entries, 0);
});

Deno.test("a 304 that forbids to keep the answer gives it to him who asked, and to nobody else", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"' }) });
  bed.pass(60);
  const [first, second] = [await bed.ask(), await bed.ask()];
  await bed.arrived[1].answer({ ...NOT_MODIFIED, fields: { "cache-control": "private", "set-cookie": "a=1" } });
  assert.equal(first.cacheStatus, "gatewright; fwd=stale; fwd-status=304");
  assert.equal(first.header("set-cookie"), "a=1");
  assert.deepEqual([second.reply, bed.arrived.length, bed.kept.shelf.entries], [null, 3, 0]);
});

Deno.test("a 304 to a question about an older answer leaves the newer one alone", async () => {
  for (const replaced of [true, false]) {
    const bed = new CacheBed();
    await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "a" });
    bed.pass(60);
    await bed.ask();
    await bed.fill({ headers: { "cache-control": "no-cache" } }, {
      fields: fresh({ etag: '"b"' }),
      body: replaced ? "b" : "a",
    });
    await bed.arrived[1].answer({ ...NOT_MODIFIED, fields: { ...fresh(), etag: '"a"' } });
    assert.equal(bed.start().header("etag"), '"b"');
  }
});

Deno.test("a HEAD renews what is kept, or shows that it has changed, unless that is newer", async () => {
  const head = { method: "HEAD", headers: { "cache-control": "no-cache" } };
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"' }) });
  bed.pass(30);
  await bed.fill(head, { fields: fresh({ etag: '"a"', "x-v": "2" }), body: null });
  bed.pass(50);
  assert.deepEqual([bed.start().header("x-v"), bed.start().header("age")], ["2", "50"]);
  await bed.ask(head);
  bed.kept.purge({ target: { all: true }, soft: true });
  await bed.arrived[2].answer({ fields: fresh({ etag: '"a"' }), body: null });
  assert.equal((await bed.ask()).reply, null);
  await bed.arrived[3].answer({ fields: fresh({ etag: '"a"' }) });
  await bed.fill(head, { fields: fresh({ etag: '"b"' }), body: null });
  assert.equal(bed.kept.shelf.entries, 0);
});

Deno.test("an answer that is not about the URL leaves the stale one where it is", async () => {
  const bed = new CacheBed({ staleIfError: "1h" });
  await bed.fill({}, { fields: fresh() });
  bed.pass(60);
  await bed.fill({}, { status: 429 });
  bed.pass(61);
  const asked = await bed.fill({}, { status: 503 });
  assert.equal(asked.outcome, "stale");
});

for (const status of [500, 502, 503, 504]) {
  Deno.test(`a stale answer stands in for a ${status}, within stale-if-error`, async () => {
    const bed = new CacheBed();
    await bed.fill({}, { fields: { "cache-control": "max-age=60, stale-if-error=20", etag: '"a"' }, body: "kept" });
    bed.pass(80);
    const body = new HandFedBody(), asked = await bed.ask(), other = await bed.ask();
    await bed.arrived[1].answer({ status, body });
    assert.deepEqual([asked.status, asked.outcome, await asked.text()], [200, "stale", "kept"]);
    assert.deepEqual([other.status, other.outcome, await other.text()], [200, "stale", "kept"]);
    assert.equal(asked.cacheStatus, `gatewright; fwd=stale; fwd-status=${status}; detail=stale-if-error`);
    assert.equal(asked.header("age"), "80");
    assert.deepEqual([body.cancelled, bed.arrived[1].ended], [1, true]);
    bed.clock.advance(1);
    assert.equal((await bed.fill({}, { status })).status, status);
  });
}

Deno.test("an answer stands in where the upstream cannot be reached, within grace, and not for its own errors", async () => {
  const bed = new CacheBed({ grace: "30s" });
  await bed.fill({}, { fields: fresh() });
  bed.pass(90);
  const asked = await bed.ask();
  await bed.arrived[1].fail("circuit_open", 503);
  assert.deepEqual([asked.status, asked.outcome, asked.exchange.error], [200, "stale", ""]);
  assert.equal((await bed.fill({}, { status: 503 })).status, 503);
  bed.clock.advance(1);
  const late = await bed.ask();
  await bed.arrived[3].fail();
  assert.deepEqual([late.status, late.exchange.error, late.outcome], [502, "connect_failed", "miss"]);
});

Deno.test("an answer stands in where the chain throws, and else that is told", async () => {
  const bed = new CacheBed({ staleIfError: "10s" });
  await bed.fill({}, { fields: fresh() });
  bed.pass(65);
  const asked = await bed.ask();
  await bed.arrived[1].crash();
  assert.deepEqual([asked.status, asked.outcome], [200, "stale"]);
  bed.pass(10);
  const late = await bed.ask();
  await bed.arrived[2].crash();
  assert.match(String(late.error), /the chain threw/);
  assert.deepEqual(bed.arrived.map(({ ended }) => ended), [true, true, true]);
  assert.equal(bed.kept.report().underWay, 0);
});

Deno.test("nothing stands in for what a policy behind the cache refuses", async () => {
  const bed = new CacheBed({ grace: "1h", staleIfError: "1h" });
  await bed.fill({}, { fields: fresh() });
  bed.pass(65);
  const asked = await bed.ask();
  await bed.arrived[1].fail("forbidden", 403);
  assert.deepEqual([asked.status, asked.exchange.error], [403, "forbidden"]);
});

Deno.test("what a policy behind the cache refuses to one client takes nothing from the others", async () => {
  for (const stale of [{ headers: { authorization: "Basic a" } }, {}]) {
    const bed = new CacheBed({ staleIfError: "1h" });
    await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "kept" });
    bed.pass(65);
    const refused = await bed.ask(stale);
    await bed.arrived[1].fail("forbidden", 403);
    assert.deepEqual([refused.status, refused.cacheStatus], [403, "gatewright; fwd=stale; detail=forbidden"]);
    const other = await bed.ask();
    assert.equal(bed.arrived[2].header("if-none-match"), '"a"');
    await bed.arrived[2].answer({ status: 503 });
    assert.equal(await other.text(), "kept");
  }
});

Deno.test("what was purged while the upstream was asked stands in for nobody", async () => {
  for (const method of ["GET", "HEAD"]) {
    const bed = new CacheBed({ staleIfError: "1h" });
    await bed.fill({}, { fields: fresh() });
    bed.pass(61);
    const asked = await bed.ask({ method });
    bed.kept.purge({ target: { all: true }, soft: false });
    await bed.arrived[1].answer({ status: 503, body: null });
    assert.equal(asked.status, 503, method);
  }
});

Deno.test("must-revalidate is never stale", async () => {
  const bed = new CacheBed({ grace: "1h", staleIfError: "1h", staleWhileRevalidate: "1h" });
  await bed.fill({}, { fields: { "cache-control": "max-age=60, must-revalidate", etag: '"a"' } });
  bed.pass(61);
  const asked = await bed.ask();
  await bed.arrived[1].fail();
  assert.equal(asked.status, 502);
});

Deno.test("stale-while-revalidate gives the stale answer at once, and refreshes it once for however many ask", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: { "cache-control": "max-age=60, stale-while-revalidate=30", etag: '"a"' }, body: "1" });
  bed.pass(90);
  for (let i = 0; i < 3; i++) {
    const asked = bed.start();
    assert.deepEqual([asked.sync, asked.outcome, await asked.text()], [true, "stale", "1"]);
    assert.equal(asked.cacheStatus, "gatewright; hit; ttl=-30");
  }
  assert.deepEqual([bed.arrived.length, bed.arrived[1].header("if-none-match")], [2, '"a"']);
  await bed.arrived[1].answer({ fields: fresh(), body: "2" });
  assert.equal(await bed.start().text(), "2");
  assert.equal(bed.kept.report().underWay, 0);
});

Deno.test("stale-while-revalidate has its end, and is not for who asks for a newer answer", async () => {
  const bed = new CacheBed({ staleWhileRevalidate: "30s" });
  await bed.fill({}, { fields: fresh({ etag: '"a"' }) });
  bed.pass(70);
  assert.equal((await bed.ask({ headers: { "cache-control": "max-age=100" } })).reply, null);
  bed.clock.advance(20_001);
  assert.equal((await bed.ask()).reply, null);
});

Deno.test("a refresh that brings nothing to keep, fails or throws leaves nothing open", async () => {
  for (const what of ["own", "stream", "fail", "crash"] as const) {
    const bed = new CacheBed({ staleWhileRevalidate: "1h" }), body = new HandFedBody();
    await bed.fill({}, { fields: fresh() });
    bed.pass(70);
    assert.equal(bed.start().outcome, "stale");
    const [, refresh] = bed.arrived;
    if (what === "own") await refresh.answer({ fields: { "cache-control": "private" } });
    if (what === "stream") await refresh.answer({ status: 500, body });
    if (what === "fail") await refresh.fail();
    if (what === "crash") await refresh.crash();
    assert.equal(refresh.ended, true, what);
    assert.equal(body.cancelled, what === "stream" ? 1 : 0);
    assert.equal(bed.kept.report().underWay, 0);
    assert.equal((await bed.ask()).outcome, what === "own" ? "" : "stale", what);
  }
});

Deno.test("refreshEarly refreshes at a time that chance decides, by how long the answer took", async () => {
  const env = { ...makeEnv(), random: () => 1 - Math.exp(-2) };
  const bed = new CacheBed({ refreshEarly: true }, env);
  const first = await bed.ask();
  bed.pass(3);
  await bed.arrived[0].answer({ fields: fresh({}, 103) });
  assert.equal(first.status, 200);
  bed.clock.advance(93_999);
  assert.equal(bed.start().outcome, "hit");
  assert.equal(bed.arrived.length, 1);
  bed.clock.advance(1);
  for (let i = 0; i < 2; i++) assert.equal(bed.start().outcome, "hit");
  assert.equal(bed.arrived.length, 2);
});

Deno.test("an answer outlives the client that asked for it first, before its head and in the middle of its body", async () => {
  for (const headFirst of [true, false]) {
    const bed = new CacheBed(), body = new HandFedBody(), asked = await bed.ask();
    if (headFirst) await bed.arrived[0].answer({ fields: fresh(), body });
    await asked.leave();
    if (!headFirst) {
      assert.equal(asked.status, 499);
      await bed.arrived[0].answer({ fields: fresh(), body });
    }
    assert.equal(bed.arrived[0].exchange.aborted, false);
    await body.give("body");
    await body.give("");
    assert.equal(await bed.start().text(), "body");
    assert.deepEqual([body.cancelled, bed.arrived[0].ended, bed.kept.report().underWay], [0, true, 0]);
  }
});

Deno.test("an answer that is nobody else's is given up with its client, before its head and in the middle of its body", async () => {
  for (const headFirst of [true, false]) {
    const bed = new CacheBed(), body = new HandFedBody(), asked = await bed.ask();
    if (headFirst) await bed.arrived[0].answer({ body });
    await asked.leave();
    if (!headFirst) await bed.arrived[0].answer({ body });
    assert.deepEqual([body.cancelled, bed.arrived[0].exchange.aborted, bed.arrived[0].ended], [1, true, true]);
  }
});

Deno.test("the copy of an answer that is nobody else's is over when its client has it", async () => {
  const bed = new CacheBed(), asked = await bed.ask();
  await bed.arrived[0].answer({ body: "mine" });
  assert.equal(bed.arrived[0].ended, false);
  assert.equal(await asked.text(), "mine");
  asked.end();
  assert.deepEqual([bed.arrived[0].ended, bed.arrived[0].exchange.aborted], [true, false]);
});

Deno.test("a body that breaks off is kept by nobody, and no reader takes it for whole", async () => {
  const bed = new CacheBed(), body = new HandFedBody(), [first, second] = [await bed.ask(), await bed.ask()];
  await bed.arrived[0].answer({ fields: fresh(), body });
  await body.give("half");
  for (const { reply } of [first, second]) assert.equal(await piece(reply!.body), "half");
  const broken = [first, second].map(({ reply }) => assert.rejects(piece(reply!.body)));
  await body.break();
  await Promise.all(broken);
  assert.deepEqual([bed.kept.shelf.entries, bed.kept.report().underWay, bed.arrived[0].ended], [0, 0, true]);
  const [again, joined] = [await bed.ask(), await bed.ask()];
  assert.equal(bed.arrived.length, 2);
  await bed.arrived[1].answer({ fields: fresh() });
  assert.deepEqual([again.outcome, joined.outcome], ["miss", "collapsed"]);
});

Deno.test("a body that is known to be too large is not kept, nor waited for the next time", async () => {
  const bed = new CacheBed({ maxBody: "4B" }), body = new HandFedBody(5);
  const asked = await bed.ask();
  await bed.arrived[0].answer({ fields: fresh(), body });
  assert.equal(asked.reply!.body, body);
  assert.equal(asked.cacheStatus, "gatewright; fwd=uri-miss; detail=too-large");
  for (let i = 1; i < 4; i++) {
    const next = await bed.ask(), long = new HandFedBody(5);
    await bed.arrived[i].answer({ fields: fresh(), body: long });
    assert.equal(next.reply!.body, long);
    await bed.ask();
    assert.equal(bed.arrived.length, i + 2, "one has waited for another");
    bed.arrived.pop();
  }
});

Deno.test("a body that turns out to be too large reaches its readers at their pace, and nothing is held of the next ones", async () => {
  const bed = new CacheBed({ maxBody: "4B" }),
    body = new HandFedBody(),
    [first, second] = [await bed.ask(), await bed.ask()];
  await bed.arrived[0].answer({ fields: fresh(), body });
  await body.give("01234");
  assert.equal(body.wanted, false);
  const late = await bed.ask();
  assert.equal(bed.arrived.length, 2, "nobody joins what is no longer there from its beginning");
  for (const { reply } of [first, second]) assert.equal(await piece(reply!.body), "01234");
  await turn();
  await body.give("");
  assert.deepEqual([bed.kept.shelf.entries, bed.arrived[0].ended], [0, true]);
  const long = new HandFedBody();
  await bed.arrived[1].answer({ fields: fresh(), body: long });
  assert.equal(late.reply!.body, long);
  const next = await bed.ask(), longer = new HandFedBody();
  await bed.arrived[2].answer({ fields: fresh(), body: longer });
  assert.equal(next.reply!.body, longer);
});

Deno.test("places behind the cache are given back, whatever becomes of the answer", async () => {
  const limited = (env: ReturnType<typeof makeEnv>) => {
    const limit = concurrencyLimitDefinition.build(concurrencyLimitSchema.parse({ max: 1 }), env, "a/limit");
    return new CacheBed({ staleWhileRevalidate: "1h", staleIfError: "1h" }, env, limit);
  };
  const free = async (bed: CacheBed) => {
    const asked = await bed.ask("/free"), there = bed.arrived.at(-1)!;
    assert.equal(there.exchange.path, "/free", "the place is still taken");
    await there.answer();
    asked.end();
  };
  const cases: Record<string, (bed: CacheBed) => Promise<unknown>> = {
    kept: (bed) => bed.fill({}, { fields: fresh() }),
    own: (bed) => bed.fill({}, {}),
    left: async (bed) => {
      const asked = await bed.ask();
      await asked.leave();
      await bed.arrived[0].answer({ body: new HandFedBody() });
    },
    "left while it is kept": async (bed) => {
      const asked = await bed.ask(), body = new HandFedBody();
      await asked.leave();
      await bed.arrived[0].answer({ fields: fresh(), body });
      await body.give("");
    },
    "refreshed in vain": async (bed) => {
      await bed.fill({}, { fields: fresh() });
      bed.pass(61);
      bed.start().end();
      await bed.arrived[1].answer();
    },
    "stood in for": async (bed) => {
      await bed.fill({}, { fields: { "cache-control": "max-age=60, stale-while-revalidate=0" } });
      bed.pass(61);
      await bed.fill({}, { status: 503 });
    },
    "not modified": async (bed) => {
      await bed.fill({}, { fields: { "cache-control": "max-age=60, stale-while-revalidate=0", etag: '"a"' } });
      bed.pass(61);
      await bed.fill({}, NOT_MODIFIED);
    },
    "answered 304": async (bed) => {
      await bed.fill({ headers: { "if-none-match": '"a"' } }, { fields: fresh({ etag: '"a"' }) });
    },
    crashed: async (bed) => {
      await bed.ask();
      await bed.arrived[0].crash();
    },
  };
  for (const [what, run] of Object.entries(cases)) {
    const bed = limited(makeEnv());
    await run(bed);
    await free(bed).catch((error) => assert.fail(`${what}: ${error}`));
  }
});

Deno.test("interim answers are for the client that asked first: nobody knows yet whose the answer will be", async () => {
  const bed = new CacheBed(), [first, second] = [await bed.ask(), await bed.ask()];
  bed.arrived[0].exchange.inform(103, []);
  await bed.arrived[0].answer({ fields: fresh() });
  bed.arrived[0].exchange.inform(103, []);
  assert.deepEqual([first.exchange.informed, second.exchange.informed], [[103], []]);
});

Deno.test("trailers reach those who read along, and are not kept", async () => {
  const bed = new CacheBed(), body = new HandFedBody(undefined, ["x-sum", "1"]), asked = await bed.ask();
  await bed.arrived[0].answer({ fields: fresh(), body });
  await body.give("a");
  await body.give("");
  const { body: read } = asked.reply!;
  assert.deepEqual([await piece(read), await piece(read)], ["a", ""]);
  assert.deepEqual((read as HandFedBody).trailers, ["x-sum", "1"]);
  assert.ok(bed.start().reply!.body instanceof Uint8Array);
});

Deno.test("the log of the client's request says what became of its copy", async () => {
  const bed = new CacheBed(), asked = await bed.ask(), { exchange } = bed.arrived[0];
  Object.assign(exchange, { attempts: 2, endpoint: "e1", limit: "delayed", reason: "why" });
  await bed.arrived[0].fail();
  const { attempts, endpoint, limit, reason, error, cache } = asked.exchange;
  assert.deepEqual({ attempts, endpoint, limit, reason, error, cache }, {
    attempts: 2,
    endpoint: "e1",
    limit: "delayed",
    reason: "why",
    error: "connect_failed",
    cache: "miss",
  });
});

Deno.test("an answer that is kept without its private fields is given whole to him who asked", async () => {
  const bed = new CacheBed(), fields = { "cache-control": 'max-age=60, private="set-cookie"', "set-cookie": "a=1" };
  const [first, second] = [await bed.ask(), await bed.ask()];
  await bed.arrived[0].answer({ fields });
  assert.deepEqual([first.header("set-cookie"), second.header("set-cookie")], ["a=1", null]);
  assert.equal(second.outcome, "collapsed");
  assert.equal(bed.start().header("set-cookie"), null);
});

Deno.test("a cookie is set for him who asked only, where the upstream does not say that all may have it", async () => {
  for (const options of [{ forceTtl: "60s" }, { defaultTtl: "60s" }, {}] as const) {
    const bed = new CacheBed(options), [first, second] = [await bed.ask(), await bed.ask()];
    await bed.arrived[0].answer({ fields: { "set-cookie": "a=1", "last-modified": DATE } });
    assert.equal(first.header("set-cookie"), "a=1");
    assert.deepEqual([second.reply, bed.arrived.length, bed.kept.shelf.entries], [null, 2, 0]);
  }
});

Deno.test("a purge while an answer is on its way: it is given, not kept, and nobody joins it any more", async () => {
  for (const soft of [false, true]) {
    const bed = new CacheBed(), body = new HandFedBody(), [first, second] = [await bed.ask(), await bed.ask()];
    await bed.arrived[0].answer({ fields: fresh(), body });
    bed.kept.purge({ target: { url: "http://gateway.test:8080/" }, soft });
    const later = await bed.ask();
    await bed.arrived[1].answer({ fields: fresh(), body: "new" });
    await body.give("old");
    await body.give("");
    assert.deepEqual([await first.text(), await second.text(), await later.text()], ["old", "old", "new"]);
    assert.equal(await bed.start().text(), "new");
  }
});

Deno.test("a soft purge while the upstream is asked: its 304 does not count, and what is there can still stand in", async () => {
  const bed = new CacheBed({ staleIfError: "1h" });
  await bed.fill({}, { fields: fresh({ etag: '"a"' }) });
  bed.pass(60);
  const asked = await bed.ask();
  bed.kept.purge({ target: { all: true }, soft: true });
  await bed.arrived[1].answer({ ...NOT_MODIFIED, fields: fresh() });
  assert.equal(asked.cacheStatus, "gatewright; fwd=stale; fwd-status=304");
  assert.equal((await bed.fill({}, { status: 503 })).outcome, "stale");
});

Deno.test("a purge of another URL leaves what is on its way alone", async () => {
  const bed = new CacheBed();
  await bed.ask();
  bed.kept.purge({ target: { prefix: "http://gateway.test:8080/other" }, soft: false });
  await bed.ask();
  await bed.arrived[0].answer({ fields: fresh() });
  assert.deepEqual([bed.arrived.length, bed.start().outcome], [1, "hit"]);
});

Deno.test("a cache that is closed gives up what nobody waits for, and keeps nothing", async () => {
  const bed = new CacheBed({ staleWhileRevalidate: "1h" });
  await bed.fill("/stale", { fields: fresh() });
  bed.pass(61);
  bed.start("/stale");
  const left = await bed.ask("/left"), body = new HandFedBody(), read = new HandFedBody();
  await left.leave();
  const leaving = await bed.ask("/leaving");
  await bed.arrived[3].answer({ fields: fresh(), body });
  await leaving.leave();
  const waits = await bed.ask("/waits"), reads = await bed.ask("/reads");
  await bed.arrived[5].answer({ fields: fresh(), body: read });
  bed.kept.close();
  await turn();
  const given = (i: number) => bed.arrived[i].exchange.aborted;
  assert.deepEqual([given(1), given(2), body.cancelled, given(4), read.cancelled], [true, true, 1, false, 0]);
  assert.equal(bed.env.deadlines.size, 0);
  await bed.arrived[4].answer({ fields: fresh(), body: "there" });
  assert.equal(await waits.text(), "there");
  await read.give("all");
  await read.give("");
  assert.equal(await reads.text(), "all");
  assert.equal(bed.kept.shelf.entries, 0);
});

Deno.test("a cache that is closed gives up what waits for the upstream with its last client", async () => {
  const bed = new CacheBed(), [first, second] = [await bed.ask(), await bed.ask()];
  bed.kept.close();
  await first.leave();
  assert.equal(bed.arrived[0].exchange.aborted, false);
  await second.leave();
  assert.equal(bed.arrived[0].exchange.aborted, true);
});

Deno.test("an upgrade that nobody asked for is passed on to him who asked, and closed with nobody", async () => {
  const bed = new CacheBed({ staleWhileRevalidate: "1h" }), closed: number[] = [];
  await bed.fill({}, { fields: fresh() });
  bed.pass(61);
  bed.start();
  const reply = new Reply(101, HeaderList.of(), null);
  reply.tunnel = { close: () => closed.push(1) } as unknown as Reply["tunnel"];
  await bed.arrived[1].answer(reply);
  assert.deepEqual([closed, bed.arrived[1].ended], [[1], true]);
});

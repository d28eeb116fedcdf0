import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { Reply } from "../../../src/core/reply.ts";
import { makeEnv } from "../../support/exchange.ts";
import { turn } from "../../support/turn.ts";
import { CacheBed, fresh, replyOf } from "./cache_bed.ts";

Deno.test("cache() answers from what it has at once, with the same bytes and the right age, until its time is over", async () => {
  const bed = new CacheBed();
  const first = await bed.fill({}, { fields: fresh({ "x-a": ["1", "2"] }), body: "bytes" });
  assert.deepEqual([first.status, first.outcome, first.sync], [200, "miss", false]);
  assert.equal(first.cacheStatus, "gatewright; fwd=uri-miss; stored");
  assert.equal(first.header("age"), null);
  for (const seconds of [0, 1, 58]) {
    bed.pass(seconds);
    const hit = bed.start(), age = bed.clock.now() / 1000;
    assert.deepEqual([hit.sync, hit.status, hit.outcome, await hit.text()], [true, 200, "hit", "bytes"]);
    assert.equal(hit.header("age"), String(age));
    assert.equal(hit.header("x-a"), "1, 2");
    assert.equal(hit.cacheStatus, `gatewright; hit; ttl=${60 - age}`);
  }
  assert.equal(bed.arrived.length, 1);
  bed.clock.advance(999);
  assert.equal(bed.start().outcome, "hit");
  bed.clock.advance(1);
  await bed.fill();
  assert.equal(bed.arrived.length, 2);
});

Deno.test("cache() counts the age that an answer came with, the time it took, and what its Date makes apparent", async () => {
  const bed = new CacheBed(), asked = await bed.ask();
  bed.pass(2);
  await bed.arrived[0].answer({ fields: fresh({ age: "10" }) });
  assert.equal(asked.header("age"), "10");
  bed.pass(3);
  const hit = bed.start();
  assert.deepEqual([hit.header("age"), hit.cacheStatus], ["15", "gatewright; hit; ttl=45"]);
  await bed.fill("/dated", { fields: fresh({ date: new Date(bed.clock.wall() - 20_000).toUTCString() }) });
  assert.equal(bed.start("/dated").header("age"), "20");
});

Deno.test("cache() serves HEAD from what GET has brought, and keeps nothing of HEAD", async () => {
  const bed = new CacheBed();
  assert.equal((await bed.fill({ method: "HEAD" }, { fields: fresh(), body: null })).outcome, "miss");
  await bed.fill({}, { fields: fresh() });
  const head = bed.start({ method: "HEAD" });
  assert.deepEqual([head.sync, head.outcome, head.reply?.body?.length], [true, "hit", 4]);
});

for (const status of [200, 203, 204, 301, 308, 404, 410, 501]) {
  Deno.test(`cache() serves a kept ${status} as it was`, async () => {
    const bed = new CacheBed(), body = status === 204 ? null : "body";
    await bed.fill({}, { status, fields: fresh({ location: "/other" }), body });
    const hit = bed.start();
    assert.deepEqual([hit.status, hit.outcome, await hit.text()], [status, "hit", body ?? ""]);
    assert.equal(hit.header("location"), "/other");
  });
}

Deno.test("cache() tells apart URLs, hosts, schemes and routes", async () => {
  const bed = new CacheBed();
  const askings = [
    {},
    { path: "/b" },
    { query: "?a" },
    { authority: "b.test", host: "b.test" },
    { scheme: "https" as const },
    { route: "b" },
  ];
  for (const [i, asking] of askings.entries()) await bed.fill(asking, { fields: fresh(), body: `${i}` });
  for (const [i, asking] of askings.entries()) assert.equal(await bed.start(asking).text(), `${i}`);
});

Deno.test("cache() tells apart what Vary does, and says so", async () => {
  const bed = new CacheBed(), vary = fresh({ vary: "x-kind" });
  await bed.fill({ headers: { "x-kind": "a" } }, { fields: vary, body: "a" });
  const other = await bed.fill({ headers: { "x-kind": "b" } }, { fields: vary, body: "b" });
  assert.equal(other.cacheStatus, "gatewright; fwd=vary-miss; stored");
  for (const kind of ["a", "b"]) assert.equal(await bed.start({ headers: { "x-kind": kind } }).text(), kind);
});

Deno.test("cache() keeps an answer by the fields that the client has sent, whatever policies behind it make of them", async () => {
  for (const method of ["GET", "PROPFIND"]) {
    const bed = new CacheBed({ key: { methods: ["PROPFIND"] } }, makeEnv(), (next) => (exchange) => {
      exchange.headers.set("x-kind", "changed");
      return next(exchange);
    });
    await bed.fill({ method, headers: { "x-kind": "a" } }, { fields: fresh({ vary: "x-kind" }), body: "a" });
    assert.equal(bed.start({ method, headers: { "x-kind": "a" } }).outcome, "hit", method);
    assert.equal((await bed.ask({ method, headers: { "x-kind": "changed" } })).reply, null, method);
  }
});

Deno.test("cache() lets upgrades, requests with content and other methods pass", async () => {
  const bed = new CacheBed();
  bed.respond = () => replyOf({ fields: fresh() });
  await bed.ask();
  const body = new Uint8Array(1);
  const cases = [
    [{ upgrade: "websocket" }, "gatewright; fwd=bypass; detail=upgrade"],
    [{ body }, "gatewright; fwd=bypass; detail=no-key"],
    [{ method: "OPTIONS" }, "gatewright; fwd=method"],
    [{ headers: { "if-match": '"a"' } }, "gatewright; fwd=request; detail=condition"],
    [
      { headers: { "if-unmodified-since": "Thu, 01 Jan 2026 00:00:00 GMT" } },
      "gatewright; fwd=request; detail=condition",
    ],
  ] as const;
  for (const [asking, said] of cases) {
    const asked = bed.start(asking);
    assert.deepEqual([asked.sync, asked.outcome, asked.cacheStatus], [true, "bypass", said]);
  }
  assert.equal(bed.arrived.length, 1 + cases.length);
  assert.equal(bed.arrived[4].header("if-match"), '"a"');
});

Deno.test("cache() answers from a kept answer to a method that the config calls repeatable", async () => {
  const bed = new CacheBed({ key: { methods: ["PROPFIND"] } });
  await bed.fill({ method: "PROPFIND" }, { fields: fresh(), body: "props" });
  assert.equal(await bed.start({ method: "PROPFIND" }).text(), "props");
  await bed.fill({}, { body: "get" });
});

Deno.test("bypass and noStore decide, and when they throw the cache does without", async () => {
  let bypass: () => boolean = () => true, noStore: () => boolean = () => true;
  const bed = new CacheBed({ bypass: () => bypass(), noStore: () => noStore() });
  const throwing = () => {
    throw new Error("no");
  };
  bed.respond = () => replyOf({ fields: fresh() });
  assert.equal((await bed.ask()).cacheStatus, "gatewright; fwd=bypass; detail=config");
  bypass = throwing;
  assert.equal((await bed.ask()).cacheStatus, "gatewright; fwd=bypass; detail=config");
  bypass = () => false;
  assert.equal((await bed.ask()).cacheStatus, "gatewright; fwd=uri-miss; detail=config");
  noStore = throwing;
  assert.equal((await bed.ask("/b")).cacheStatus, "gatewright; fwd=uri-miss; detail=config");
  assert.deepEqual(bed.env.logged.map(({ level }) => level), ["error", "error"]);
  noStore = () => false;
  await bed.ask("/c");
  assert.equal(bed.start("/c").outcome, "hit");
});

const DATE = "Thu, 01 Jan 2026 00:00:00 GMT";

/** What a fresh answer of age 30 and with 30 s to go is to such requests. */
const DIRECTIVES = [
  ["no-cache", "asked"],
  ["max-age=0", "asked"],
  ["max-age=29", "asked"],
  ["max-age=30", "hit"],
  ["min-fresh=30", "hit"],
  ["min-fresh=31", "asked"],
  ["no-store", "hit"],
  ["max-stale", "hit"],
  ["only-if-cached", "hit"],
] as const;

for (const [directive, expected] of DIRECTIVES) {
  Deno.test(`"Cache-Control: ${directive}" of a request counts, or not, as requestDirectives says`, async () => {
    for (const requestDirectives of [true, false]) {
      const bed = new CacheBed({ requestDirectives });
      await bed.fill({}, { fields: fresh({ etag: '"a"' }) });
      bed.pass(30);
      const asked = await bed.ask({ headers: { "cache-control": directive } });
      if (!requestDirectives || expected === "hit") assert.equal(asked.outcome, "hit");
      else {
        assert.equal(bed.arrived[1]?.header("if-none-match"), '"a"');
        await bed.arrived[1].answer({ status: 304, body: null });
        assert.equal(asked.cacheStatus, "gatewright; fwd=request; fwd-status=304; stored");
      }
    }
  });
}

Deno.test("max-stale takes an answer that is past its time by no more than that, unless it forbids it", async () => {
  const bed = new CacheBed();
  await bed.fill("/a", { fields: fresh() });
  await bed.fill("/b", { fields: { "cache-control": "max-age=60, must-revalidate", etag: '"b"' } });
  bed.pass(70);
  const stale = bed.start({ path: "/a", headers: { "cache-control": "max-stale=10" } });
  assert.deepEqual([stale.outcome, stale.cacheStatus, stale.header("age")], [
    "stale",
    "gatewright; hit; ttl=-10",
    "70",
  ]);
  for (const [path, directive] of [["/a", "max-stale=9"], ["/b", "max-stale"]]) {
    assert.equal((await bed.ask({ path, headers: { "cache-control": directive } })).reply, null, path);
  }
});

Deno.test("only-if-cached asks nobody", () => {
  const bed = new CacheBed(), asked = bed.start({ headers: { "cache-control": "only-if-cached" } });
  assert.deepEqual([asked.status, asked.exchange.error, bed.arrived.length], [504, "not_cached", 0]);
  assert.equal(asked.cacheStatus, null);
});

Deno.test("a request with no-store keeps nothing, takes nothing out, and has nobody else ask alone", async () => {
  const bed = new CacheBed(), headers = { "cache-control": "no-store" };
  const asked = await bed.fill({ headers }, { fields: fresh() });
  assert.equal(asked.cacheStatus, "gatewright; fwd=uri-miss; detail=request-no-store");
  const [one, other] = [await bed.ask(), await bed.ask()];
  assert.equal(bed.arrived.length, 2);
  await bed.arrived[1].answer({ fields: fresh({ etag: '"a"' }) });
  assert.deepEqual([one.outcome, other.outcome], ["miss", "collapsed"]);
  bed.pass(61);
  await bed.fill({ headers }, { fields: fresh() });
  await bed.ask();
  assert.equal(bed.arrived[3].header("if-none-match"), '"a"');
});

Deno.test("a client's own conditions are answered from what is kept", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"', "last-modified": DATE, "content-type": "text/plain" }) });
  bed.pass(5);
  const same = bed.start({ headers: { "if-none-match": 'W/"a"' } });
  assert.deepEqual([same.sync, same.status, same.outcome, same.reply?.body], [true, 304, "hit", null]);
  assert.deepEqual([same.header("etag"), same.header("age"), same.header("content-type")], ['"a"', "5", null]);
  assert.equal(bed.start({ headers: { "if-none-match": '"b"' } }).status, 200);
  assert.equal(bed.start({ headers: { "if-modified-since": DATE } }).status, 304);
  assert.equal(bed.arrived.length, 1);
});

Deno.test("a client's own conditions on a miss are answered here, and do not reach the upstream", async () => {
  const bed = new CacheBed(), headers = { "if-none-match": '"a"' };
  const asked = await bed.fill({ headers }, { fields: fresh({ etag: '"a"' }), body: "all" });
  assert.equal(bed.arrived[0].header("if-none-match"), null);
  assert.deepEqual([asked.status, asked.outcome], [304, "miss"]);
  assert.equal(await bed.start().text(), "all");
});

Deno.test("ranges are answered from a whole answer, sync", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh({ etag: '"a"' }), body: "0123456789" });
  const part = bed.start({ headers: { range: "bytes=2-4" } });
  assert.deepEqual([part.sync, part.status, part.outcome, await part.text()], [true, 206, "hit", "234"]);
  assert.equal(part.header("content-range"), "bytes 2-4/10");
  assert.equal(bed.start({ headers: { range: "bytes=20-" } }).status, 416);
  assert.equal(bed.start({ headers: { range: "bytes=2-4", "if-range": '"b"' } }).status, 200);
  assert.equal(bed.start({ method: "HEAD", headers: { range: "bytes=2-4" } }).status, 200);
});

Deno.test("parts are kept, put together, and completed when all of it is asked for", async () => {
  const bed = new CacheBed();
  const part = (first: number, text: string) => ({
    status: 206,
    fields: fresh({ etag: '"a"', "content-range": `bytes ${first}-${first + text.length - 1}/10` }),
    body: text,
  });
  const first = await bed.fill({ headers: { range: "bytes=0-3" } }, part(0, "0123"));
  assert.deepEqual([first.status, first.cacheStatus], [206, "gatewright; fwd=uri-miss; stored"]);
  assert.equal(bed.arrived[0].header("range"), "bytes=0-3");
  assert.equal(await bed.start({ headers: { range: "bytes=1-2" } }).text(), "12");
  await bed.fill({ headers: { range: "bytes=4-6" } }, part(4, "456"));
  assert.equal(await bed.start({ headers: { range: "bytes=2-5" } }).text(), "2345");
  const whole = await bed.ask();
  assert.deepEqual([bed.arrived[2].header("range"), bed.arrived[2].header("if-range")], ["bytes=7-", '"a"']);
  await bed.arrived[2].answer(part(7, "789"));
  assert.deepEqual([whole.status, await whole.text()], [200, "0123456789"]);
  assert.equal(await bed.start().text(), "0123456789");
  assert.equal(bed.arrived.length, 3);
});

Deno.test("a part that does not fit to the rest is given up, and all of it is asked for", async () => {
  const bed = new CacheBed(), fields = fresh({ etag: '"a"', "content-range": "bytes 0-3/10" });
  await bed.fill({ headers: { range: "bytes=0-3" } }, { status: 206, fields, body: "0123" });
  const whole = await bed.ask();
  await bed.arrived[1].answer({
    status: 206,
    fields: fresh({ etag: '"b"', "content-range": "bytes 4-9/10" }),
    body: "456789",
  });
  assert.equal(bed.arrived[2].header("range"), null);
  await bed.arrived[2].answer({ fields: fresh({ etag: '"b"' }), body: "abcdefghij" });
  assert.equal(await whole.text(), "abcdefghij");
  assert.deepEqual(bed.arrived.map(({ ended }) => ended), [true, true, true]);
});

Deno.test("a range that the upstream has not takes nothing out", async () => {
  const bed = new CacheBed(), fields = fresh({ etag: '"a"', "content-range": "bytes 0-3/10" });
  await bed.fill({ headers: { range: "bytes=0-3" } }, { status: 206, fields, body: "0123" });
  await bed.fill({ headers: { range: "bytes=5-" } }, { status: 416 });
  assert.equal(bed.start({ headers: { range: "bytes=0-3" } }).outcome, "hit");
});

Deno.test("a request that began before an answer was made stale, or that was never fresh, is not given it at once", async () => {
  const bed = new CacheBed();
  bed.pass(10);
  await bed.fill("/a", { fields: { "cache-control": "max-age=0", etag: '"a"' } });
  await bed.fill("/b", { fields: fresh({ etag: '"b"' }) });
  bed.pass(5);
  bed.kept.purge({ target: { all: true }, soft: true });
  for (const path of ["/a", "/b"]) {
    assert.equal((await bed.ask({ path, startedAt: 2_000 })).reply, null, path);
    assert.equal((await bed.ask({ path, startedAt: 14_000 })).reply, null, path);
  }
  assert.equal(bed.arrived[2].header("if-none-match"), '"a"');
});

Deno.test("the age is never less than it was", async () => {
  const bed = new CacheBed(), startedAt = bed.clock.now();
  bed.pass(3);
  await bed.fill({}, { fields: fresh({ age: "7" }) });
  assert.equal(bed.start({ startedAt }).header("age"), "7");
});

Deno.test("what is kept outlives a reload, and is given in the name of the new plan", async () => {
  const env = makeEnv(), before = new CacheBed({ cacheStatus: "old" }, env);
  await before.fill({}, { fields: fresh() });
  assert.match(before.start().cacheStatus!, /^old; hit/);
  const after = new CacheBed({ cacheStatus: "new" }, env), hit = after.start();
  assert.deepEqual([hit.outcome, hit.cacheStatus], ["hit", "new; hit; ttl=60"]);
});

Deno.test("cacheStatus: false says nothing", async () => {
  const bed = new CacheBed({ cacheStatus: false });
  assert.equal((await bed.fill({}, { fields: fresh() })).cacheStatus, null);
  assert.equal(bed.start().cacheStatus, null);
});

Deno.test("a reply that is changed on its way out changes nothing of what is kept", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: fresh() });
  for (let i = 0; i < 2; i++) {
    const { reply } = bed.start();
    assert.equal(reply!.header("x-added"), null);
    reply!.setHeader("x-added", "1");
    reply!.removeHeader("cache-control");
  }
});

Deno.test("an upstream that answers at once, or throws at once, is no exception", async () => {
  const bed = new CacheBed();
  bed.respond = () => {
    throw new Error("at once");
  };
  const asked = await bed.ask();
  assert.match(String(asked.error), /at once/);
  assert.equal(bed.kept.report().underWay, 0);
  bed.respond = () => new Reply(200, HeaderList.of("cache-control", "max-age=60"), null);
  await bed.ask();
  await turn();
  assert.equal(bed.start().outcome, "hit");
});

Deno.test("a GET that many frameworks take for another method goes past the cache, which keeps nothing of it", async () => {
  for (const name of ["x-http-method-override", "x-http-method", "x-method-override"]) {
    const bed = new CacheBed();
    const override = await bed.fill({ headers: { [name]: "DELETE" } }, { fields: fresh(), body: "gone" });
    assert.equal(override.cacheStatus, "gatewright; fwd=request; detail=method-override");
    assert.equal((await bed.fill({}, { fields: fresh() })).outcome, "miss");
    // It is meant for the upstream, whatever a GET would be answered here.
    assert.equal((await bed.fill({ headers: { [name]: "DELETE" } }, { status: 204, body: null })).status, 204);
    assert.equal(bed.start().outcome, "hit");
  }
});

Deno.test("what the gateway says of a failure is kept for nobody, whatever the config says", async () => {
  const bed = new CacheBed({ forceTtl: "1m", statuses: [200, 502] });
  const asked = await bed.ask();
  await bed.arrived[0].fail();
  assert.deepEqual([asked.status, asked.outcome], [502, "miss"]);
  assert.equal(asked.cacheStatus, "gatewright; fwd=uri-miss; detail=connect_failed");
  assert.equal((await bed.fill({}, { body: "up again" })).outcome, "miss");
});

Deno.test("a part of another length than it says is not said to be kept", async () => {
  const bed = new CacheBed(), fields = fresh({ "content-range": "bytes 4-9/10", etag: '"a"' });
  const part = await bed.fill({ headers: { range: "bytes=-5" } }, { status: 206, fields, body: "01234" });
  assert.equal(part.cacheStatus, "gatewright; fwd=uri-miss");
});

Deno.test("a part that was on its way when its URL was purged is not kept", async () => {
  const bed = new CacheBed(), fields = fresh({ "content-range": "bytes 0-4/10", etag: '"a"' });
  const range = { headers: { range: "bytes=0-4" } }, asked = await bed.ask(range);
  await bed.kept.purge({ target: { all: true }, soft: false });
  await bed.arrived[0].answer({ status: 206, fields, body: "01234" });
  assert.equal(asked.status, 206);
  assert.equal((await bed.ask(range)).reply, null);
});

Deno.test("what a function has told apart is of no use to another function, though it reads the same", async () => {
  const env = makeEnv(), by = (header: string) => (ctx: { header(name: string): string | null }) => ctx.header(header);
  const one = by("x-a"), bed = new CacheBed({ vary: one, shared: true }, env);
  await bed.fill({ headers: { "x-a": "1", "x-b": "1" } }, { fields: fresh() });
  assert.equal(new CacheBed({ vary: one, shared: true }, env).start({ headers: { "x-a": "1" } }).outcome, "hit");
  const other = new CacheBed({ vary: by("x-b"), shared: true }, env);
  assert.equal((await other.fill({ headers: { "x-b": "1" } }, { fields: fresh() })).outcome, "miss");
});

Deno.test("an answer that could not be refreshed is not tried again at once", async () => {
  const bed = new CacheBed();
  await bed.fill({}, { fields: { "cache-control": "max-age=60, stale-while-revalidate=30", etag: '"a"' } });
  bed.pass(61);
  const stale = async (arrivals: number) => {
    assert.equal((await bed.ask()).outcome, "stale");
    assert.equal(bed.arrived.length, arrivals);
  };
  await stale(2);
  await bed.arrived[1].fail();
  await stale(2);
  bed.pass(1);
  await stale(3);
});

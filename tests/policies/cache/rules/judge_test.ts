import { strict as assert } from "node:assert";
import type { CachePlan } from "../../../../src/policies/cache/cache_plan.ts";
import type { Arrived } from "../../../../src/policies/cache/rules/judge.ts";
import { ageAt, freshUntil } from "../../../../src/policies/cache/stored_response.ts";
import { DATE, dateAt, kept, NOW, storedOf, WALL, whyNot } from "./heads.ts";

const LM = ["last-modified", dateAt(-1_000)], ETAG = ["etag", '"a"'];

function cc(...values: string[]): string[] {
  return ["date", DATE, ...values.flatMap((value) => ["cache-control", value])];
}

Deno.test("judge() says why an answer is not kept", () => {
  const cases: [why: string, fields: string[], more?: Partial<Arrived>, options?: Partial<CachePlan>][] = [
    ["", cc("max-age=5")],
    ["", cc("max-age=5"), { method: "HEAD" }],
    ["method", cc("max-age=5"), { method: "PUT" }],
    ["method", cc("max-age=5"), { method: "get" }],
    ["method", cc("max-age=5"), { method: "POST" }],
    ["", [...cc("max-age=5"), "content-location", "/"], { method: "POST" }],
    ["method", [...cc("max-age=5"), "content-location", "/"], { method: "POST", status: 201 }],
    ["method", [...cc("public"), ...LM, "content-location", "/"], { method: "POST" }],
    ["method", [...cc(), "content-location", "/"], { method: "POST" }, { forceTtl: 5, defaultTtl: 5 }],
    ["", cc("max-age=5"), { method: "QUERY" }, { key: key(["QUERY"]) }],
    ["", cc("max-age=5"), { method: "POST" }, { key: key(["POST"]) }],
    ["request-no-store", cc("max-age=5"), { noStore: true }],
    ["request-no-store", cc("max-age=5"), { noStore: true }, { forceTtl: 5 }],
    ["no-store", cc("no-store")],
    ["no-store", cc("max-age=5", "No-Store")],
    ["private", cc("private, max-age=5")],
    ["private", cc("max-age=5; private")],
    ["", cc('private="x", max-age=5')],
    ["must-understand", cc("must-understand, no-store, max-age=5"), { status: 599 }],
    ["must-understand", cc("must-understand, max-age=5"), { status: 299 }],
    ["", cc("must-understand, no-store, max-age=5")],
    ["private", cc("must-understand, no-store, private, max-age=5")],
    ["authorized", cc("max-age=5"), { authorized: true }],
    ["authorized", cc("proxy-revalidate, max-age=5"), { authorized: true }],
    ["authorized", cc("private, no-store"), { authorized: true }],
    ["authorized", cc("s-maxage=x"), { authorized: true }],
    ["authorized", cc("public;, max-age=5"), { authorized: true }],
    ["", cc("public, max-age=5"), { authorized: true }],
    ["", cc("must-revalidate, max-age=5"), { authorized: true }],
    ["", cc("s-maxage=5"), { authorized: true }],
    ["no-cache", cc("no-cache")],
    ["no-cache", cc("max-age=5, no-cache")],
    ["", [...cc("no-cache"), ...ETAG]],
    ["no-lifetime", cc()],
    ["no-lifetime", []],
    ["no-lifetime", cc("max-age=0")],
    ["no-lifetime", cc("max-age=x")],
    ["no-lifetime", cc("public")],
    ["no-lifetime", ["date", DATE, "expires", "0"]],
    // Nothing in it that the upstream could be asked with.
    ["no-lifetime", ["date", DATE, "etag", ""]],
    ["no-lifetime", ["date", DATE, "etag", "a"]],
    ["no-lifetime", ["date", DATE, ...ETAG, "etag", '"b"']],
    ["no-lifetime", ["date", DATE, "last-modified", ""]],
    ["no-cache", [...cc("no-cache"), "etag", "a"]],
    ["", ["date", DATE, ...ETAG]],
    ["", [...cc("max-age=0"), ...LM]],
    ["", cc("max-age=0, stale-while-revalidate=5")],
    ["", cc("max-age=0, stale-if-error=5")],
    ["no-lifetime", cc("max-age=0, must-revalidate, stale-if-error=5")],
    ["no-lifetime", cc("max-age=0"), {}, { staleIfError: 5, staleWhileRevalidate: 5, grace: 5 }],
    ["vary", [...cc("max-age=5"), "vary", "*"]],
    ["vary", [...cc("max-age=5"), "vary", "a", "vary", "b, *"]],
  ];
  for (const [why, fields, more, options] of cases) {
    assert.equal(whyNot(fields, more, options), why, `${fields} ${JSON.stringify(more)} ${JSON.stringify(options)}`);
  }
});

Deno.test("judge() keeps a status by its lifetime, by the heuristic, or not at all", () => {
  const heuristic = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];
  const byLifetimeOnly = [201, 202, 205, 299, 302, 303, 307, 400, 401, 403, 409, 499, 500, 502, 503, 504, 599];
  const never = [100, 101, 103, 206, 304, 407, 408, 412, 416, 417, 421, 425, 426, 428, 429, 431, 511, 600, 999, 0];
  const forced = { forceTtl: 5, defaultTtl: 5 };
  for (const status of heuristic) assert.equal(whyNot(["date", DATE, ...LM], { status }), "", String(status));
  for (const status of byLifetimeOnly) {
    assert.equal(whyNot(["date", DATE, ...LM, ...ETAG], { status }), "status", String(status));
    assert.equal(whyNot([...cc("must-revalidate"), ...ETAG], { status }), "status", String(status));
    assert.equal(whyNot(cc("max-age=5"), { status }), "", String(status));
    assert.equal(whyNot(cc("s-maxage=5"), { status }), "", String(status));
    assert.equal(whyNot(["expires", dateAt(5)], { status }), "", String(status));
    assert.equal(whyNot([...cc("public"), ...LM], { status }), "", String(status));
  }
  for (const status of never) {
    assert.equal(
      whyNot([...cc("public, max-age=5"), ...ETAG], { status }, { ...forced, statuses: [status] }),
      "status",
    );
    assert.equal(whyNot(cc("max-age=5"), { status }, { negativeTtl: new Map([[status, 5]]) }), "status");
  }
});

Deno.test("judge() keeps a 206 that says of one range of bytes what it is", () => {
  const range = (...values: string[]) => [...cc("max-age=5"), ...values.flatMap((value) => ["content-range", value])];
  const cases: [fields: string[], why: string][] = [
    [range("bytes 0-4/10"), ""],
    // What cannot be put into its place in a whole is not kept.
    [range("bytes 0-4/*"), "status"],
    [range("bytes 5-4/10"), "status"],
    [range("bytes 0-10/10"), "status"],
    [range("bytes */10"), "status"],
    [range("chars 0-4/10"), "status"],
    [range("bytes 0-4/10", "bytes 0-4/10"), "status"],
    [[...cc("max-age=5"), "content-type", "multipart/byteranges; boundary=a"], "status"],
  ];
  for (const [fields, why] of cases) assert.equal(whyNot(fields, { status: 206 }), why, String(fields));
});

Deno.test("judge() takes the lifetime of s-maxage, max-age, Expires or the heuristic, in this order", () => {
  const year = 365 * 86_400;
  const cases: [seconds: number, fields: string[]][] = [
    [7, [...cc("max-age=5, s-maxage=7"), "expires", dateAt(9)]],
    [7, [...cc("s-maxage=7", "max-age=5"), "expires", "0"]],
    [0, [...cc("s-maxage=x, max-age=5"), ...ETAG]],
    [5, [...cc("max-age=5"), "expires", dateAt(-9)]],
    [0, [...cc("max-age=0"), "expires", dateAt(9), ...ETAG]],
    [0, [...cc("max-age=-5"), "expires", dateAt(9), ...LM]],
    [9, ["date", DATE, "expires", dateAt(9), ...LM]],
    [9, ["expires", dateAt(9)]],
    [9, ["date", "foo", "expires", dateAt(9)]],
    [10, ["date", dateAt(-10), "expires", DATE]],
    [0, ["date", dateAt(400), "expires", dateAt(300), ...ETAG]],
    [0, ["date", DATE, "expires", DATE, ...LM]],
    [0, ["date", DATE, "expires", "0", ...LM]],
    [0, ["date", DATE, "expires", "", ...LM]],
    [9, ["date", DATE, "expires", dateAt(9), "expires", dateAt(9)]],
    [0, ["date", DATE, "expires", dateAt(9), "expires", dateAt(8), ...LM]],
    [0, ["date", DATE, "expires", dateAt(9), "expires", dateAt(8), "expires", dateAt(8), ...LM]],
    [2_147_483_648, ["date", DATE, "expires", "Fri, 31 Dec 9999 00:00:00 GMT"]],
    [2_147_483_648, cc("max-age=99999999999")],
    [100, ["date", DATE, ...LM]],
    [100, [...cc("public"), ...LM]],
    [99, ["date", dateAt(-10), ...LM]],
    [86_400, ["date", DATE, "last-modified", dateAt(-year)]],
    [0, ["date", DATE, "last-modified", dateAt(10)]],
    [0, ["date", DATE, "last-modified", "yesterday"]],
    [0, ["date", DATE, ...LM, "pragma", "no-cache"]],
    [100, [...cc("public"), ...LM, "pragma", "no-cache"]],
    [0, [...cc("no-cache"), ...LM]],
    [5, [...cc("max-age=5"), "pragma", "no-cache"]],
  ];
  for (const [seconds, fields] of cases) {
    assert.equal(kept(fields).freshness.lifetime, seconds * 1000, String(fields));
  }
  assert.equal(kept(["date", DATE, ...LM], {}, { heuristic: null }).freshness.lifetime, 0);
  assert.equal(
    kept(["date", DATE, ...LM], {}, { heuristic: { share: 0.5, max: 400_000 } }).freshness.lifetime,
    400_000,
  );
});

Deno.test("judge() reckons the age from Age, Date and the time that the answer took", () => {
  const cases: [ms: number, fields: string[], more?: Partial<Arrived>][] = [
    [0, cc("max-age=5")],
    [0, ["cache-control", "max-age=5"]],
    [30_000, [...cc("max-age=5"), "age", "30"]],
    [2_147_483_648_000, [...cc("max-age=5"), "age", "99999999999"]],
    [2_147_483_648_000, [...cc("max-age=5"), "age", "2147483648"], { requestedAt: NOW - 800 }],
    [2_147_483_648_000, ["date", "Sat, 01 Jan 1000 00:00:00 GMT", "cache-control", "max-age=5"]],
    [7_000, [...cc("max-age=5"), "age", "7, 0"]],
    [0, [...cc("max-age=5"), "age", "0, 7"]],
    [7_000, [...cc("max-age=5"), "age", "7", "age", "0"]],
    [0, [...cc("max-age=5"), "age", "0", "age", "7"]],
    [7_000, [...cc("max-age=5"), "age", ", 7"]],
    ...["abc", "-7", "7.0", "7;a=b", "", "7 0", '"7"'].map((age): [number, string[]] => [
      0,
      [...cc("max-age=5"), "age", age],
    ]),
    [60_000, ["date", dateAt(-60), "cache-control", "max-age=5"]],
    [60_000, ["date", dateAt(-60), "cache-control", "max-age=5", "age", "30"]],
    [90_000, ["date", dateAt(-60), "cache-control", "max-age=5", "age", "90"]],
    [0, ["date", dateAt(60), "cache-control", "max-age=5"]],
    [15_000, ["date", dateAt(60), "cache-control", "max-age=5", "age", "15"]],
    [0, ["date", "foo", "cache-control", "max-age=5"]],
    [800, cc("max-age=5"), { requestedAt: NOW - 800 }],
    [30_800, [...cc("max-age=5"), "age", "30"], { requestedAt: NOW - 800 }],
    [60_000, ["date", dateAt(-60), "cache-control", "max-age=5"], { requestedAt: NOW - 800 }],
    // Within the second that `Date` names, it is not older than that second.
    [0, cc("max-age=5"), { wall: WALL + 999 }],
    [1_000, cc("max-age=5"), { wall: WALL + 1_000 }],
    [0, cc("max-age=5"), { requestedAt: NOW + 10 }],
  ];
  for (const [ms, fields, more] of cases) {
    assert.equal(kept(fields, more).freshness.initialAge, ms, `${fields} ${JSON.stringify(more)}`);
  }
});

Deno.test("judge() says what may be done with an answer past its time", () => {
  const options = { staleWhileRevalidate: 7_000, staleIfError: 8_000 };
  // must-revalidate, stale-while-revalidate and stale-if-error in seconds
  const cases: [fields: string[], expected: [boolean, number, number], options?: Partial<CachePlan>][] = [
    [cc("max-age=5"), [false, 7, 8]],
    [cc("max-age=5, stale-while-revalidate=1, stale-if-error=0"), [false, 1, 0]],
    [cc("max-age=5, must-revalidate"), [true, 0, 0]],
    [cc("max-age=5, must-revalidate, stale-while-revalidate=1, stale-if-error=2"), [true, 0, 0]],
    [cc("max-age=5, proxy-revalidate"), [true, 0, 0]],
    [cc("s-maxage=5"), [true, 0, 0]],
    [cc("s-maxage=5, stale-while-revalidate=1"), [true, 1, 0]],
    [cc("s-maxage=5, stale-if-error=2"), [true, 0, 2]],
    [cc("s-maxage=5, proxy-revalidate, stale-if-error=2"), [true, 0, 0]],
    [[...cc("no-cache, stale-if-error=2"), ...ETAG], [false, 0, 0]],
    // What was never fresh is not stale by the config's leave.
    [["date", DATE, ...ETAG], [false, 0, 0]],
    [[...cc("max-age=0, stale-if-error=2"), ...ETAG], [false, 0, 2]],
    [cc("s-maxage=5, no-cache, must-revalidate"), [false, 7, 8], { forceTtl: 5 }],
    [cc("stale-if-error=2"), [false, 7, 2], { forceTtl: 5 }],
  ];
  for (const [fields, expected, more] of cases) {
    const { mustRevalidate, staleWhileRevalidate, staleIfError } = kept(fields, {}, { ...options, ...more }).freshness;
    assert.deepEqual([mustRevalidate, staleWhileRevalidate / 1000, staleIfError / 1000], expected, String(fields));
  }
  assert.equal(kept(cc("max-age=5, immutable")).freshness.immutable, true);
  assert.equal(kept([...cc("max-age=5, no-cache"), ...ETAG]).freshness.noCache, true);
});

Deno.test("judge() goes by the first targeted field that is good, and forgets Cache-Control and Expires then", () => {
  const both = (targeted: string, plain: string) => ["cdn-cache-control", targeted, ...cc(plain), "expires", dateAt(9)];
  const cases: [expected: number | string, fields: string[], options?: Partial<CachePlan>][] = [
    [60, both("max-age=60", "max-age=1")],
    [1, both("max-age=1", "max-age=60")],
    [60, both("max-age=60", "no-store")],
    ["no-store", both("no-store", "max-age=60")],
    ["private", both("private", "max-age=60")],
    ["no-cache", both("no-cache", "max-age=60")],
    ["no-lifetime", both("max-age=0", "max-age=60")],
    ["no-lifetime", both("foo", "max-age=60")],
    [100, [...both("foo", "max-age=60"), ...LM]],
    ["no-store", both("max-age=60, &&&&&", "no-store")],
    ["no-lifetime", both('max-age="60"', "no-store")],
    [1, both("", "max-age=1")],
    [1, both("MaX-aGe=60", "max-age=1")],
    [9, ["cdn-cache-control", "max-age =60", "date", DATE, "expires", dateAt(9)]],
    [60, ["cdn-cache-control", "foo", "cdn-cache-control", "max-age=60", ...cc("no-store")]],
    [1, both("max-age=60", "max-age=1"), { targeted: [] }],
    [5, [...both("max-age=60", "max-age=1"), "x-cache-control", "max-age=5"], {
      targeted: ["x-cache-control", "cdn-cache-control"],
    }],
    [60, [...both("max-age=60", "max-age=1"), "x-cache-control", "oh, "], {
      targeted: ["x-cache-control", "cdn-cache-control"],
    }],
  ];
  for (const [expected, fields, options] of cases) {
    const seen = whyNot(fields, {}, options) || kept(fields, {}, options).freshness.lifetime / 1000;
    assert.equal(seen, expected, String(fields));
  }
});

Deno.test("judge() takes defaultTtl and negativeTtl where the upstream says nothing, from when the answer comes", () => {
  const options = { defaultTtl: 20_000, negativeTtl: new Map([[404, 3_000], [503, 1_000]]) };
  const cases: [seconds: number | string, fields: string[], more?: Partial<Arrived>, options?: Partial<CachePlan>][] = [
    [20, []],
    [20, ["date", DATE, ...LM]],
    [20, ["date", dateAt(-100), "age", "90"]],
    [20, cc("public")],
    [20, cc('must-revalidate, private="a"')],
    [5, cc("max-age=5")],
    [9, ["date", DATE, "expires", dateAt(9)]],
    ["no-lifetime", cc("max-age=x")],
    ["no-store", cc("no-store")],
    ["private", cc("private")],
    ["no-cache", cc("no-cache")],
    ["no-lifetime", ["pragma", "no-cache"]],
    [3, [], { status: 404 }],
    [5, cc("max-age=5"), { status: 404 }],
    [1, [], { status: 503 }],
    ["status", [], { status: 500 }],
    [20, [], { status: 301 }],
    ["no-lifetime", [], { status: 301 }, { statuses: [200] }],
    [20, [], { status: 500 }, { statuses: [500] }],
    ["authorized", [], { authorized: true }],
    [20, cc("public"), { authorized: true }],
    ["no-lifetime", [], { status: 404 }, { negativeTtl: new Map([[404, 0]]) }],
  ];
  for (const [expected, fields, more, others] of cases) {
    const why = whyNot(fields, more, { ...options, ...others });
    const seen = why !== "" ? why : (freshUntil(storedOf(kept(fields, more, { ...options, ...others }))) - NOW) / 1000;
    assert.equal(seen, expected, `${fields} ${JSON.stringify(more)}`);
  }
});

Deno.test("judge() lets forceTtl overrule the upstream, but not who may have the answer", () => {
  const cases: [seconds: number | string, fields: string[], more?: Partial<Arrived>, options?: Partial<CachePlan>][] = [
    [20, []],
    [20, cc("no-store, no-cache, private, max-age=0, must-revalidate")],
    [20, cc("must-understand, no-store"), {}],
    [20, ["cdn-cache-control", "no-store"]],
    [20, ["date", dateAt(-86_400), "expires", "0", "age", "5000"]],
    [20, cc("max-age=86400")],
    ["no-store", cc("no-store"), { status: 404 }],
    [20, cc("no-store"), { status: 404 }, { statuses: [200, 404] }],
    [20, [], { status: 404 }, { statuses: [404], negativeTtl: new Map([[404, 3_000]]) }],
    ["vary", ["vary", "*"]],
    ["authorized", [], { authorized: true }],
    ["no-store", cc("public, no-store"), { authorized: true }],
    [5, cc("public, max-age=5"), { authorized: true }],
    ["no-lifetime", [], {}, { forceTtl: 0 }],
  ];
  for (const [expected, fields, more, options] of cases) {
    const why = whyNot(fields, more, { forceTtl: 20_000, ...options });
    const verdict = why === "" ? kept(fields, more, { forceTtl: 20_000, ...options }) : null;
    const seen = verdict === null ? why : (freshUntil(storedOf(verdict)) - NOW) / 1000;
    assert.equal(seen, expected, `${fields} ${JSON.stringify(more)}`);
    if (seen === 20) assert.equal(verdict!.freshness.noCache || verdict!.freshness.mustRevalidate, false);
  }
  const aged = storedOf(kept(["date", DATE, "age", "90"], {}, { forceTtl: 20_000 }));
  assert.equal(ageAt(aged, NOW), 90_000, "its age is told as it is");
});

Deno.test("judge() keeps an answer that sets a cookie only where the upstream gives it a lifetime", () => {
  const cookie = ["set-cookie", "a=b"], all = { forceTtl: 5, defaultTtl: 5, staleIfError: 5 };
  const cases: [why: string, fields: string[], options?: Partial<CachePlan>][] = [
    ["", cc("max-age=5")],
    ["", ["date", DATE, "expires", dateAt(5)]],
    ["", ["cdn-cache-control", "max-age=5"]],
    ["", cc("max-age=5"), all],
    ["set-cookie", ["date", DATE, ...LM]],
    ["set-cookie", [...cc("public"), ...LM]],
    ["set-cookie", ["date", DATE, ...ETAG]],
    ["set-cookie", [...cc("no-cache, max-age=5"), ...ETAG]],
    ["set-cookie", [...cc("max-age=0"), ...ETAG]],
    ["set-cookie", [], { forceTtl: 5 }],
    ["set-cookie", [], { defaultTtl: 5 }],
    ["private", cc("private, max-age=5"), all],
    ["no-store", cc("no-store, max-age=5"), all],
    ["", cc('private="set-cookie"'), { defaultTtl: 5 }],
    ["", cc('no-cache="Set-Cookie"'), { forceTtl: 5 }],
  ];
  for (const [why, fields, options] of cases) {
    assert.equal(whyNot([...fields, ...cookie], {}, options), why, `${fields} ${JSON.stringify(options)}`);
  }
  const { lifetime, staleIfError, mustRevalidate } = kept([...cc("max-age=5"), ...cookie], {}, {
    ...{ forceTtl: 60_000, staleIfError: 60_000 },
  }).freshness;
  assert.deepEqual([lifetime, staleIfError, mustRevalidate], [5_000, 0, true], "and no longer than that");
  assert.equal(kept([...cc("max-age=5, stale-if-error=2"), ...cookie]).freshness.staleIfError, 2_000);
});

Deno.test("judge() keeps the fields in order, without the connection's, Age, and those that are withheld", () => {
  const fields = [
    ...["date", DATE, "age", "5", "x", "1", "set-cookie", "a=b", "x", "2", "connection", "close", "te", "trailers"],
    ...["transfer-encoding", "chunked", "keep-alive", "1", "proxy-authenticate", "x", "b", "3", "c", "4", "date", "5"],
    ...["cache-control", 'max-age=60, private="B", no-cache="set-cookie"', "content-length", "3", "vary", "X, a"],
    ...["cache-tag", "a, b,,a", "surrogate-key", "c  b d"],
  ];
  const verdict = kept(fields);
  assert.deepEqual(verdict.fields, [
    ...["date", DATE, "x", "1", "x", "2", "c", "4"],
    ...["cache-control", 'max-age=60, private="B", no-cache="set-cookie"', "content-length", "3", "vary", "X, a"],
    ...["cache-tag", "a, b,,a", "surrogate-key", "c  b d"],
  ]);
  assert.deepEqual(verdict.vary, ["a", "x"]);
  assert.deepEqual(verdict.tags, ["a", "b", "c", "d"]);
  assert.equal(verdict.explicit, true);
  assert.equal(kept(["date", DATE, ...LM]).explicit, false);
  assert.deepEqual(kept(["cache-control", "max-age=5"], { wall: WALL + 999 }).fields, [
    ...["cache-control", "max-age=5", "date", DATE],
  ]);
  assert.deepEqual(kept(["date", "foo", "cache-control", "max-age=5", "date", dateAt(1)]).fields, [
    ...["cache-control", "max-age=5", "date", DATE],
  ]);
});

function key(methods: string[]): CachePlan["key"] {
  return { methods, host: true, path: true, query: null, headers: [], cookies: [] };
}

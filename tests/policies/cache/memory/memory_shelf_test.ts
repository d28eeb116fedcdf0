import assert from "node:assert/strict";
import type { Purge, PurgeTarget } from "../../../../src/core/purge.ts";
import { ageAt, freshUntil } from "../../../../src/policies/cache/stored_response.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { asking, found, kept, makeShelf, NO_FIELDS } from "./kept.ts";

const URL_A = "https://example.com/a", URL_B = "https://example.com/b";
const hard = (target: PurgeTarget): Purge => ({ target, soft: false });

Deno.test("a shelf finds what was put under the same URL and variant, and nothing else", () => {
  const shelf = makeShelf();
  shelf.put(URL_A, "", NO_FIELDS, kept("a"));
  shelf.put(URL_B, "mobile", NO_FIELDS, kept("b"));
  assert.equal(found(shelf, URL_A), "a");
  assert.equal(found(shelf, URL_B, NO_FIELDS, "mobile"), "b");
  assert.equal(found(shelf, URL_B), null);
  assert.equal(found(shelf, "https://example.com/"), null);
  assert.ok(shelf.has(URL_B));
});

Deno.test("a newer answer takes the place of the older one, whose entry is no longer held", () => {
  const shelf = makeShelf(), old = shelf.put(URL_A, "", NO_FIELDS, kept("old"))!;
  const fresh = shelf.put(URL_A, "", NO_FIELDS, kept("new"))!;
  assert.equal(found(shelf, URL_A), "new");
  assert.deepEqual([old.held, fresh.held, shelf.entries, shelf.bytes], [false, true, 1, fresh.bytes]);
  shelf.discard(old);
  assert.deepEqual([found(shelf, URL_A), shelf.entries, shelf.bytes], ["new", 1, fresh.bytes]);
});

Deno.test("answers that differ by Vary are told apart by what the requests have", () => {
  const shelf = makeShelf(), vary = ["x-kind"];
  for (const kind of ["1", "2", "3"]) shelf.put(URL_A, "", asking({ "x-kind": kind }), kept(kind, { vary }));
  shelf.put(URL_A, "", NO_FIELDS, kept("none", { vary }));
  for (let round = 0; round < 2; round++) {
    for (const kind of ["1", "2", "3"]) assert.equal(found(shelf, URL_A, asking({ "x-kind": kind })), kind);
    assert.equal(found(shelf, URL_A), "none");
    assert.equal(found(shelf, URL_A, asking({ "x-kind": "" })), null);
    assert.equal(found(shelf, URL_A, asking({ "x-kind": "4" })), null);
  }
});

Deno.test("one answer with Vary is found by requests that mean the same, and by no others", () => {
  const shelf = makeShelf(), vary = ["accept-encoding"];
  shelf.put(URL_A, "", asking({ "accept-encoding": "gzip, br" }), kept("packed", { vary }));
  for (const same of ["gzip, br", "br,gzip", "gzip, br"]) {
    assert.equal(found(shelf, URL_A, asking({ "accept-encoding": same })), "packed");
  }
  assert.equal(found(shelf, URL_A, asking({ "accept-encoding": "gzip" })), null);
  assert.equal(found(shelf, URL_A), null);
});

Deno.test("a variant of the cache's own and one of the upstream's do not run into each other", () => {
  const shelf = makeShelf(), vary = ["x-kind"];
  shelf.put(URL_A, "a", asking({ "x-kind": "b" }), kept("a, b", { vary }));
  shelf.put(URL_A, "", asking({ "x-kind": "b" }), kept("b", { vary }));
  shelf.put(URL_A, "a", asking({ "x-kind": "c" }), kept("a, c", { vary }));
  assert.equal(found(shelf, URL_A, asking({ "x-kind": "b" }), "a"), "a, b");
  assert.equal(found(shelf, URL_A, asking({ "x-kind": "b" })), "b");
  assert.equal(found(shelf, URL_A, asking({ "x-kind": "c" })), null);
  assert.equal(found(shelf, URL_A, NO_FIELDS, "a\n=b"), null);
});

Deno.test("where several lists of fields fit, the newest answer is found that was chosen by fields at all", () => {
  const shelf = makeShelf(), request = asking({ "x-a": "1", "x-b": "1" });
  shelf.put(URL_A, "", request, kept("by a", { vary: ["x-a"], receivedAt: 1 }));
  shelf.put(URL_A, "", request, kept("by a and b", { vary: ["x-a", "x-b"], receivedAt: 3 }));
  shelf.put(URL_A, "", request, kept("by nothing", { receivedAt: 2 }));
  assert.equal(found(shelf, URL_A, request), "by a and b");
  assert.equal(found(shelf, URL_A, asking({ "x-a": "1", "x-b": "2" })), "by a");
  assert.equal(found(shelf, URL_A, asking({ "x-a": "2", "x-b": "1" })), "by nothing");
  shelf.put(URL_A, "", request, kept("by a, again", { vary: ["x-a"], receivedAt: 4 }));
  assert.equal(found(shelf, URL_A, request), "by a, again");
  assert.equal(shelf.entries, 3);
});

Deno.test("an upstream that invents a Vary each time fills one URL with a few lists only", () => {
  const shelf = makeShelf();
  for (let n = 0; n < 100; n++) shelf.put(URL_A, "", NO_FIELDS, kept(`${n}`, { vary: [`x-${n}`], receivedAt: n }));
  assert.equal(shelf.entries, 8);
  assert.equal(found(shelf, URL_A), "99");
});

Deno.test("an answer is for those who ask like the one who got it, be it in the language that others want", () => {
  const shelf = makeShelf(), vary = ["accept-language"], fields = ["content-language", "en"];
  // The upstream has nothing in Polish, and says so in English.
  shelf.put(URL_A, "", asking({ "accept-language": "pl, en;q=0.5" }), kept("Sorry, not in pl", { vary, fields }));
  assert.equal(found(shelf, URL_A, asking({ "accept-language": "en" })), null);
  shelf.put(URL_A, "", asking({ "accept-language": "de" }), kept("Hallo", { vary }));
  assert.equal(found(shelf, URL_A, asking({ "accept-language": "en" })), null);
});

Deno.test("what was found by its fields a moment ago is not found when it has gone", () => {
  const shelf = makeShelf(), vary = ["accept-language"];
  const first = asking({ "accept-language": "en, de" }), other = asking({ "accept-language": "pl" });
  const entry = shelf.put(URL_A, "", first, kept("Hallo", { vary }))!;
  shelf.put(URL_A, "", other, kept("Hi", { vary }));
  assert.equal(found(shelf, URL_A, first), "Hallo");
  shelf.discard(entry);
  assert.equal(found(shelf, URL_A, first), null);
  assert.equal(found(shelf, URL_A, other), "Hi");
});

Deno.test("a 304's answer keeps the entry and its place; what was made ready is made anew", () => {
  const shelf = makeShelf(), entry = shelf.put(URL_A, "", NO_FIELDS, kept("a", { tags: ["old"] }))!;
  entry.ready = {};
  entry.hits = 7;
  assert.ok(shelf.replace(entry, kept("a", { receivedAt: 9, tags: ["new", "newer"] })));
  assert.equal(shelf.find(URL_A, "", NO_FIELDS), entry);
  assert.deepEqual([entry.ready, entry.hits, entry.response.receivedAt], [null, 7, 9]);
  assert.equal(shelf.bytes, entry.bytes);
  assert.equal(shelf.purge(hard({ tag: "old" })), 0);
  assert.equal(shelf.purge(hard({ tag: "new" })), 1);
});

Deno.test("what was purged meanwhile is not brought back by a 304", () => {
  const shelf = makeShelf(), entry = shelf.put(URL_A, "", NO_FIELDS, kept("a"))!;
  shelf.purge(hard({ url: URL_A }));
  assert.equal(shelf.replace(entry, kept("a")), false);
  assert.deepEqual([found(shelf, URL_A), shelf.entries, shelf.bytes], [null, 0, 0]);
});

Deno.test("a 304 that makes it an answer to other requests takes it out", () => {
  const shelf = makeShelf(), vary = ["accept-language"], request = asking({ "accept-language": "de" });
  const entry = shelf.put(URL_A, "", request, kept("a", { vary }))!;
  assert.equal(shelf.replace(entry, kept("a", { vary: ["x-kind"] })), false);
  assert.equal(shelf.entries, 0);
});

Deno.test("an answer that is larger than may be is not kept, nor is the one that it would have replaced", () => {
  const shelf = makeShelf({ maxEntryBytes: 5_000 });
  shelf.put(URL_A, "", NO_FIELDS, kept("small"));
  assert.equal(shelf.put(URL_A, "", NO_FIELDS, kept("x".repeat(5_000))), null);
  assert.deepEqual([shelf.entries, shelf.bytes], [0, 0]);
  const entry = shelf.put(URL_A, "", NO_FIELDS, kept("small"))!;
  assert.equal(shelf.replace(entry, kept("x".repeat(5_000))), false);
  assert.deepEqual([shelf.entries, shelf.bytes], [0, 0]);
});

Deno.test("a shelf with no room keeps nothing", () => {
  assert.equal(makeShelf({ maxEntries: 0 }).put(URL_A, "", NO_FIELDS, kept("a")), null);
  assert.equal(makeShelf({ maxBytes: 0 }).put(URL_A, "", NO_FIELDS, kept("a")), null);
});

Deno.test("an answer keeps no more in memory than itself", () => {
  const shelf = makeShelf(), buffer = new Uint8Array(1 << 16);
  buffer.set(new TextEncoder().encode("body"));
  const entry = shelf.put(URL_A, "", NO_FIELDS, { ...kept(""), body: buffer.subarray(0, 4) })!;
  assert.equal(entry.response.body.buffer.byteLength, 4);
  assert.equal(found(shelf, URL_A), "body");
  const whole = kept("whole"), same = shelf.put(URL_A, "", NO_FIELDS, whole)!;
  assert.equal(same.response.body, whole.body, "a body of its own is not copied");
});

Deno.test("a URL and its variants are taken out together", () => {
  const shelf = makeShelf();
  for (const variant of ["a", "b"]) shelf.put(URL_A, variant, NO_FIELDS, kept(variant));
  shelf.put(URL_B, "", NO_FIELDS, kept("b"));
  assert.equal(shelf.remove(URL_A), 2);
  assert.deepEqual(shelf.keys(), [URL_B]);
  assert.equal(shelf.remove(URL_A), 0);
});

const KEYS = [
  "https://example.com/",
  "https://example.com/shop",
  "https://example.com/shop/1",
  "https://example.com/shop/1?page=2",
  "http://example.org:8080/shop/1",
  "https://",
  "https:///shop/1",
  "https://shop/shop",
];
const PURGES: readonly (readonly [PurgeTarget, readonly number[]])[] = [
  [{ url: "https://example.com/shop/1" }, [2]],
  [{ url: "https://example.com/shop/1?page=3" }, []],
  [{ url: "/shop/1" }, [2, 4, 6]],
  [{ url: "/shop/1?page=2" }, [3]],
  [{ url: "/" }, [0]],
  [{ prefix: "https://example.com/shop/" }, [2, 3]],
  [{ prefix: "https://example.com" }, [0, 1, 2, 3]],
  [{ prefix: "/shop/" }, [2, 3, 4, 6]],
  [{ prefix: "/shop" }, [1, 2, 3, 4, 6, 7]],
  [{ tag: "even" }, [0, 2, 4, 6]],
  [{ tag: "Even" }, []],
  [{ all: true }, [0, 1, 2, 3, 4, 5, 6, 7]],
];

for (const [target, gone] of PURGES) {
  Deno.test(`purging ${JSON.stringify(target)} takes out what it means, and nothing else`, () => {
    const shelf = makeShelf();
    KEYS.forEach((key, n) => shelf.put(key, "", NO_FIELDS, kept("", { tags: n % 2 === 0 ? ["even", `n${n}`] : [] })));
    assert.equal(shelf.purge(hard(target)), gone.length);
    assert.deepEqual(shelf.keys(), KEYS.filter((_, n) => !gone.includes(n)));
    assert.equal(shelf.purge(hard(target)), 0);
  });
}

Deno.test("a soft purge makes answers stale from now on, and leaves those that are stale already", () => {
  const clock = new FakeClock({ now: 1_000 }), shelf = makeShelf({}, clock);
  const entry = shelf.put(URL_A, "", NO_FIELDS, kept("a", { receivedAt: 500, tags: ["t"] }))!;
  const stale = shelf.put(URL_B, "", NO_FIELDS, kept("b", { receivedAt: -90_000, tags: ["t"] }))!;
  const since = freshUntil(stale.response);
  entry.ready = {};
  assert.equal(shelf.purge({ target: { tag: "t" }, soft: true }), 2);
  assert.equal(found(shelf, URL_A), "a");
  assert.equal(entry.ready, null);
  assert.equal(freshUntil(entry.response), 1_000);
  assert.equal(ageAt(entry.response, 1_000), 500, "its age is what it was");
  assert.equal(freshUntil(stale.response), since);
  assert.equal(shelf.purge({ target: { tag: "t" }, soft: true }), 2);
});

Deno.test("keys are listed by their beginnings, as many as are asked for", () => {
  const shelf = makeShelf();
  for (const key of KEYS) shelf.put(key, "", NO_FIELDS, kept(""));
  assert.deepEqual(shelf.keys("https://example.com/shop", 2), [KEYS[1], KEYS[2]]);
  assert.deepEqual(shelf.keys("/shop/1?"), [KEYS[3]]);
  assert.equal(shelf.keys().length, KEYS.length);
});

Deno.test("a closed shelf has nothing", () => {
  const shelf = makeShelf(), entry = shelf.put(URL_A, "", NO_FIELDS, kept("a"))!;
  shelf.close();
  assert.deepEqual([shelf.entries, shelf.bytes, entry.held, found(shelf, URL_A)], [0, 0, false, null]);
});

Deno.test("requests for a URL are told apart by the fields that its last answer was chosen by", () => {
  const shelf = makeShelf(), one = asking({ "x-a": "1" }), two = asking({ "x-a": "2" });
  assert.equal(shelf.distinguish(URL_A, one), null);
  shelf.put(URL_A, "", one, kept("a"));
  assert.equal(shelf.distinguish(URL_A, one), shelf.distinguish(URL_A, two));
  shelf.put(URL_A, "", one, kept("a", { vary: ["x-a"] }));
  assert.notEqual(shelf.distinguish(URL_A, one), shelf.distinguish(URL_A, two));
  assert.equal(shelf.distinguish(URL_A, one), shelf.distinguish(URL_A, asking({ "x-a": "1", "x-b": "1" })));
});

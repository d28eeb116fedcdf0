import { strict as assert } from "node:assert";
import { HeaderList } from "../../../../src/core/header_list.ts";
import type { Purge } from "../../../../src/core/purge.ts";
import { NormalForms } from "../../../../src/policies/cache/selection/normal_forms.ts";
import type { StoredResponse } from "../../../../src/policies/cache/stored_response.ts";
import { SecondTier } from "../../../../src/policies/cache/tier/second_tier.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { LocalTier } from "./local_tier.ts";
import { stored } from "../stored.ts";

const KEY = "https://h/", NONE = HeaderList.of();

function setUp() {
  const clock = new FakeClock(), local = new LocalTier(clock), told: (Purge | null)[] = [];
  const init = { clock, forms: new NormalForms(), grace: 0 };
  return { clock, local, told, tier: new SecondTier(local, init, (order) => told.push(order)) };
}

const textOf = (found: StoredResponse | null) => found && new TextDecoder().decode(found.body);
const body = (text: string) => new TextEncoder().encode(text);
const accepts = (language: string) => HeaderList.of("accept-language", language);

Deno.test("SecondTier finds what was kept for the same URL and variant, older by the time that has passed", async () => {
  const { tier, clock, local } = setUp();
  clock.advance(1000);
  await tier.keep(KEY, "own", NONE, stored({ tags: ["t"] }));
  clock.advance(2000);
  assert.deepEqual(
    await tier.find(KEY, "own", NONE),
    stored({
      tags: ["t"],
      receivedAt: 3000,
      freshness: { initialAge: 3000 },
    }),
  );
  assert.equal(await tier.find(KEY, "other", NONE), null);
  assert.equal(await tier.find(KEY, "", NONE), null);
  assert.equal(await tier.find("https://h/other", "own", NONE), null);
  assert.deepEqual(local.writes.map(({ ttl, tags }) => [ttl, tags]), [[59_000, ["t"]]]);
  assert.deepEqual(tier.report(), { reads: 4, hits: 1, writes: 1, failures: 0 });
});

Deno.test("SecondTier asks once where no answer for the URL has a Vary, else twice, within one time", async () => {
  const { tier, local, clock } = setUp();
  await tier.keep(KEY, "", NONE, stored());
  await tier.find(KEY, "", NONE);
  assert.equal(local.reads.length, 1);
  await tier.keep(KEY, "", accepts("de"), stored({ vary: ["accept-language"] }));
  local.deadlines.length = 0;
  const found = tier.find(KEY, "", accepts("de"));
  clock.advance(10);
  assert.notEqual(await found, null);
  assert.deepEqual(local.deadlines, [50, 50]);
});

Deno.test("SecondTier chooses by the fields that answers name in Vary, and of those that fit the newest", async () => {
  const { tier, clock, local } = setUp(), vary = ["accept-language"];
  const keep = (headers: HeaderList, text: string, vary: readonly string[]) => {
    clock.advance(1);
    return tier.keep(KEY, "", headers, stored({ body: body(text), vary, receivedAt: clock.now() }));
  };
  await keep(accepts("de"), "deutsch", vary);
  await keep(accepts("en"), "english", vary);
  assert.deepEqual(local.writes.map(({ first }) => first), [["vary", "accept-language"], ["vary", "accept-language"]]);
  assert.equal(textOf(await tier.find(KEY, "", accepts("DE"))), "deutsch");
  assert.equal(textOf(await tier.find(KEY, "", accepts("en"))), "english");
  assert.equal(await tier.find(KEY, "", accepts("fr")), null);
  assert.equal(await tier.find(KEY, "", NONE), null);
  await keep(HeaderList.of("accept", "a/b", "accept-language", "de"), "both", ["accept", "accept-language"]);
  assert.equal(textOf(await tier.find(KEY, "", HeaderList.of("accept", "a/b", "accept-language", "de"))), "both");
  assert.equal(textOf(await tier.find(KEY, "", accepts("de"))), "deutsch");
  await keep(NONE, "for all", []);
  // RFC 9111 §4.1: what was chosen by a field goes before what was not.
  assert.equal(textOf(await tier.find(KEY, "", accepts("de"))), "deutsch");
  assert.equal(textOf(await tier.find(KEY, "", accepts("fr"))), "for all");
  await keep(accepts("de"), "newer", vary);
  assert.equal(textOf(await tier.find(KEY, "", accepts("de"))), "newer");
});

Deno.test("SecondTier has nothing while the store is away, and rejects nothing but purges", async () => {
  const { tier, local } = setUp();
  await tier.keep(KEY, "", NONE, stored());
  local.away = true;
  assert.equal(await tier.find(KEY, "", NONE), null);
  await tier.keep(KEY, "", NONE, stored());
  await tier.keep(KEY, "", NONE, stored({ vary: ["a"] }));
  await assert.rejects(tier.purge({ target: { all: true }, soft: false }), { name: "StoreError" });
  assert.deepEqual(tier.report(), { reads: 1, hits: 0, writes: 1, failures: 3 });
  local.away = false;
  assert.notEqual(await tier.find(KEY, "", NONE), null);
});

Deno.test("SecondTier does not keep what nobody could use, nor what would take long on its way", async () => {
  const { tier, local, clock } = setUp();
  clock.advance(60_000);
  await tier.keep(KEY, "", NONE, stored());
  await tier.keep(KEY, "", NONE, stored({ receivedAt: 60_000, body: new Uint8Array(1024 * 1024 + 1) }));
  const tags = Array.from({ length: 251 }, (_, i) => `${i}`);
  await tier.keep(KEY, "", NONE, stored({ receivedAt: 60_000, tags }));
  assert.deepEqual(local.writes, []);
  await tier.keep(KEY, "", NONE, stored({ receivedAt: 60_000, body: new Uint8Array(1024 * 1024) }));
  assert.equal(local.writes.length, 1);
});

Deno.test("SecondTier gives nothing that was read before a purge which may have meant it was heard of", async () => {
  const { tier, local, told } = setUp(), order: Purge = { target: { tag: "t" }, soft: false };
  await tier.keep(KEY, "", NONE, stored());
  for (const heard of [order, null]) {
    local.onRead = () => local.tell(heard);
    assert.equal(await tier.find(KEY, "", NONE), null);
  }
  assert.deepEqual(told, [order, null]);
  local.onRead = () => void tier.purge({ target: { tag: "other" }, soft: true });
  assert.equal(await tier.find(KEY, "", NONE), null);
  for (const url of [`${KEY}other`, "/other"]) {
    local.onRead = () => local.tell({ target: { url }, soft: false });
    assert.notEqual(await tier.find(KEY, "", NONE), null, "requests that change other things take nothing away");
  }
});

Deno.test("SecondTier says how long ago an answer was asked for, and counts no write that a purge has prevented", async () => {
  const { tier, local, clock } = setUp();
  clock.advance(1000);
  await tier.keep(KEY, "", NONE, stored({ receivedAt: 300, took: 20 }));
  assert.deepEqual(local.writes.map(({ since }) => since), [720]);
  local.purged = true;
  await tier.keep(KEY, "", NONE, stored());
  assert.deepEqual([local.writes.length, tier.report().writes], [1, 1]);
});

Deno.test("caches that tell variants apart by something else have none of each other's answers", async () => {
  const { tier, local, clock } = setUp(), forms = new NormalForms();
  const other = (by: string) => new SecondTier(local, { clock, forms, grace: 0, by });
  await tier.keep(KEY, "1:a", NONE, stored());
  await other("header:x").keep(KEY, "1:b", accepts("de"), stored({ vary: ["accept-language"] }));
  assert.equal(await other("consumer").find(KEY, "1:a", NONE), null);
  assert.equal(await other("consumer").find(KEY, "1:b", accepts("de")), null);
  assert.equal(await tier.find(KEY, "1:b", accepts("de")), null);
  assert.notEqual(await other("header:x").find(KEY, "1:b", accepts("de")), null);
});

Deno.test("SecondTier shows what a soft purge has left as stale", async () => {
  const { tier, clock } = setUp();
  await tier.keep(KEY, "", NONE, stored());
  clock.advance(3000);
  assert.equal(await tier.purge({ target: { all: true }, soft: true }), 1);
  clock.advance(2000);
  const { freshness: { initialAge, lifetime } } = (await tier.find(KEY, "", NONE))!;
  assert.deepEqual([initialAge, lifetime], [5000, 3000]);
});

Deno.test("SecondTier takes damage for nothing, and listens no more when it is closed", async () => {
  const { tier, local } = setUp();
  await tier.keep(KEY, "", accepts("de"), stored({ vary: ["accept-language"] }));
  for (const bytes of [new Uint8Array(0), new Uint8Array(9), new TextEncoder().encode("accept-language")]) {
    local.damage(bytes);
    assert.equal(await tier.find(KEY, "", accepts("de")), null);
  }
  assert.equal(local.listeners, 1);
  tier.close();
  assert.equal(local.listeners, 0);
});

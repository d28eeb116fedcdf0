import { strict as assert } from "node:assert";
import { requestDirectives } from "../../../../src/policies/cache/rules/request_directives.ts";
import { mayRefreshBehind, mayStandIn, useOf } from "../../../../src/policies/cache/rules/use_of.ts";
import type { Freshness, StoredResponse } from "../../../../src/policies/cache/stored_response.ts";
import { stored as storedAt } from "../stored.ts";
import { NOW } from "./heads.ts";

/** An answer that came with an age of 10 s and is fresh up to one of 60 s: for 50 s. */
function stored(freshness: Partial<Freshness> = {}): StoredResponse {
  return storedAt({ receivedAt: NOW, freshness: { initialAge: 10_000, ...freshness } });
}

Deno.test("useOf() follows the answer and the request", () => {
  const never = { lifetime: 0 };
  const cases: [use: string, asked: string | null, after: number, freshness?: Partial<Freshness>][] = [
    ["fresh", null, 0],
    ["fresh", null, 49.999],
    ["validate", null, 50],
    ["fresh", "", 49.999],
    ["validate", "", 50],
    ["validate", null, 0, { noCache: true }],
    ["validate", "max-stale", 0, { noCache: true }],
    ["validate", null, 0, { initialAge: 60_000 }],
    ["validate", null, 0, never],
    ["validate", "no-cache", 0],
    ["validate", "no-cache", 0, { immutable: true }],
    ["fresh", "no-store", 0],
    ["validate", "max-age=0", 0],
    ["validate", "max-age=0", 0, { initialAge: 0 }],
    ["fresh", "max-age=0", 0, { immutable: true }],
    ["validate", "max-age=0", 50, { immutable: true }],
    ["fresh", "max-age=15", 5],
    ["validate", "max-age=15", 5.001],
    ["validate", "max-age=600", 50],
    ["fresh", "min-fresh=20", 30],
    ["validate", "min-fresh=20", 30.001],
    ["validate", "min-fresh=20, max-stale", 50],
    ["stale", "max-stale", 5_000],
    ["stale", "max-stale=20", 70],
    ["validate", "max-stale=20", 70.001],
    ["fresh", "max-stale", 0],
    ["stale", "max-stale, max-age=70", 60],
    ["validate", "max-stale, max-age=70", 60.001],
    ["validate", "max-stale", 50, { mustRevalidate: true }],
    ["validate", "max-stale", 0, never],
  ];
  for (const [use, asked, after, freshness] of cases) {
    const directives = asked === null ? null : requestDirectives(asked, null);
    assert.equal(useOf(stored(freshness), directives, NOW + after * 1000), use, `${asked} after ${after} s`);
  }
});

Deno.test("mayRefreshBehind() is for stale answers, up to the end of their window", () => {
  const window = { staleWhileRevalidate: 5_000 };
  const cases: [may: boolean, after: number, freshness?: Partial<Freshness>][] = [
    [false, 49.999, window],
    [true, 50, window],
    [true, 55, window],
    [false, 55.001, window],
    [false, 50],
    [false, 50, { ...window, noCache: true }],
    [true, 0, { ...window, initialAge: 0, lifetime: 0 }],
  ];
  for (const [may, after, freshness] of cases) {
    assert.equal(mayRefreshBehind(stored(freshness), NOW + after * 1000), may, `after ${after} s`);
  }
});

Deno.test("mayStandIn() lets an answer stand in as long as it, the request or the config says", () => {
  const cases: [may: boolean, asked: string, after: number, extra: number, freshness?: Partial<Freshness>][] = [
    [false, "", 50, 0],
    [true, "", 49, 0],
    [true, "max-age=0", 49, 0],
    [false, "no-cache", 49, 5],
    [true, "", 55, 0, { staleIfError: 5_000 }],
    [false, "", 55.001, 0, { staleIfError: 5_000 }],
    [true, "max-age=0", 55, 0, { staleIfError: 5_000 }],
    [false, "no-cache", 55, 0, { staleIfError: 5_000 }],
    [true, "stale-if-error=5", 55, 0],
    [false, "stale-if-error=5", 55.001, 0],
    [false, "stale-if-error=0", 50, 0],
    [true, "", 55, 5],
    [false, "", 55.001, 5],
    [false, "stale-if-error=5", 55, 5, { mustRevalidate: true }],
    [true, "", 55, 0, { mustRevalidate: true, staleIfError: 5_000 }],
    [false, "stale-if-error=5", 0, 5, { noCache: true, staleIfError: 5_000 }],
    [false, "stale-if-error=5, max-stale", 0, 5, { initialAge: 0, lifetime: 0 }],
    [true, "", 0, 0, { initialAge: 0, lifetime: 0, staleIfError: 5_000 }],
  ];
  for (const [may, asked, after, extra, freshness] of cases) {
    const seen = mayStandIn(stored(freshness), requestDirectives(asked, null), NOW + after * 1000, extra * 1000);
    assert.equal(seen, may, `${asked} after ${after} s`);
  }
  assert.equal(mayStandIn(stored(), null, NOW + 50_000, 0), false);
});

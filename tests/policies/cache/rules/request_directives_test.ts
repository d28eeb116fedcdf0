import { strict as assert } from "node:assert";
import { type RequestDirectives, requestDirectives } from "../../../../src/policies/cache/rules/request_directives.ts";

const NOTHING = requestDirectives(null, null);

Deno.test("requestDirectives() says what each directive asks for", () => {
  const cases: [cacheControl: string | null, pragma: string | null, asked: Partial<RequestDirectives>][] = [
    ["", null, {}],
    ["public, no-transform, x", null, {}],
    ["no-cache", null, { noCache: true }],
    ["No-Cache ,", null, { noCache: true }],
    ["no-cache;", null, { noCache: true }],
    ["no-store", null, { noStore: true }],
    ["max-age=0", null, { maxAge: 0 }],
    ["max-age=5", null, { maxAge: 5_000 }],
    ["max-age=5, max-age=4", null, { maxAge: 4_000 }],
    ["max-age=x", null, { maxAge: 0 }],
    ["max-age=99999999999", null, { maxAge: 2_147_483_648_000 }],
    ["min-fresh=5, min-fresh=6", null, { minFresh: 6_000 }],
    ["min-fresh, min-fresh=x", null, {}],
    ["max-stale", null, { maxStale: Infinity }],
    ["max-stale=5", null, { maxStale: 5_000 }],
    ["max-stale=5, max-stale", null, { maxStale: 5_000 }],
    ["max-stale, max-stale=5", null, { maxStale: 5_000 }],
    ["max-stale=x", null, {}],
    ["max-stale;", null, {}],
    ["only-if-cached", null, { onlyIfCached: true }],
    ["only-if-cached=1", null, {}],
    ["stale-if-error=5, stale-if-error=6", null, { staleIfError: 5_000 }],
    ['x="no-store, max-stale"', null, {}],
    [null, "no-cache", { noCache: true }],
    [null, "x, No-Cache", { noCache: true }],
    [null, "x", {}],
    ["max-age=5", "no-cache", { maxAge: 5_000 }],
  ];
  for (const [cacheControl, pragma, asked] of cases) {
    assert.deepEqual(requestDirectives(cacheControl, pragma), { ...NOTHING, ...asked }, `${cacheControl} ${pragma}`);
  }
});

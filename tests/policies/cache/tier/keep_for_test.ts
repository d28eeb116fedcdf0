import { strict as assert } from "node:assert";
import { keepFor } from "../../../../src/policies/cache/tier/keep_for.ts";
import { stored, type StoredChanges } from "../stored.ts";

const HOUR = 3_600_000;

Deno.test("a store keeps an answer for as long as somebody could use it", () => {
  const etag = { fields: ["etag", '"1"'] }, date = { fields: ["last-modified", "x"] };
  const rows: readonly [StoredChanges, grace: number, expected: number][] = [
    [{}, 0, 50_000],
    [{}, 5000, 55_000],
    [{ freshness: { initialAge: 20_000 } }, 0, 30_000],
    [{ freshness: { staleWhileRevalidate: 7000, staleIfError: 9000 } }, 8000, 59_000],
    [{ freshness: { mustRevalidate: true } }, 8000, 50_000],
    [{ freshness: { staleIfError: 9000, mustRevalidate: true } }, 8000, 59_000],
    [{ freshness: { staleWhileRevalidate: 7000, mustRevalidate: true } }, 8000, 57_000],
    [{ freshness: { lifetime: 0, noCache: true, staleIfError: 9000 } }, 8000, 0],
    [{ ...etag, freshness: { lifetime: 0, noCache: true } }, 0, HOUR],
    [{ ...date, freshness: { lifetime: 0 } }, 0, HOUR],
    [etag, 0, HOUR + 50_000],
    [{ ...etag, freshness: { staleIfError: 24 * HOUR } }, 0, 24 * HOUR + 50_000],
  ];
  for (const [changes, grace, expected] of rows) {
    assert.equal(keepFor(stored(changes), grace, 10_000), expected, JSON.stringify(changes));
  }
});

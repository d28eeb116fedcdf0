import assert from "node:assert/strict";
import fc from "fast-check";
import type { PurgeTarget } from "../../../../src/core/purge.ts";
import { entryBytes } from "../../../../src/policies/cache/memory/entry_bytes.ts";
import type { ShelfLimits } from "../../../../src/policies/cache/memory/memory_shelf.ts";
import type { ShelfEntry } from "../../../../src/policies/cache/memory/shelf_entry.ts";
import { ageAt, type StoredResponse } from "../../../../src/policies/cache/stored_response.ts";
import { FakeClock } from "../../../support/fake_clock.ts";
import { asking, kept, makeShelf, ROOMY } from "./kept.ts";

type Fields = Readonly<Record<string, string>>;

/** A place is a URL, a variant and what the request has of the fields in `vary`. */
interface Kept {
  readonly key: string;
  readonly variant: string;
  readonly fields: Fields;
  response: StoredResponse;
}

const keys = fc.constantFrom(..."abcd").map((path) => `https://example.com/${path}`);
const variants = fc.constantFrom("", "", "x");
const fields = fc.record({ "x-a": fc.constantFrom("1", "2"), "x-b": fc.constantFrom("1", "2") }, { requiredKeys: [] });
const tags = fc.subarray(["red", "blue"]);
const targets: fc.Arbitrary<PurgeTarget> = fc.oneof(
  keys.map((url) => ({ url })),
  fc.constantFrom("/a", "/z").map((url) => ({ url })),
  fc.constantFrom("https://example.com/b", "/c", "https://example.org").map((prefix) => ({ prefix })),
  fc.constantFrom("red", "green").map((tag) => ({ tag })),
  fc.constant<PurgeTarget>({ all: true }),
);
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        key: keys,
        variant: variants,
        fields,
        vary: fc.subarray(["x-a", "x-b"]),
        tags,
        size: fc.nat(3_000),
      }),
    },
    { weight: 6, arbitrary: fc.record({ key: keys, variant: variants, fields }) },
    { weight: 1, arbitrary: fc.record({ target: targets, soft: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ nth: fc.nat(20), tags, size: fc.nat(3_000), discard: fc.boolean() }) },
  ),
  { maxLength: 60, size: "max" },
);

const agree = (names: readonly string[], a: Fields, b: Fields) => names.every((name) => a[name] === b[name]);

function meant(target: PurgeTarget, { key, response }: Kept): boolean {
  if ("url" in target) return key === target.url || key === `https://example.com${target.url}`;
  if ("prefix" in target) return key.startsWith(target.prefix) || key.startsWith(`https://example.com${target.prefix}`);
  return "all" in target || response.tags.includes(target.tag);
}

/** Plays the steps to a shelf and to a list; `complete`: the shelf has room for all. */
function holds(limits: ShelfLimits, complete: boolean): void {
  fc.assert(
    fc.property(steps, (steps) => {
      const clock = new FakeClock(), shelf = makeShelf(limits, clock), entries: ShelfEntry[] = [];
      let model: Kept[] = [], now = 0;
      for (const step of steps) {
        clock.advance(1);
        now++;
        if ("vary" in step) {
          const { key, variant, fields, vary, tags, size } = step;
          const response = kept("x".repeat(size), { vary, tags, receivedAt: now });
          const entry = shelf.put(key, variant, asking(fields), response);
          if (entry !== null) entries.push(entry);
          model = model.filter((one) =>
            one.key !== key || one.variant !== variant || `${one.response.vary}` !== `${vary}` ||
            !agree(vary, one.fields, fields)
          );
          model.push({ key, variant, fields, response });
        } else if ("target" in step) {
          const there = entries.filter((entry) => entry.held).length;
          const count = shelf.purge(step);
          if (complete) assert.equal(count, model.filter((one) => meant(step.target, one)).length);
          if (!step.soft) {
            assert.equal(entries.filter((entry) => entry.held).length, there - count);
            model = model.filter((one) => !meant(step.target, one));
          } else {
            for (const one of model.filter((one) => meant(step.target, one))) {
              const { freshness } = one.response, lifetime = Math.min(freshness.lifetime, ageAt(one.response, now));
              one.response = { ...one.response, freshness: { ...freshness, lifetime } };
            }
          }
        } else if ("nth" in step) {
          const entry = entries[step.nth];
          if (entry === undefined) continue;
          const { response } = entry,
            one = model.find((one) => entry.held && one.response.receivedAt === response.receivedAt)!;
          if (step.discard) {
            shelf.discard(entry);
            model = model.filter((other) => other !== one);
          } else {
            const fresh = kept("y".repeat(step.size), { vary: response.vary, tags: step.tags, receivedAt: now });
            const wasHeld = entry.held;
            assert.equal(shelf.replace(entry, fresh), complete ? wasHeld : entry.held);
            if (wasHeld) one.response = fresh;
          }
        } else {
          const { key, variant, fields } = step, entry = shelf.find(key, variant, asking(fields));
          const fitting = model.filter((one) =>
            one.key === key && one.variant === variant && agree(one.response.vary, one.fields, fields)
          ).sort(({ response: a }, { response: b }) =>
            Number(b.vary.length > 0) - Number(a.vary.length > 0) || b.receivedAt - a.receivedAt
          );
          assert.ok(entry === undefined || entry.held);
          if (complete || entry !== undefined) {
            assert.deepEqual(
              entry?.response,
              fitting.find((one) => complete || one.response.receivedAt === entry!.response.receivedAt)?.response,
            );
          }
        }
        const held = entries.filter((entry) => entry.held);
        if (complete) assert.equal(shelf.entries, model.length);
        assert.equal(shelf.entries, held.length);
        assert.equal(shelf.bytes, held.reduce((sum, entry) => sum + entryBytes(entry), 0));
        assert.ok(shelf.entries <= limits.maxEntries && shelf.bytes <= limits.maxBytes);
        assert.deepEqual(new Set(shelf.keys()), new Set(held.map(({ key }) => key)));
      }
      shelf.close();
      assert.deepEqual([shelf.entries, shelf.bytes], [0, 0]);
    }),
    { numRuns: 200 },
  );
}

Deno.test("a shelf with room for all does what a list of answers does", () => {
  holds(ROOMY, true);
});

Deno.test("a shelf without has nothing but what was put last, and never more than it may", () => {
  holds({ maxBytes: 1e9, maxEntries: 4 }, false);
  holds({ maxBytes: 12_000, maxEntries: 1_000, maxEntryBytes: 3_500 }, false);
});

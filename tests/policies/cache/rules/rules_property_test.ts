import { strict as assert } from "node:assert";
import fc from "fast-check";
import { judge } from "../../../../src/policies/cache/rules/judge.ts";
import { requestDirectives } from "../../../../src/policies/cache/rules/request_directives.ts";
import { mayRefreshBehind, mayStandIn, useOf } from "../../../../src/policies/cache/rules/use_of.ts";
import { arrived, dateAt, NOW, planOf, storedOf } from "./heads.ts";

/** A power of two, so that the model's seconds and the rules' milliseconds come to the same. */
const SHARE = 0.125;

/** Directives by name, with their seconds where they have any. */
type Directives = Readonly<Record<string, number | null>>;

/** An answer and two requests, before they are written down. Times in seconds, dates relative to when the answer came. */
interface Story {
  readonly status: number;
  readonly said: Directives;
  readonly date: number | null;
  readonly expires: number | null;
  readonly modified: number | null;
  readonly age: number | null;
  readonly delay: number;
  readonly tagged: boolean;
  readonly cookie: boolean;
  readonly authorized: boolean;
  readonly asked: Directives;
  readonly noStore: boolean;
  readonly after: number;
  readonly traps: readonly string[];
}

const seconds = fc.integer({ min: 0, max: 30 });
const timed = ["max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"];
const bare = ["no-store", "no-cache", "private", "public", "must-revalidate", "proxy-revalidate", "must-understand"];

function directives(withSeconds: readonly string[], without: readonly string[]): fc.Arbitrary<Directives> {
  return fc.tuple(
    fc.dictionary(fc.constantFrom(...withSeconds), seconds, { maxKeys: 3, noNullPrototype: true }),
    fc.dictionary(fc.constantFrom(...without), fc.constant(null), { maxKeys: 2, noNullPrototype: true }),
  ).map(([some, others]) => ({ ...some, ...others }));
}

const story: fc.Arbitrary<Story> = fc.record({
  status: fc.constantFrom(200, 200, 200, 404, 302, 403, 500, 599, 304, 206, 429),
  said: directives(timed, bare),
  date: fc.option(fc.integer({ min: -20, max: 20 })),
  expires: fc.option(fc.integer({ min: -20, max: 40 })),
  modified: fc.option(fc.integer({ min: -400, max: 10 })),
  age: fc.option(seconds),
  delay: fc.constantFrom(0, 0, 3),
  tagged: fc.boolean(),
  cookie: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  authorized: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
  asked: fc.oneof(fc.constant({}), directives(["max-age", "min-fresh", "max-stale", "stale-if-error"], ["no-cache"])),
  noStore: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
  after: seconds,
  traps: fc.array(fc.constantFrom('x="public, max-age=99"', "foo", 'y="a\\", no-store"', "z=max-age")),
});

/**
 * RFC 9111 §3, §4 and RFC 5861 in a few lines: whether the answer may be kept, and whether it is fresh for the request,
 * or may be used though it is stale.
 */
function model({ status, said, date, expires, modified, age, delay, authorized, noStore, asked, after }: Story) {
  const has = (name: string) => name in said, known = status !== 599, heuristic = status === 200 || status === 404;
  const open = has("public") || has("must-revalidate") || has("s-maxage");
  const explicit = said["s-maxage"] ?? said["max-age"] ?? (expires === null ? null : expires - (date ?? 0));
  const guess = (heuristic || has("public")) && modified !== null ? ((date ?? 0) - modified) * SHARE : 0;
  const lifetime = Math.max(0, explicit ?? guess), now = Math.max(0, -(date ?? 0), (age ?? 0) + delay) + after;
  const mayKeep = ![304, 206, 429].includes(status) && !noStore && !has("private") && (!authorized || open) &&
    (has("must-understand") ? known : !has("no-store")) && (explicit !== null || has("public") || heuristic);
  const young = !("no-cache" in asked) && !(asked["max-age"] === 0) && now <= (asked["max-age"] ?? Infinity) &&
    lifetime >= now + (asked["min-fresh"] ?? -Infinity);
  const bound = has("must-revalidate") || has("proxy-revalidate"), past = now - lifetime;
  const mayStale = (window: number | undefined) => !bound && window !== undefined && past >= 0 && past <= window;
  return { mayKeep, explicit, lifetime, fresh: !has("no-cache") && young && past < 0, young, mayStale, past };
}

/** The directives in one of the ways to write them. */
function written(said: Directives, traps: readonly string[]): string[] {
  const members = Object.entries(said).map(([name, value], index) => {
    if (value === null) return index % 2 === 0 ? name : name.toUpperCase();
    return index % 2 === 0 ? `${name}="${value}"` : `${name}=00${value}`;
  });
  return [...traps, ...members, ...traps].map((member) => `, ${member} ,`);
}

function headOf(told: Story): string[] {
  const fields = written(told.said, told.traps).flatMap((member) => ["cache-control", member]);
  if (told.date !== null) fields.push("date", dateAt(told.date));
  if (told.expires !== null) fields.push("expires", dateAt(told.expires));
  if (told.modified !== null) fields.push("last-modified", dateAt(told.modified));
  if (told.age !== null) fields.push("age", String(told.age));
  if (told.tagged) fields.push("etag", '"a"');
  if (told.cookie) fields.push("set-cookie", "a=b");
  return fields;
}

Deno.test("an answer is kept and used only where the model lets it, and used where it is fresh by the model", () => {
  let uses = 0, stale = 0, unkept = 0;
  fc.assert(
    fc.property(story, (told) => {
      const { status, authorized, noStore, delay, asked, said, cookie, after } = told, expected = model(told);
      const head = arrived(headOf(told), { status, authorized, noStore, requestedAt: NOW - delay * 1000 });
      const verdict = judge(head, planOf({ heuristic: { share: SHARE, max: 86_400_000 } }));
      if (verdict.keep) assert.ok(expected.mayKeep, "it may not be kept");
      const bakes = cookie && !((expected.explicit ?? 0) > 0 && !("no-cache" in said));
      if (!verdict.keep) {
        unkept++;
        assert.ok(!expected.mayKeep || bakes || !expected.fresh, `a fresh one is not kept: ${verdict.why}`);
        return;
      }
      assert.ok(!bakes, "somebody's cookie");
      const stored = storedOf(verdict), now = NOW + after * 1000;
      const directives = requestDirectives(written(asked, []).join(", "), null);
      const use = useOf(stored, directives, now);
      assert.equal(use === "fresh", expected.fresh);
      if (use === "fresh") uses++;
      if ("no-cache" in said) {
        assert.deepEqual([use, mayRefreshBehind(stored, now), mayStandIn(stored, null, now, 1e9)], [
          ...["validate", false, false],
        ]);
        return;
      }
      if (use === "stale") {
        stale++;
        assert.ok(expected.young && expected.mayStale(asked["max-stale"] ?? undefined) && !("s-maxage" in said));
      }
      if (mayRefreshBehind(stored, now)) {
        stale++;
        assert.ok(expected.mayStale(said["stale-while-revalidate"] ?? undefined));
      }
      if (expected.past >= 0 && mayStandIn(stored, directives, now, 0)) {
        stale++;
        const wished = "s-maxage" in said ? undefined : asked["stale-if-error"] ?? undefined;
        const allowed = expected.mayStale(said["stale-if-error"] ?? undefined) || expected.mayStale(wished);
        assert.ok(allowed && !("no-cache" in asked));
      }
    }),
    { numRuns: 4_000 },
  );
  // It has looked at each kind of case.
  assert.ok(uses > 100 && stale > 50 && unkept > 500, `${uses} ${stale} ${unkept}`);
});

Deno.test("nothing that an upstream or a client sends makes the rules throw", () => {
  const name = fc.constantFrom(
    ...["cache-control", "cdn-cache-control", "expires", "date", "age", "last-modified", "vary", "etag", "pragma"],
    ...["content-range", "cache-tag", "set-cookie"],
  );
  const value = fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[-a-z=", \\0-9;()?:*]*$/));
  fc.assert(fc.property(fc.array(fc.tuple(name, value)), value, fc.integer(), (fields, asked, status) => {
    const verdict = judge(arrived(fields.flat(), { status }), planOf({ defaultTtl: 5 }));
    const directives = requestDirectives(asked, asked);
    if (verdict.keep) useOf(storedOf(verdict), directives, NOW);
  }));
});

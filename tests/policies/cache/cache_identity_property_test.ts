import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { CacheOptions } from "../../../src/policies/cache/cache_options.ts";
import type { Exchange } from "../../../src/core/exchange.ts";
import { CacheBed, replyOf, settled } from "./cache_bed.ts";

/** Who asks: somebody with an `Authorization`, somebody a policy has found out, or nobody. */
const askers = [
  {},
  { headers: { authorization: "Basic alice" } },
  { headers: { authorization: "Basic bob" } },
  ...["carol", "dave"].map((subject) => ({
    credentialed: true,
    identity: { method: "jwt", subject, scopes: [], groups: [] },
  })),
  { credentialed: true, headers: { "x-key": "erin" } },
] as const;

const OPTIONS: readonly CacheOptions[] = [
  {},
  { forceTtl: "60s" },
  { defaultTtl: "60s", staleWhileRevalidate: "1h", staleIfError: "1h", grace: "1h" },
  { forceTtl: "60s", vary: "identity" },
  { defaultTtl: "60s", vary: ["identity", "header:x-key"] },
  { forceTtl: "60s", vary: "header:authorization", coalesce: false },
  { vary: "header:accept-language", forceTtl: "60s", key: { headers: ["x-key"] } },
  { forceTtl: "60s", shared: true },
];

/** RFC 9111 §3.5: what lets an answer to one with a credential be given to others. */
const ALLOWS = ["public", "public, max-age=60", "s-maxage=60", "max-age=60, must-revalidate"];
const CONTROLS = [
  ...ALLOWS,
  "max-age=60",
  "private, max-age=60",
  "no-store",
  "max-age=0",
  "",
  "proxy-revalidate, max-age=9",
];

/** What an answer says of whose it is. */
interface Owned {
  readonly owner: number;
  readonly control: string;
}

Deno.test("nobody ever gets what was answered to another with a credential, unless that is said", async () => {
  const steps = fc.array(
    fc.record({
      asker: fc.nat({ max: askers.length - 1 }),
      control: fc.constantFrom(...CONTROLS),
      together: fc.nat({ max: 2 }),
      pass: fc.constantFrom(0, 0, 30, 61),
      status: fc.constantFrom(200, 200, 200, 304, 404, 503),
      directive: fc.constantFrom("", "", "no-cache", "max-stale", "no-store"),
    }),
    { maxLength: 14 },
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...OPTIONS), steps, async (options, steps) => {
      const bed = new CacheBed(options), answered: Owned[] = [];
      let control = "", status = 200;
      bed.respond = async (exchange) => {
        await Promise.resolve();
        answered.push({ owner: ownerOf(exchange), control });
        const notModified = status === 304 && exchange.headers.has("if-none-match");
        const fields = { "x-from": `${answered.length - 1}`, ...control === "" ? {} : { "cache-control": control } };
        if (notModified) return replyOf({ status: 304, fields, body: null });
        const body = `${answered.length - 1}`;
        return replyOf({ status: status === 304 ? 200 : status, fields: { ...fields, etag: '"same"' }, body });
      };
      for (const step of steps) {
        ({ control, status } = step);
        bed.pass(step.pass);
        const asking = [
          step.asker,
          ...Array.from({ length: step.together }, (_, i) => (step.asker + i) % askers.length),
        ];
        const asked = asking.map((asker) => {
          const who = askers[asker], headers: Record<string, string> = { ..."headers" in who ? who.headers : {} };
          if (step.directive !== "") headers["cache-control"] = step.directive;
          return { asker, one: bed.start({ ...who, headers }) };
        });
        await settled();
        for (const { asker, one } of asked) {
          assert.ok(one.reply !== null);
          if (one.status === 504 || one.status === 304) continue;
          const answer = answered[Number(await one.text())];
          assert.ok(may(asker, answer, options), JSON.stringify({ asker, answer, options, said: one.cacheStatus }));
          one.end();
        }
      }
    }),
    { numRuns: 100 },
  );
});

function ownerOf({ headers, credentialed, identity }: Exchange): number {
  return askers.findIndex((asker) => {
    const own = "headers" in asker ? asker.headers as Record<string, string> : {};
    return (own.authorization ?? null) === headers.get("authorization") &&
      (own["x-key"] ?? null) === headers.get("x-key") &&
      ("credentialed" in asker) === credentialed && ("identity" in asker ? asker.identity : undefined) === identity;
  });
}

/** The model: one's own, nobody's, what is shared, and what the upstream calls shared. */
function may(asker: number, { owner, control }: Owned, { shared, vary }: CacheOptions): boolean {
  if (asker === owner || shared === true) return true;
  // With an identity key everybody has answers of their own.
  if (vary !== undefined && vary !== "header:accept-language") return false;
  return owner === 0 || ALLOWS.includes(control);
}

Deno.test("what a policy behind the cache finds out of who is asking keeps the answer from others", async () => {
  for (const options of [{}, { vary: "identity" }, { forceTtl: "60s" }] as const) {
    for (const method of ["GET", "PROPFIND"]) {
      const bed = new CacheBed({ ...options, key: { methods: ["PROPFIND"] } });
      bed.respond = (exchange) => {
        exchange.credentialed = true;
        return replyOf({ fields: { "cache-control": "max-age=60" } });
      };
      await bed.ask({ method });
      assert.equal(bed.kept.shelf.entries, 0);
    }
  }
  const bed = new CacheBed({ shared: true });
  bed.respond = (exchange) => {
    exchange.credentialed = true;
    return replyOf({ fields: { "cache-control": "max-age=60" } });
  };
  const asked = await bed.ask();
  assert.deepEqual([bed.kept.shelf.entries, asked.exchange.credentialed], [1, true]);
});

Deno.test("who has a credential renews nothing that nobody's is, and takes nothing of it out", async () => {
  const bed = new CacheBed({ staleIfError: "1h" }), headers = { authorization: "Basic a" };
  const fields = { "cache-control": "max-age=60", etag: '"a"' };
  await bed.fill({}, { fields });
  for (
    const answer of [
      { fields, body: "for a" },
      { fields: { "cache-control": "no-cache" }, status: 304, body: null },
      { fields: { "cache-control": "private, no-store" }, body: "for a alone" },
    ]
  ) {
    bed.pass(61);
    const mine = await bed.fill({ headers }, answer);
    assert.equal(mine.outcome, answer.status === 304 ? "revalidated" : "miss");
    const other = await bed.fill({}, { status: 503 });
    assert.deepEqual([other.outcome, await other.text()], ["stale", "body"]);
  }
});

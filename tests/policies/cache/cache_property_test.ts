import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type Asked, CacheBed, replyOf, settled } from "./cache_bed.ts";

/** An answer that the upstream has given, or has said again to be good. */
interface Given {
  readonly at: number;
  readonly control: string;
  readonly kind: string;
  /** Of what happened when it had not come yet. */
  readonly changes: number;
}

const CONTROLS = [
  ...["max-age=10", "max-age=30", "s-maxage=5, max-age=30", "no-store", "private", "no-cache", "max-age=0"],
  ...["max-age=10, must-revalidate", "max-age=10, stale-while-revalidate=10", "max-age=10, stale-if-error=20", ""],
];

/** In seconds; `undefined`: it does not say. */
function said(control: string, name: string): number | undefined {
  const value = new RegExp(`(?:^|, )${name}=(\\d+)`).exec(control)?.[1];
  return value === undefined ? undefined : Number(value);
}

/** The model: whether an answer that was given earlier may be given at `now`, whatever else is known. */
function may({ at, control, kind }: Given, request: { kind: string; directive: string }, now: number): boolean {
  if (/no-store|private|no-cache/.test(control) || kind !== request.kind) return false;
  const age = now - at, lifetime = said(control, "s-maxage") ?? said(control, "max-age") ?? 0;
  const past = age - lifetime, asked = request.directive;
  if (asked === "no-cache" || age > (said(asked, "max-age") ?? Infinity)) return false;
  const stale = Math.max(said(control, "stale-while-revalidate") ?? -1, said(control, "stale-if-error") ?? -1);
  const extra = /must-revalidate|s-maxage/.test(control) || lifetime === 0 ? -1 : asked === "max-stale" ? Infinity : -1;
  return past < 0 || past <= Math.max(stale, extra);
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant("ask" as const),
      kinds: fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 3 }),
      method: fc.constantFrom("GET", "GET", "GET", "HEAD"),
      directive: fc.constantFrom("", "", "", "no-cache", "max-age=5", "max-stale", "no-store"),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant("answer" as const),
      which: fc.nat({ max: 3 }),
      control: fc.constantFrom(...CONTROLS),
      status: fc.constantFrom(200, 200, 200, 304, 404, 500, 502),
      crash: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant("pass" as const), seconds: fc.constantFrom(1, 4, 5, 10, 25) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("change" as const),
      by: fc.constantFrom("purge" as const, "put" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("leave" as const), which: fc.nat({ max: 3 }) }) },
);

interface Waiting {
  readonly asked: Asked;
  readonly kind: string;
  readonly directive: string;
  readonly method: string;
  readonly since: number;
  readonly changes: number;
}

Deno.test("nothing is ever served that a model of the RFC says must not be", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const bed = new CacheBed({ coalesce: { wait: "10m" }, heuristic: false, grace: "0s" });
      const given: Given[] = [], waiting: Waiting[] = [];
      const changesWhenSent = new Map<unknown, number>(), now = () => bed.clock.now() / 1000;
      const open = () => bed.arrived.filter(({ settled }) => !settled);
      let changes = 0;

      const look = async () => {
        for (const [i, one] of [...waiting.entries()].reverse()) {
          const { asked, kind, directive, method, since } = one;
          if (asked.reply === null && asked.error === null) continue;
          waiting.splice(i, 1);
          if (asked.reply === null || asked.status === 499 || asked.reply.header("x-number") === null) continue;
          const answer = given[Number(asked.header("x-number"))];
          if (method === "GET") assert.match(await asked.text(), new RegExp(`^${answer.kind}`));
          // Who waited while it came may have it if it is good for him by then, or was asked for by himself.
          const own = asked.outcome === "miss" || asked.outcome === "bypass" || asked.outcome === "revalidated";
          if (own) {
            assert.ok(answer.at >= since, `an older answer as if it were new: ${asked.cacheStatus}`);
            assert.equal(answer.kind, kind);
            continue;
          }
          assert.ok(may(answer, { kind, directive }, now()), JSON.stringify({ answer, kind, directive, now: now() }));
          assert.ok(answer.changes >= one.changes, "what was purged or changed came back");
        }
      };

      for (const step of steps) {
        if (step.what === "pass") bed.pass(step.seconds);
        if (step.what === "leave") waiting[step.which]?.asked.exchange.abort();
        if (step.what === "change") {
          changes++;
          if (step.by === "purge") bed.kept.purge({ target: { all: true }, soft: false });
          else {
            const put = bed.start({ method: "PUT" }), arrival = bed.arrived.at(-1)!;
            await arrival.answer({ status: 204, body: null });
            assert.equal(put.status, 204);
          }
        }
        if (step.what === "ask") {
          for (const kind of step.kinds) {
            const { directive, method } = step;
            const headers = { "x-kind": kind, ...directive === "" ? {} : { "cache-control": directive } };
            waiting.push({ asked: bed.start({ headers, method }), kind, directive, method, since: now(), changes });
          }
        }
        if (step.what === "answer") {
          const there = open(), arrival = there[step.which % Math.max(1, there.length)];
          if (arrival === undefined) continue;
          const { control } = step, kind = arrival.header("x-kind")!;
          const conditional = arrival.header("if-none-match") !== null,
            status = step.status === 304 && !conditional ? 200 : step.status;
          const fields: Record<string, string> = { vary: "x-kind", etag: `"${kind}"`, "x-number": `${given.length}` };
          if (control !== "") fields["cache-control"] = control;
          given.push({ at: now(), control, kind, changes: changesWhenSent.get(arrival) ?? 0 });
          if (step.crash && status === 500) await arrival.crash();
          else {
            const body = status === 304 || arrival.exchange.method === "HEAD" ? null : `${kind}${given.length}`;
            await arrival.answer(replyOf({ status, fields, body }));
          }
        }
        await settled();
        for (const arrival of bed.arrived) if (!changesWhenSent.has(arrival)) changesWhenSent.set(arrival, changes);
        await look();
      }
    }),
    { numRuns: 200 },
  );
});

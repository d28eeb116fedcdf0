import { strict as assert } from "node:assert";
import type { Kind } from "./asked.ts";
import { Journal } from "./journal.ts";
import { availability, type Blame, isClean, judge, type Verdict } from "./judge.ts";
import type { Seen } from "./observation.ts";

const EARLY: Blame = { answerable: true, owed: "idempotent" };
const LATE: Blame = { answerable: true, owed: "nothing" };
const NONE: Blame = { answerable: false, owed: "everything" };
const ALL: Blame = { answerable: true, owed: "everything" };
const RIGHT: Seen = { end: "answer", status: 200, right: true };
const WRONG: Seen = { end: "answer", status: 200, right: false };
const failed = (status: number): Seen => ({ end: "answer", status, right: false });

Deno.test("judge() puts each end where it belongs", async (t) => {
  type Row = [
    what: string,
    blame: Blame,
    kind: Kind,
    seen: Seen,
    arrivals: number,
    figures: Partial<Verdict>,
    clean: boolean,
  ];
  const rows: Row[] = [
    ["a right answer", EARLY, "get", RIGHT, 1, { ok: 1 }, true],
    ["an idempotent request that came twice", EARLY, "put", RIGHT, 2, { ok: 1 }, true],
    ["a POST that came once", EARLY, "post", RIGHT, 1, { ok: 1 }, true],
    ["a POST that came twice", EARLY, "post", RIGHT, 2, { ok: 1, duplicated: 1 }, false],
    ["a POST that failed and came three times", LATE, "post", failed(502), 3, { duplicated: 2 }, false],
    ["a POST that failed", EARLY, "post", failed(502), 1, { errors: { 502: 1 } }, true],
    ["a POST that failed and need not have", ALL, "post", failed(502), 0, { lost: 1 }, false],
    ["a GET that failed, another endpoint being well", EARLY, "get", failed(502), 1, { lost: 1 }, false],
    ["a GET that failed when its head was out", LATE, "get", { end: "cut" }, 1, { cut: 1 }, true],
    ["a GET that failed where all do", NONE, "get", failed(503), 0, { errors: { 503: 1 } }, true],
    ["a DELETE that was cut", EARLY, "delete", { end: "cut" }, 1, { cut: 1, lost: 1 }, false],
    ["a GET that the endpoint said no to", EARLY, "get", failed(404), 1, { errors: { 404: 1 }, lost: 1 }, false],
    ["an answer of other bytes", LATE, "get", WRONG, 1, { truncated: 1 }, false],
    ["a POST's answer of other bytes", LATE, "post", WRONG, 1, { truncated: 1 }, false],
    ["a client whose patience was over", NONE, "get", { end: "hung" }, 0, { hung: 1 }, false],
    ["what is no HTTP", NONE, "get", { end: "malformed" }, 0, { malformed: 1 }, false],
  ];
  for (const [what, blame, kind, seen, arrivals, figures, clean] of rows) {
    await t.step(what, () => {
      const asked = { id: 7, kind }, journal = new Journal();
      for (let count = 0; count < arrivals; count++) journal.arrived(asked);
      const verdict = judge(blame, [{ asked, seen, ms: 5 }], journal);
      for (const [name, figure] of Object.entries(figures)) {
        assert.deepEqual(verdict[name as keyof Verdict], figure, name);
      }
      assert.equal(isClean(verdict), clean);
      assert.deepEqual([verdict.requests, verdict.slowest], [1, 5]);
    });
  }
});

Deno.test("judge() blames a body that came other than it was sent", () => {
  const journal = new Journal();
  journal.bodyWrong();
  const verdict = judge(EARLY, [{ asked: { id: 1, kind: "put" }, seen: RIGHT, ms: 1 }], journal);
  assert.deepEqual([verdict.mangled, isClean(verdict)], [1, false]);
});

Deno.test("availability() is the share of right answers, and none where none was to be had", () => {
  const observations = [RIGHT, failed(502), RIGHT, WRONG].map((seen, id) => ({
    asked: { id, kind: "get" as const },
    seen,
    ms: 1,
  }));
  assert.equal(availability(judge(EARLY, observations, new Journal())), 0.5);
  assert.equal(availability(judge(NONE, observations, new Journal())), null);
});

import { strict as assert } from "node:assert";
import type { OutlierPlan } from "../../../src/upstreams/health/outlier_plan.ts";
import {
  CONNECT_ERROR,
  NOBODYS,
  type OutcomeCode,
  PROTOCOL_ERROR,
  RESET,
  TIMEOUT,
} from "../../../src/upstreams/outcome_set.ts";
import { OutlierHarness } from "./outlier_harness.ts";

const GATEWAY = { consecutiveGatewayErrors: 3, consecutive5xx: null };
const SERVER = { consecutiveGatewayErrors: null, consecutive5xx: 3 };
const BOTH = { consecutiveGatewayErrors: 3, consecutive5xx: 5 };

const ROWS: readonly [title: string, plan: Partial<OutlierPlan>, codes: OutcomeCode[], why: string | null][] = [
  ["gateway errors of any kind", GATEWAY, [CONNECT_ERROR, RESET, TIMEOUT], "3 gateway errors in a row"],
  ["gateway errors that are answers", GATEWAY, [502, 503, 504], "3 gateway errors in a row"],
  ["broken answers", GATEWAY, [PROTOCOL_ERROR, 502, PROTOCOL_ERROR], "3 gateway errors in a row"],
  ["too few", GATEWAY, [502, 503], null],
  ["an answer between them", GATEWAY, [502, 503, 200, 504, 502], null],
  ["a 404 between them: the endpoint is well", GATEWAY, [502, 503, 404, 504, 502], null],
  ["a 500 between them is no gateway error", GATEWAY, [502, 503, 500, 504, 502], null],
  [
    "a client's abort between them counts for nothing",
    GATEWAY,
    [502, NOBODYS, 503, NOBODYS, 504],
    "3 gateway errors in a row",
  ],
  ["only clients' aborts", GATEWAY, [NOBODYS, NOBODYS, NOBODYS, NOBODYS], null],
  ["500s are no gateway errors", GATEWAY, [500, 501, 505, 500], null],
  ["5xx", SERVER, [500, 501, 599], "3 failures or answers of 5xx in a row"],
  ["5xx and gateway errors", SERVER, [500, RESET, 503], "3 failures or answers of 5xx in a row"],
  ["5xx with an answer between them", SERVER, [500, 500, 499, 500, 500], null],
  ["the first of both rules", BOTH, [500, 500, 502, 503, 504], "3 gateway errors in a row"],
  ["the second of both rules", BOTH, [502, 503, 500, 502, 503], "5 failures or answers of 5xx in a row"],
  ["no rule", { consecutiveGatewayErrors: null }, [502, 502, 502, 502, 502, 502], null],
];

for (const [title, plan, codes, why] of ROWS) {
  Deno.test(`outlier detection: ${title}${why === null ? ": stays" : ""}`, () => {
    using harness = new OutlierHarness("ab", plan);
    harness.hear("a", ...codes);
    assert.deepEqual(harness.changes, why === null ? [] : [`a out: ${why}`]);
    assert.equal(harness.out, why === null ? "" : "a");
    assert.deepEqual([harness.records.get("a")!.ejected, harness.records.get("b")!.ejected], [why !== null, false]);
  });
}

Deno.test("an ejected endpoint returns by itself, with a clean sheet; each further ejection lasts longer", () => {
  using harness = new OutlierHarness("ab");
  harness.hear("a", 502, 502, 502);
  harness.clock.advance(29_950);
  // What is heard meanwhile of attempts begun before does not count.
  harness.hear("a", 502, 502);
  assert.equal(harness.out, "a");
  harness.clock.advance(50);
  assert.equal(harness.out, "");
  harness.hear("a", 502, 502);
  assert.equal(harness.out, "");
  harness.hear("a", 502);
  harness.clock.advance(59_950);
  assert.equal(harness.out, "a");
  harness.clock.advance(50);
  assert.deepEqual(harness.changes, [
    "a out: 3 gateway errors in a row",
    "a back: ejected for 30s",
    "a out: 3 gateway errors in a row",
    "a back: ejected for 1m",
  ]);
  // Two quiet periods: the next is as short as the first.
  harness.clock.advance(60_000);
  harness.hear("a", 502, 502, 502);
  harness.clock.advance(30_000);
  assert.equal(harness.out, "");
});

Deno.test("the last endpoint that is up is never ejected, and goes as soon as another is there", () => {
  using harness = new OutlierHarness("abc");
  harness.endpoints.get("c")!.up = false;
  harness.hear("a", 502, 502, 502);
  harness.hear("b", 502, 502, 502, 502);
  assert.equal(harness.out, "a");
  harness.endpoints.get("c")!.up = true;
  harness.hear("b", 502);
  assert.deepEqual(harness.changes.at(-1), "b out: 5 gateway errors in a row");
  assert.equal(harness.out, "ab");
  harness.hear("c", 502, 502, 502, 502);
  assert.equal(harness.out, "ab");
});

Deno.test("a lone endpoint is never ejected", () => {
  using harness = new OutlierHarness("a", { maxEjected: 1 });
  harness.hear("a", ...new Array<number>(100).fill(CONNECT_ERROR));
  assert.equal(harness.out, "");
});

Deno.test("no more than the share is out at once, but one always may be", () => {
  const rows: [ids: string, maxEjected: number, out: string][] = [
    ["abcd", 0.5, "ab"],
    ["abcd", 0.49, "a"],
    ["abcd", 0.75, "abc"],
    ["abcd", 1, "abc"],
    ["abc", 0.1, "a"],
    ["abc", 0, "a"],
    ["abcdefghij", 0.7, "abcdefg"],
  ];
  for (const [ids, maxEjected, out] of rows) {
    using harness = new OutlierHarness(ids, { maxEjected });
    for (const id of ids) harness.hear(id, 502, 502, 502);
    assert.equal(harness.out, out, `${ids} ${maxEjected}`);
  }
});

Deno.test("where the share keeps an endpoint in, the next failure asks again", () => {
  using harness = new OutlierHarness("abcd", { maxEjected: 0.25 });
  harness.hear("a", 502, 502, 502);
  harness.hear("b", 502, 502, 502);
  assert.equal(harness.out, "a");
  harness.clock.advance(30_000);
  harness.hear("b", 502);
  assert.equal(harness.out, "b");
});

Deno.test("members that stay keep counts and ejections, even as other objects; those that go are forgotten", () => {
  using harness = new OutlierHarness("abc");
  const [a, b] = [harness.records.get("a")!, harness.records.get("b")!];
  harness.hear("a", 502, 502, 502);
  harness.hear("b", 502, 502);
  harness.members("dba");
  assert.deepEqual([harness.records.get("a"), harness.records.get("b")], [a, b]);
  assert.equal(a.endpoint, harness.endpoints.get("a"));
  assert.equal(harness.out, "a");
  harness.hear("b", 502);
  assert.equal(harness.out, "ba");
  assert.equal(harness.deadlines.size, 2);

  harness.members("dc");
  assert.deepEqual([harness.out, harness.deadlines.size], ["", 0]);
  // Attempts of those that have gone may still come to an end.
  for (let i = 0; i < 10; i++) b.heard(502);
  harness.members("dbac");
  assert.notEqual(harness.records.get("a"), a);
  assert.equal(harness.out, "");
  harness.hear("a", 502, 502);
  harness.clock.advance(60_000);
  assert.equal(harness.changes.filter((change) => change.includes("back")).length, 0);
});

Deno.test("endpoints of one id have one record", () => {
  using harness = new OutlierHarness("ab");
  const [first, second] = harness.detection.members([{ id: "new", up: true }, { id: "new", up: true }]);
  assert.equal(first, second);
  for (let i = 0; i < 5; i++) first.heard(502);
  assert.equal(first.ejected, false);
});

Deno.test("the report tells who is out, until when, why and how often", () => {
  using harness = new OutlierHarness("ab");
  harness.clock.setWall(1_000_000);
  harness.hear("a", 502, 502, 502);
  harness.clock.advance(30_000);
  harness.hear("a", RESET, RESET, RESET);
  assert.deepEqual(harness.detection.report(), [
    { id: "a", ejected: true, until: 1_090_000, why: "3 gateway errors in a row", ejections: 2 },
    { id: "b", ejected: false, until: null, why: "", ejections: 0 },
  ]);
});

const RATE = { interval: 10_000, minRequests: 10, minEndpoints: 5, deviations: 1.9 };

/** So many successes and so many failures. */
function outcomes(good: number, bad: number): OutcomeCode[] {
  return [...new Array<number>(good).fill(200), ...new Array<number>(bad).fill(500)];
}

Deno.test("success rates are compared each interval, from the first outcome on", () => {
  using harness = new OutlierHarness("abcde", { consecutiveGatewayErrors: null, successRate: RATE });
  assert.equal(harness.deadlines.size, 0);
  harness.clock.advance(4_000);
  for (const id of "abcd") harness.hear(id, ...outcomes(20, 0));
  harness.hear("e", ...outcomes(10, 10), NOBODYS, NOBODYS);
  harness.clock.advance(9_950);
  assert.equal(harness.out, "");
  harness.clock.advance(50);
  assert.deepEqual(harness.changes, ["e out: success rate of 50.0 %, below 52.0 %"]);
  // Nothing is heard, so nothing is compared: what is left is e's return.
  assert.equal(harness.deadlines.size, 1);
  harness.clock.advance(30_000);
  assert.deepEqual([harness.out, harness.deadlines.size], ["", 0]);
});

Deno.test("each comparison starts from nothing", () => {
  using harness = new OutlierHarness("abcde", { consecutiveGatewayErrors: null, successRate: RATE });
  const interval = (requests: number) => {
    for (const id of "abcd") harness.hear(id, ...outcomes(requests, 0));
    harness.hear("e", ...outcomes(0, requests));
    harness.clock.advance(10_000);
  };
  interval(9);
  interval(9);
  assert.equal(harness.out, "");
  interval(10);
  assert.equal(harness.out, "e");
});

Deno.test("what an endpoint did before it was ejected is in no comparison", () => {
  using harness = new OutlierHarness("abcdef", { successRate: { ...RATE, deviations: 0 } });
  for (const id of "abcd") harness.hear(id, ...outcomes(20, 0));
  harness.hear("e", ...outcomes(18, 2));
  harness.hear("f", ...outcomes(0, 20), 502, 502, 502);
  assert.equal(harness.out, "f");
  // With f's share the mean would be 81.7 %, and e above it.
  harness.clock.advance(10_000);
  assert.deepEqual(harness.changes.at(-1), "e out: success rate of 90.0 %, below 98.0 %");
});

Deno.test("endpoints with too few requests neither stand out nor count among those compared", () => {
  for (const [requests, out] of [[9, ""], [10, "e"]] as const) {
    using harness = new OutlierHarness("abcde", {
      consecutiveGatewayErrors: null,
      successRate: { ...RATE, deviations: 1 },
    });
    harness.hear("a", ...outcomes(requests, 0));
    for (const id of "bcd") harness.hear(id, ...outcomes(50, 0));
    harness.hear("e", ...outcomes(0, 50));
    harness.clock.advance(10_000);
    assert.equal(harness.out, out);
  }
});

Deno.test("of several that stand out the worst goes first", () => {
  using harness = new OutlierHarness("abcdefghijklmnop", {
    consecutiveGatewayErrors: null,
    successRate: RATE,
    maxEjected: 0.1,
  });
  for (const id of "abcdefghijklmn") harness.hear(id, ...outcomes(100, 0));
  harness.hear("o", ...outcomes(45, 55));
  harness.hear("p", ...outcomes(40, 60));
  harness.clock.advance(10_000);
  assert.equal(harness.out, "p");
});

Deno.test("equals are not ejected, however bad", () => {
  using harness = new OutlierHarness("abcdefg", {
    consecutiveGatewayErrors: null,
    successRate: { ...RATE, deviations: 0 },
  });
  for (const id of "abcdefg") harness.hear(id, ...outcomes(10, 90));
  harness.clock.advance(10_000);
  assert.equal(harness.out, "");
});

Deno.test("who hears of an ejection may change the members in the middle of a comparison", () => {
  using harness = new OutlierHarness("abcdefgh", {
    consecutiveGatewayErrors: null,
    successRate: { ...RATE, deviations: 0 },
  });
  harness.onChange = () => harness.members("abc");
  for (const id of "abcdef") harness.hear(id, ...outcomes(20, 0));
  harness.hear("g", ...outcomes(0, 20));
  harness.hear("h", ...outcomes(1, 19));
  harness.clock.advance(10_000);
  assert.deepEqual([harness.out, harness.changes.length, harness.deadlines.size], ["", 1, 0]);
});

Deno.test("closing leaves no deadline, and what is heard afterwards sets none", () => {
  using harness = new OutlierHarness("abc", { successRate: RATE });
  harness.hear("a", 502, 502, 502);
  harness.hear("b", 200);
  assert.equal(harness.deadlines.size, 2);
  harness.detection.close();
  assert.equal(harness.deadlines.size, 0);
  harness.hear("a", 502, 502, 502);
  harness.hear("b", 502, 502, 502);
  assert.deepEqual([harness.deadlines.size, harness.changes.length], [0, 1]);
});

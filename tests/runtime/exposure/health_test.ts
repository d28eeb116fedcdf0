import { strict as assert } from "node:assert";
import { healthOf, type HealthStatus, notReady, withoutEndpoints } from "../../../src/runtime/exposure/health.ts";
import type { EndpointReport, UpstreamReport } from "../../../src/upstreams/upstream_report.ts";
import { endpointReport, upstreamReportOf } from "../../support/upstream_reports.ts";

type Withheld = EndpointReport["withheld"];

const DNS = { lastResolved: "2001-01-01T00:00:00.000Z", lastError: null, nextIn: 1 };

function upstream(withheld: readonly Withheld[], dns: UpstreamReport["dns"] = null): UpstreamReport {
  const endpoints = withheld.map((why, i) => endpointReport({ id: `e${i}`, withheld: why }));
  return upstreamReportOf({ name: "users", endpoints, dns });
}

const CASES: readonly {
  readonly what: string;
  readonly report: UpstreamReport;
  readonly status: HealthStatus;
  readonly usable: number;
  /** Why the gateway is not ready, where it needs the upstream. */
  readonly why: string | null;
}[] = [
  { what: "all endpoints well", report: upstream([null, null]), status: "pass", usable: 2, why: null },
  { what: "the second tier standing by", report: upstream([null, "standby"]), status: "pass", usable: 2, why: null },
  { what: "every endpoint busy", report: upstream(["busy", "busy"]), status: "pass", usable: 2, why: null },
  { what: "one endpoint unhealthy", report: upstream([null, "unhealthy"]), status: "warn", usable: 1, why: null },
  {
    what: "one ejected beside a busy one",
    report: upstream(["ejected", "busy"]),
    status: "warn",
    usable: 1,
    why: null,
  },
  {
    what: "none left",
    report: upstream(["unhealthy", "circuit open", "unhealthy"]),
    status: "fail",
    usable: 0,
    why: "upstream users: no endpoint may take requests (unhealthy, circuit open)",
  },
  { what: "DNS answered", report: upstream([null], DNS), status: "pass", usable: 1, why: null },
  {
    what: "DNS failing, earlier endpoints kept",
    report: upstream([null], { ...DNS, lastError: "NXDOMAIN" }),
    status: "warn",
    usable: 1,
    why: null,
  },
  {
    what: "DNS not answered yet",
    report: upstream([], { lastResolved: null, lastError: null, nextIn: null }),
    status: "fail",
    usable: 0,
    why: "upstream users: DNS has not answered yet",
  },
  {
    what: "DNS failed from the start",
    report: upstream([], { lastResolved: null, lastError: "SERVFAIL from 10.0.0.2", nextIn: 5 }),
    status: "fail",
    usable: 0,
    why: "upstream users: DNS has failed",
  },
];

for (const { what, report, status, usable, why } of CASES) {
  Deno.test(`healthOf() says ${status} of an upstream with ${what}`, () => {
    const { upstreams: [seen], ...all } = healthOf([], [report]);
    assert.deepEqual([seen.status, seen.usable, seen.known], [status, usable, report.endpoints.length]);
    assert.deepEqual(all, { status: status === "pass" ? "pass" : "warn", ready: true, reasons: [] });
    assert.deepEqual(notReady([], [report]), [], "it can do without");
    assert.deepEqual(notReady([], [{ ...report, required: true }]), why === null ? [] : [why]);
  });
}

Deno.test("healthOf() says fail where the gateway is not ready, and which upstreams it needs", () => {
  const reports = [upstreamReportOf({ name: "a" }), upstreamReportOf({ name: "b", required: true })];
  const { status, ready, reasons, upstreams } = healthOf(["draining"], reports);
  assert.deepEqual([status, ready, reasons], ["fail", false, ["draining"]]);
  assert.deepEqual(upstreams.map(({ name, required }) => [name, required]), [["a", false], ["b", true]]);
});

Deno.test("notReady() names the listeners that do not listen", () => {
  const address = { hostname: "127.0.0.1", port: 8080 };
  const reasons = notReady([{ address, listening: false }, { address, listening: true }], []);
  assert.deepEqual(reasons, ["not listening on 127.0.0.1:8080"]);
});

Deno.test("healthOf() says of each endpoint why nothing is sent to it", () => {
  const lastProbe = { passed: false, reason: "status 503", at: "", duration: 1, inARow: 3 };
  const endpoints = [
    endpointReport({ id: "a" }),
    endpointReport({ id: "b", withheld: "unhealthy", health: { up: false, lastProbe } }),
    endpointReport({ id: "c", withheld: "unhealthy", health: { up: false, lastProbe: null } }),
    endpointReport({
      id: "d",
      withheld: "ejected",
      ejection: { ejected: true, until: null, why: "5 failures in a row", ejections: 1 },
    }),
    endpointReport({ id: "e", withheld: "circuit open" }),
    endpointReport({ id: "f", withheld: "busy" }),
  ];
  const { upstreams: [{ endpoints: seen }] } = healthOf([], [upstreamReportOf({ endpoints })]);
  assert.deepEqual(seen?.map(({ id, status, reason }) => [id, status, reason]), [
    ["a", "pass", ""],
    ["b", "fail", "unhealthy: status 503"],
    ["c", "fail", "unhealthy"],
    ["d", "fail", "ejected: 5 failures in a row"],
    ["e", "fail", "circuit open"],
    ["f", "pass", ""],
  ]);
});

Deno.test("withoutEndpoints() leaves no address in it, not even of a name server", () => {
  const dns = { lastResolved: null, lastError: "no answer from 10.0.0.53", nextIn: 5 };
  const report = upstreamReportOf({ endpoints: [endpointReport({ id: "http://10.0.0.1:80" })], dns });
  const seen = withoutEndpoints(healthOf([], [report]));
  assert.doesNotMatch(JSON.stringify(seen), /10\.0\.0/);
  assert.deepEqual(seen.upstreams, [
    { name: "o", status: "warn", required: false, usable: 1, known: 1, dns: "failed" },
  ]);
});

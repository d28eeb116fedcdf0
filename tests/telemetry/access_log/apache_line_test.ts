import fc from "fast-check";
import { strict as assert } from "node:assert";
import type { RequestCompleted } from "../../../src/core/events.ts";
import { Exchange } from "../../../src/core/exchange.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { accessLines } from "../../../src/telemetry/access_log/access_line.ts";
import type { AccessLogPlan } from "../../../src/telemetry/telemetry_plan.ts";
import { USUAL_REDACTIONS } from "../../../src/telemetry/access_log/usual_redactions.ts";
import { makeExchange } from "../../support/exchange.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PLAIN_ACCESS_LOG } from "../../support/telemetry.ts";

/** As a request came to 203.0.113.9 at ten past seven. */
function lineOf(plan: Partial<AccessLogPlan>, event: Partial<RequestCompleted> = {}): string {
  const clock = new FakeClock({ wall: Date.UTC(2026, 1, 3, 7, 10, 5, 250) });
  const exchange = makeExchange({ query: "?page=2&token=t0p" });
  return accessLines({ ...PLAIN_ACCESS_LOG, redact: USUAL_REDACTIONS, ...plan }, clock)({
    ...{ method: "GET", path: "/a/b", host: "a.example", route: "/a", status: 200, duration: 300, bytesIn: 0 },
    ...{
      bytesOut: 2326,
      endpoint: "",
      attempts: 1,
      requestId: "r",
      client: "203.0.113.9",
      error: "",
      limit: "" as const,
    },
    ...{ auth: "" as const, cache: "" as const, identity: "", reason: "", traceId: "", traced: false, exchange },
    ...event,
  });
}

Deno.test("apacheLines() print the common format, with the time at which the request came", () => {
  assert.equal(
    lineOf({ format: "common" }),
    '203.0.113.9 - - [03/Feb/2026:07:10:04 +0000] "GET /a/b HTTP/1.1" 200 2326\n',
  );
});

Deno.test("apacheLines() print a user, the query where it is asked for, and - for no body", () => {
  assert.equal(
    lineOf({ format: "common", query: true }, { identity: "anna maria", status: 304, bytesOut: 0 }),
    '203.0.113.9 - anna\\x20maria [03/Feb/2026:07:10:04 +0000] "GET /a/b?page=2&token=[redacted] HTTP/1.1" 304 -\n',
  );
});

Deno.test("apacheLines() print - for a request that could not be read", () => {
  assert.match(lineOf({ format: "common" }, { method: "", path: "", status: 400 }), /\] "-" 400 2326\n$/);
});

Deno.test("apacheLines() print the combined format, and HTTP/2 as Apache names it", () => {
  const exchange = makeExchange({
    headers: [["referer", "https://a.example/?sig=t0p"], ["user-agent", 'Bot\\1 "x"\t\xe9']],
  });
  exchange.httpVersion = "2";
  assert.equal(
    lineOf({ format: "combined" }, { exchange }),
    '203.0.113.9 - - [03/Feb/2026:07:10:04 +0000] "GET /a/b HTTP/2.0" 200 2326 "https://a.example/?sig=[redacted]" ' +
      '"Bot\\\\1 \\"x\\"\\t\\xe9"\n',
  );
  assert.match(lineOf({ format: "combined" }), / 2326 "-" "-"\n$/);
});

Deno.test("apacheLines() are one line of columns, whatever strangers send", () => {
  const hostile = fc.string({ unit: "binary", maxLength: 30 });
  fc.assert(fc.property(hostile, hostile, hostile, hostile, (method, path, identity, agent) => {
    const exchange = new Exchange({
      ...makeExchange(),
      headers: new HeaderList(null, ["user-agent", agent, "referer", agent]),
    });
    const line = lineOf({ format: "combined" }, { method, path, identity, exchange });
    assert.match(line, /^[\x20-\x7e]+\n$/);
    const text = '"((?:[^"\\\\]|\\\\.)*)"';
    assert.match(line, new RegExp(`^\\S+ - \\S+ \\[[^\\]]+\\] ${text} 200 2326 ${text} ${text}\n$`));
  }));
});

import fc from "fast-check";
import { strict as assert } from "node:assert";
import { HeaderList } from "../../../src/core/header_list.ts";
import { ACCESS_FIELDS } from "../../../src/telemetry/access_log/access_fields.ts";
import { accessLines } from "../../../src/telemetry/access_log/access_line.ts";
import { USUAL_REDACTIONS } from "../../../src/telemetry/access_log/usual_redactions.ts";
import { completed } from "../../support/completed.ts";
import { makeExchange } from "../../support/exchange.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PLAIN_ACCESS_LOG } from "../../support/telemetry.ts";

const PLAIN = completed({
  path: "/api/users/7",
  host: "api.example.com",
  route: "GET /api/users/:id",
  duration: 1.2304,
  bytesOut: 207,
  endpoint: "users/http://127.0.0.1:9001",
  attempts: 1,
  requestId: "0f3c9a77",
  client: "10.1.2.3",
});

Deno.test("accessLines() print one object a line, its members in a fixed order", () => {
  const line = accessLines(PLAIN_ACCESS_LOG, new FakeClock({ wall: Date.UTC(2026, 10, 21, 10) }));
  assert.equal(
    line(PLAIN),
    '{"ts":"2026-11-21T10:00:00.000Z","method":"GET","host":"api.example.com","path":"/api/users/7",' +
      '"route":"GET /api/users/:id","status":200,"duration":1.230,"bytesIn":0,"bytesOut":207,' +
      '"upstream":"users/http://127.0.0.1:9001","attempts":1,"requestId":"0f3c9a77","client":"10.1.2.3"}\n',
  );
});

Deno.test("accessLines() add the error where there is one", () => {
  const line = accessLines(PLAIN_ACCESS_LOG, new FakeClock());
  assert.equal(JSON.parse(line({ ...PLAIN, error: "upstream_timeout" })).error, "upstream_timeout");
});

Deno.test("accessLines() add what limits did where they did something", () => {
  const line = accessLines(PLAIN_ACCESS_LOG, new FakeClock()),
    { limit, error } = JSON.parse(line({ ...PLAIN, limit: "delayed" }));
  assert.deepEqual([limit, error], ["delayed", undefined]);
  const refused = JSON.parse(line({ ...PLAIN, limit: "refused", error: "rate_limited" }));
  assert.deepEqual([refused.limit, refused.error], ["refused", "rate_limited"]);
});

Deno.test("accessLines() add who asked, or why nobody may", () => {
  const line = accessLines(PLAIN_ACCESS_LOG, new FakeClock());
  const passed = JSON.parse(line({ ...PLAIN, auth: "passed", identity: "acme" }));
  assert.deepEqual([passed.auth, passed.identity, "reason" in passed], ["passed", "acme", false]);
  const refused = JSON.parse(line({ ...PLAIN, auth: "invalid", reason: "the token expired" }));
  assert.deepEqual([refused.auth, "identity" in refused, refused.reason], ["invalid", false, "the token expired"]);
});

Deno.test("accessLines() name the trace where there is one", () => {
  const line = accessLines(PLAIN_ACCESS_LOG, new FakeClock()), traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  assert.ok(line({ ...PLAIN, traceId }).includes(`"requestId":"0f3c9a77","traceId":"${traceId}","client":"10.1.2.3"`));
});

Deno.test("accessLines() have the chosen members in their order, without those that say nothing", () => {
  const plan = { ...PLAIN_ACCESS_LOG, fields: ["status", "error", "path", "protocol", "scheme", "limit"] as const };
  const line = accessLines(plan, new FakeClock());
  assert.equal(line(PLAIN), '{"status":200,"path":"/api/users/7","protocol":"HTTP/1.1","scheme":"http"}\n');
  assert.equal(
    line({ ...PLAIN, error: "rate_limited", limit: "refused" }),
    '{"status":200,"error":"rate_limited","path":"/api/users/7","protocol":"HTTP/1.1","scheme":"http","limit":"refused"}\n',
  );
});

Deno.test("accessLines() with every member chosen tell what the usual line does, and two more", () => {
  const event = {
    ...PLAIN,
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    auth: "passed",
    cache: "hit",
    error: "x",
  } as const;
  const usual = accessLines(PLAIN_ACCESS_LOG, new FakeClock());
  const all = accessLines({ ...PLAIN_ACCESS_LOG, fields: ACCESS_FIELDS }, new FakeClock());
  const { scheme, protocol, ...rest } = JSON.parse(all(event));
  assert.deepEqual([scheme, protocol], ["http", "HTTP/1.1"]);
  assert.equal(JSON.stringify(rest), JSON.stringify(JSON.parse(usual(event))));
});

Deno.test("accessLines() have the query, chosen fields and the mark of slow ones behind the members", () => {
  const exchange = makeExchange({
    query: "?q=a%20b&token=t0p&x",
    headers: [
      ["user-agent", 'curl "8"'],
      ["authorization", "Bearer t0p"],
      ["referer", "https://a/?Sig=t0p#code=t0p"],
    ],
  });
  exchange.answered = HeaderList.of("content-type", "text/plain", "set-cookie", "s=t0p");
  const plan = {
    ...PLAIN_ACCESS_LOG,
    query: true,
    slow: 500,
    redact: USUAL_REDACTIONS,
    headers: {
      request: ["user-agent", "authorization", "referer", "accept"],
      response: ["content-type", "set-cookie", "x-none"],
    },
  };
  for (const fields of [null, ["status", "error"]] as const) {
    const line = accessLines({ ...plan, fields }, new FakeClock());
    const printed = line({ ...PLAIN, duration: 500.1, exchange });
    assert.equal(printed.includes("t0p"), false, printed);
    assert.deepEqual(Object.entries(JSON.parse(printed)).slice(-4), [
      ["query", "?q=a%20b&token=[redacted]&x"],
      ["request", {
        "user-agent": 'curl "8"',
        "authorization": "[redacted]",
        "referer": "https://a/?Sig=[redacted]#code=[redacted]",
      }],
      ["response", { "content-type": "text/plain", "set-cookie": "[redacted]" }],
      ["slow", true],
    ]);
    const plain = JSON.parse(line({ ...PLAIN, duration: 500 }));
    assert.deepEqual(["query", "request", "response", "slow"].filter((name) => name in plain), []);
  }
});

Deno.test("accessLines() with members that say nothing but extras are an object still", () => {
  const line = accessLines({ ...PLAIN_ACCESS_LOG, fields: ["error"], slow: 1 }, new FakeClock());
  assert.deepEqual([line(PLAIN), line({ ...PLAIN, duration: 1 })], ['{"slow":true}\n', "{}\n"]);
});

Deno.test("accessLines() print durations with three decimals", () => {
  const line = accessLines(PLAIN_ACCESS_LOG, new FakeClock());
  for (
    const [duration, printed] of [[0, "0.000"], [0.0004, "0.000"], [0.9996, "1.000"], [12.3456, "12.346"], [
      90_000_000.5,
      "90000000.500",
    ]] as const
  ) {
    assert.ok(line({ ...PLAIN, duration }).includes(`"duration":${printed},`), `${duration} as ${printed}`);
  }
});

Deno.test("accessLines() are one line of ASCII that parses to the event, whatever strangers send", () => {
  const hostile = fc.string({ unit: "binary", maxLength: 40 }), count = fc.nat();
  const line = accessLines(PLAIN_ACCESS_LOG, new FakeClock());
  fc.assert(
    fc.property(
      fc.record({
        method: hostile,
        path: hostile,
        host: hostile,
        route: hostile,
        status: fc.integer({ min: 200, max: 599 }),
        duration: fc.double({ min: 0, max: 1e9, noNaN: true }),
        bytesIn: count,
        bytesOut: count,
        endpoint: hostile,
        attempts: count,
        requestId: hostile,
        client: hostile,
        error: hostile,
        limit: fc.constantFrom("" as const, "refused" as const),
        auth: fc.constantFrom("" as const, "passed" as const),
        cache: fc.constantFrom("" as const, "hit" as const),
        identity: hostile,
        reason: hostile,
        traceId: fc.constantFrom("", "4bf92f3577b34da6a3ce929d0e0e4736"),
        traced: fc.boolean(),
        exchange: fc.constant(PLAIN.exchange),
      }, { noNullPrototype: true }),
      (event) => {
        const text = line(event);
        assert.match(text, /^[\x20-\x7e]+\n$/);
        const { ts, upstream, duration, ...rest } = JSON.parse(text);
        assert.equal(typeof ts, "string");
        assert.ok(Math.abs(duration - event.duration) <= 0.000_51);
        const absent = { traceId: "", error: "", limit: "", cache: "", auth: "", identity: "", reason: "" };
        const { exchange: _, traced: _traced, ...told } = event;
        assert.deepEqual({ ...absent, ...rest, endpoint: upstream, duration: event.duration }, told);
      },
    ),
  );
});

import { strict as assert } from "node:assert";
import type { FailureCode } from "../../../src/core/outcome.ts";
import { Reply } from "../../../src/core/reply.ts";
import { HeaderList } from "../../../src/core/header_list.ts";
import { CLIENT_GONE, type TransportOutcome } from "../../../src/transport/transport.ts";
import { failureOutcome, type OutcomeMatch, OutcomeSet, RESET } from "../../../src/upstreams/outcome_set.ts";
import { isAtHand, isRepeatable, mayRepeat } from "../../../src/upstreams/retry/may_repeat.ts";
import { ReplayableBody } from "../../../src/upstreams/retry/replayable_body.ts";
import { DEFAULT_RETRY } from "../../../src/upstreams/retry/retry_plan.ts";
import { makeExchange, ScriptedBody } from "../../support/exchange.ts";

for (
  const [method, key, expected] of [
    ["GET", null, true],
    ["HEAD", null, true],
    ["OPTIONS", null, true],
    ["TRACE", null, true],
    ["PUT", null, true],
    ["DELETE", null, true],
    ["POST", null, false],
    ["PATCH", null, false],
    ["CONNECT", null, false],
    // Methods are case-sensitive (RFC 9110 §9.1), and what is not known is not idempotent.
    ["get", null, false],
    ["PROPFIND", null, false],
    ["POST", "8e03978e-40d5-43dd-bc93-6894a57f9324", true],
    ["PATCH", "1", true],
    ["POST", "", false],
  ] as const
) {
  const keyed = key === null ? "without a key" : `with the idempotency key "${key}"`;
  Deno.test(`${method} ${keyed} is ${expected ? "" : "not "}repeatable`, () => {
    const headers = key === null ? [] : [["Idempotency-Key", key] as const];
    assert.equal(isRepeatable(makeExchange({ method, headers })), expected);
  });
}

const answered = (status: number): TransportOutcome => ({
  ok: true,
  reply: new Reply(status, HeaderList.of(), null),
  version: "1.1",
});
const failed = (
  code: FailureCode,
  sent: boolean,
  fault: "endpoint" | "client" | "gateway" = "endpoint",
): TransportOutcome => ({ ok: false, stage: sent ? "head" : "connect", code, fault, sent });

const rows: readonly [what: string, outcome: TransportOutcome, get: boolean, post: boolean, unsafePost: boolean][] = [
  ["no connection", failed("connect_refused", false), true, true, true],
  ["no connection in time", failed("connect_timeout", false), true, true, true],
  ["a TLS failure", failed("tls_failed", false), true, true, true],
  ["no connection free in the pool", failed("pool_exhausted", false, "gateway"), true, true, true],
  ["a reset", failed("upstream_reset", true), true, false, true],
  ["no answer in time", failed("upstream_timeout", true), true, false, true],
  ["an answer that is none", failed("upstream_protocol_error", true), true, false, true],
  ["a head that is too large", failed("upstream_head_too_large", true), true, false, true],
  ["502", answered(502), true, false, true],
  ["503", answered(503), true, false, true],
  ["504", answered(504), true, false, true],
  ["500, which is not listed", answered(500), false, false, false],
  ["429, which is not listed", answered(429), false, false, false],
  ["200", answered(200), false, false, false],
  ["a client that has gone", CLIENT_GONE, false, false, false],
  ["a client that goes while it sends", failed("request_body_failed", true, "client"), false, false, false],
  ["a client that stops sending", failed("request_body_timeout", true, "client"), false, false, false],
  ["a body that is too large", failed("body_too_large", true, "client"), false, false, false],
];

for (const [what, outcome, get, post, unsafePost] of rows) {
  Deno.test(`after ${what}, by default, a GET is ${get ? "" : "not "}repeated, a POST ${post ? "too" : "not"}`, () => {
    const on = new OutcomeSet(DEFAULT_RETRY.on), code = outcome.ok ? outcome.reply.status : failureOutcome(outcome);
    const may = (method: string, unsafe: boolean) => mayRepeat(makeExchange({ method }), { on, unsafe }, outcome, code);
    assert.deepEqual([may("GET", false), may("POST", false), may("POST", true)], [get, post, unsafePost]);
    const headers = [["idempotency-key", "k"] as const];
    assert.equal(mayRepeat(makeExchange({ method: "POST", headers }), { on, unsafe: false }, outcome, code), get);
  });
}

for (
  const [listed, outcome, expected] of [
    [[503], failed("connect_refused", false), false],
    [["connect-error"], answered(503), false],
    [["connect-error"], failed("upstream_reset", true), false],
    [["5xx"], answered(500), true],
    [["5xx"], answered(599), true],
    [["5xx"], failed("upstream_reset", true), false],
    [[429], answered(429), true],
    // The gateway's own doing, whatever is listed.
    [[503], failed("pool_exhausted", false, "gateway"), true],
  ] as readonly [OutcomeMatch[], TransportOutcome, boolean][]
) {
  const came = outcome.ok ? outcome.reply.status : outcome.code;
  Deno.test(`with retry.on [${listed}], ${came} is ${expected ? "" : "not "}tried again`, () => {
    const code = outcome.ok ? outcome.reply.status : failureOutcome(outcome),
      rules = { on: new OutcomeSet(listed), unsafe: true };
    assert.equal(mayRepeat(makeExchange(), rules, outcome, code), expected);
  });
}

Deno.test("what was the client's doing is not tried again, whatever it counts as", () => {
  const rules = { on: new OutcomeSet(DEFAULT_RETRY.on), unsafe: true };
  for (const sent of [true, false]) {
    assert.ok(!mayRepeat(makeExchange(), rules, failed("request_body_failed", sent, "client"), RESET));
  }
});

Deno.test("isAtHand() holds bodies that are here against the limit, and never sends half of one that is not", async () => {
  const bytes = new Uint8Array(10);
  assert.equal(isAtHand(null, null, 0), true);
  assert.equal(isAtHand(bytes, null, 10), true);
  assert.equal(isAtHand(bytes, null, 9), false);
  assert.equal(isAtHand(bytes, null, Infinity), true);
  const source = new ScriptedBody([bytes], { sync: true });
  assert.equal(isAtHand(source, null, Infinity), false);
  const replay = new ReplayableBody(source, 64);
  assert.equal(isAtHand(source, replay, 0), true, "nobody has read of it");
  assert.equal(await replay.view().read(new Uint8Array(64)), 10);
  assert.equal(isAtHand(source, replay, 10), true);
  assert.equal(isAtHand(source, replay, 9), false, "it is kept for somebody who may have more of it");
});

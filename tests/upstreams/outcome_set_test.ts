import { strict as assert } from "node:assert";
import { BodyError, type BodyFault } from "../../src/core/body.ts";
import type { Failed, FailureCode } from "../../src/core/outcome.ts";
import {
  bodyOutcome,
  CONNECT_ERROR,
  failureOutcome,
  isGatewayError,
  NOBODYS,
  OUTCOME_KINDS,
  type OutcomeCode,
  type OutcomeMatch,
  OutcomeSet,
  PROTOCOL_ERROR,
  RESET,
  TIMEOUT,
} from "../../src/upstreams/outcome_set.ts";

const KINDS = [CONNECT_ERROR, RESET, TIMEOUT, PROTOCOL_ERROR];
const ALL: readonly OutcomeCode[] = [NOBODYS, ...KINDS, ...Array.from({ length: 500 }, (_, i) => i + 100)];

function listed(...matches: OutcomeMatch[]): OutcomeCode[] {
  const set = new OutcomeSet(matches);
  return ALL.filter((code) => set.has(code));
}

Deno.test("an outcome set has what is listed and nothing else", () => {
  assert.deepEqual(listed(), []);
  assert.deepEqual(listed("connect-error"), [CONNECT_ERROR]);
  assert.deepEqual(listed("reset"), [RESET]);
  assert.deepEqual(listed("timeout"), [TIMEOUT]);
  assert.deepEqual(listed("protocol-error"), [PROTOCOL_ERROR]);
  assert.deepEqual(listed(...OUTCOME_KINDS), KINDS);
  assert.deepEqual(listed(429, 503), [429, 503]);
  assert.deepEqual(listed("5xx"), Array.from({ length: 100 }, (_, i) => i + 500));
  assert.deepEqual(listed(400, "5xx", 599)[0], 400);
  assert.deepEqual(listed("reset", "reset", 503, 503), [RESET, 503]);
});

Deno.test("what is beyond all statuses is in no set", () => {
  const set = new OutcomeSet([...OUTCOME_KINDS, "5xx"]);
  assert.ok(!set.has(600) && !set.has(999) && !set.has(-1));
});

/** Every failure there is: a new one does not compile until it has a row. */
const FAILURES: Readonly<Record<FailureCode, OutcomeCode>> = {
  connect_refused: CONNECT_ERROR,
  connect_failed: CONNECT_ERROR,
  connect_timeout: CONNECT_ERROR,
  tls_failed: CONNECT_ERROR,
  upstream_reset: RESET,
  upstream_timeout: TIMEOUT,
  upstream_protocol_error: PROTOCOL_ERROR,
  upstream_head_too_large: PROTOCOL_ERROR,
  pool_exhausted: NOBODYS,
  no_endpoint: NOBODYS,
  balancer_failed: NOBODYS,
  circuit_open: NOBODYS,
  upstream_overloaded: NOBODYS,
  deadline_exceeded: NOBODYS,
  request_body_failed: NOBODYS,
  request_body_timeout: NOBODYS,
  body_too_large: NOBODYS,
  client_closed_request: NOBODYS,
};

for (const [code, expected] of Object.entries(FAILURES) as [FailureCode, OutcomeCode][]) {
  Deno.test(`${code} counts as ${expected}, and as nobody's doing where it was not the endpoint's`, () => {
    const failed = (fault: Failed["fault"]): Failed => ({ ok: false, stage: "head", code, fault, sent: true });
    assert.equal(failureOutcome(failed("endpoint")), expected);
    assert.equal(failureOutcome(failed("client")), NOBODYS);
    assert.equal(failureOutcome(failed("gateway")), NOBODYS);
  });
}

Deno.test("an answer whose body breaks off counts against the endpoint only if that did it", () => {
  const faults: Readonly<Record<BodyFault, OutcomeCode>> = {
    endpoint: RESET,
    "endpoint-timeout": TIMEOUT,
    client: NOBODYS,
    "client-timeout": NOBODYS,
    "too-large": NOBODYS,
  };
  for (const [fault, expected] of Object.entries(faults) as [BodyFault, OutcomeCode][]) {
    assert.equal(bodyOutcome(new BodyError(fault, "")), expected, fault);
  }
});

Deno.test("gateway errors are attempts without an answer, 502, 503 and 504", () => {
  assert.deepEqual(ALL.filter(isGatewayError), [...KINDS, 502, 503, 504]);
});

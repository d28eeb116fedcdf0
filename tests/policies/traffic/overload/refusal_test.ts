import { strict as assert } from "node:assert";
import { refusal } from "../../../../src/policies/traffic/overload/refusal.ts";
import { makeExchange, readText } from "../../../support/exchange.ts";
import { SeenTraces } from "../../../support/recorded_trace.ts";

const refuse = refusal({ status: 503, code: "overloaded", detail: "Later.", retryAfter: 1 });

Deno.test("refusal() is a problem document with the request's id, and the trace's where there is one", async () => {
  const exchange = makeExchange({ requestId: 'r"1' });
  const document = {
    type: "urn:gatewright:problem:overloaded",
    title: "Service Unavailable",
    status: 503,
    code: "overloaded",
    detail: "Later.",
    requestId: 'r"1',
  };
  assert.deepEqual(JSON.parse(await readText(refuse(exchange).body)), document);
  exchange.trace = new SeenTraces().trace();
  const { traceId } = exchange.trace;
  assert.deepEqual(JSON.parse(await readText(refuse(exchange).body)), { ...document, traceId });
});

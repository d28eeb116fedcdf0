import { strict as assert } from "node:assert";
import { problem } from "../../src/http/problem.ts";

function documentOf(body: unknown): unknown {
  assert.ok(body instanceof Uint8Array);
  return JSON.parse(new TextDecoder().decode(body));
}

Deno.test("problem() is a problem document that no cache keeps (RFC 9457)", () => {
  const reply = problem({ requestId: "r-1" }, { status: 504, code: "upstream_timeout", detail: "It took too long." });
  assert.equal(reply.status, 504);
  assert.deepEqual(reply.headers.flat(), ["content-type", "application/problem+json", "cache-control", "no-store"]);
  assert.deepEqual(documentOf(reply.body), {
    type: "urn:gatewright:problem:upstream_timeout",
    title: "Gateway Timeout",
    status: 504,
    code: "upstream_timeout",
    detail: "It took too long.",
    requestId: "r-1",
  });
});

Deno.test("problem() leaves an absent detail out and takes further members, which replace none of its own", () => {
  const extra = {
    type: "x",
    title: "x",
    status: 1,
    code: "x",
    detail: "x",
    requestId: "x",
    retryAfter: 3,
    errors: [{ at: "a" }],
  };
  assert.deepEqual(documentOf(problem({ requestId: 'r"\u00e9' }, { status: 429, code: "rate_limited", extra }).body), {
    type: "urn:gatewright:problem:rate_limited",
    title: "Too Many Requests",
    status: 429,
    code: "rate_limited",
    requestId: 'r"\u00e9',
    retryAfter: 3,
    errors: [{ at: "a" }],
  });
});

Deno.test("problem() names the trace, where there is one", () => {
  const trace = { traceId: "ab".repeat(16) }, init = { status: 503, code: "c" };
  const { traceId } = documentOf(problem({ requestId: "r", trace }, init).body) as { traceId: string };
  assert.equal(traceId, trace.traceId);
  assert.equal("traceId" in (documentOf(problem({ requestId: "r", trace: null }, init).body) as object), false);
});

Deno.test("problem() has a title for a status that is not registered", () => {
  const { title } = documentOf(problem({ requestId: "r" }, { status: 499, code: "c" }).body) as { title: string };
  assert.equal(title, "Error");
});

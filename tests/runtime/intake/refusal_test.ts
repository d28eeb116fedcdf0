import { strict as assert } from "node:assert";
import { isRefusal, refusalReply } from "../../../src/runtime/intake/refusal.ts";
import { readText } from "../../support/exchange.ts";

Deno.test("refusalReply() is a problem with the refusal's code, sentence and id, which no cache keeps", async () => {
  const reply = refusalReply({ status: 400, code: "bad_host", detail: "No." }, { requestId: "id-1" });
  assert.deepEqual([reply.status, reply.header("cache-control"), reply.header("allow")], [400, "no-store", null]);
  assert.deepEqual(JSON.parse(await readText(reply.body)), {
    type: "urn:gatewright:problem:bad_host",
    title: "Bad Request",
    status: 400,
    code: "bad_host",
    detail: "No.",
    requestId: "id-1",
  });
});

Deno.test("refusalReply() of 405 has Allow, which RFC 9110 §15.5.6 asks for", () => {
  const reply = refusalReply({ status: 405, code: "method_not_allowed", detail: "" }, { requestId: "id-1" });
  assert.equal(reply.header("allow"), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
});

Deno.test("isRefusal() tells a refusal from what else a reader gives", () => {
  assert.equal(isRefusal({ status: 400, code: "x", detail: "y" }), true);
  assert.equal(isRefusal({ method: "GET", target: "/", http11: true }), false);
  assert.equal(isRefusal(null), false);
});

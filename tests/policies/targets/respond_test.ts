import { strict as assert } from "node:assert";
import { Reply } from "../../../src/core/reply.ts";
import { respondHandler } from "../../../src/policies/targets/respond.ts";
import { makeExchange, readText } from "../../support/exchange.ts";

Deno.test("respondHandler() answers with status, fields and body, prepared once", async () => {
  const handler = respondHandler({ status: 201, headers: { "Content-Type": "text/plain", "x-a": "é" }, body: "grüß" });
  const first = handler(makeExchange()), second = handler(makeExchange());
  assert.ok(first instanceof Reply && second instanceof Reply);
  assert.equal(first.status, 201);
  assert.deepEqual(first.headers.flat(), ["content-type", "text/plain", "x-a", "\xc3\xa9"]);
  assert.equal(await readText(first.body), "grüß");
  assert.equal(first.body, second.body);
});

Deno.test("respondHandler() gives each exchange a reply of its own", () => {
  const handler = respondHandler({ status: 200, headers: { "x-a": "1" }, body: null });
  const first = handler(makeExchange()) as Reply, second = handler(makeExchange()) as Reply;
  first.setHeader("x-a", "2");
  first.status = 500;
  assert.deepEqual([second.status, second.header("x-a"), second.body], [200, "1", null]);
});

Deno.test("respondHandler() refuses what cannot be sent", () => {
  const plan = { status: 200, headers: {}, body: null };
  assert.throws(() => respondHandler({ ...plan, headers: { "x-a": "a\r\nb: c" } }), TypeError);
  assert.throws(() => respondHandler({ ...plan, headers: { "a b": "c" } }), /not a header name/);
  for (const status of [204, 205, 304]) {
    assert.throws(() => respondHandler({ ...plan, status, body: "" }), /has no body/);
  }
});

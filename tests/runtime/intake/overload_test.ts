import { strict as assert } from "node:assert";
import { overloadReply } from "../../../src/runtime/intake/overload.ts";
import { makeExchange, readText } from "../../support/exchange.ts";

Deno.test("overloadReply() is a 503 that says when to come again, and the log has its code", async () => {
  const exchange = makeExchange({ requestId: "id-9" }), reply = overloadReply(exchange);
  assert.deepEqual([reply.status, reply.header("retry-after"), exchange.error], [503, "1", "overloaded"]);
  const { code, requestId } = JSON.parse(await readText(reply.body));
  assert.deepEqual([code, requestId], ["overloaded", "id-9"]);
});

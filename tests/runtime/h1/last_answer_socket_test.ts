import { strict as assert } from "node:assert";
import { FakeClock } from "../../support/fake_clock.ts";
import { ScriptedOrigin } from "../../support/scripted_origin.ts";
import { passUntil } from "../../support/until.ts";
import { gatewayTo, get, post } from "./setup.ts";

/** More than a client's system takes for it while it does not read, and less than both systems together do. */
const BYTES = 512 * 1024;

Deno.test("a request behind the last answer takes nothing of that answer away", async () => {
  const clock = new FakeClock(), told = Promise.withResolvers<void>();
  await using origin = await ScriptedOrigin.start(async (request) => {
    // Answered before the body is asked for: whether it comes is not known, so this is the connection's last answer.
    await request.send(`HTTP/1.1 200 OK\r\ncontent-length: ${BYTES}\r\n\r\n`);
    await request.body();
    await told.promise;
    await request.send("a".repeat(BYTES));
  });
  await using gateway = gatewayTo(origin, { clock });
  await using client = await gateway.connect();
  await client.send(post(["content-length: 5", "expect: 100-continue"]));
  const head = await client.responseHead();
  assert.equal(head.header("connection"), "close");
  await client.send("hello");
  await passUntil(clock, origin.request().then((request) => request.body()), 100);
  client.pause();
  told.resolve();
  await gateway.event();
  await client.send(get("/next"));
  client.resume();
  assert.equal((await client.body(head)).bytes.length, BYTES);
  assert.equal(await client.ended(), "fin");
  assert.equal(origin.requests.length, 1);
});

import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer } from "../support/scripted_origin.ts";
import { gatewayTo, get, HoldingOrigins, Pending, settle } from "./traffic_bed.ts";

Deno.test("the delay of a second request counts from the try that is under way, not from one that is over", async () => {
  const clock = new FakeClock();
  await using origins = await HoldingOrigins.start(3);
  await using gateway = gatewayTo(origins.urls, clock, { settings: { hedge: { after: "200ms" } } });
  await using pending = await Pending.send(gateway, get());
  const first = await origins.next();
  clock.advance(190);
  first.go(answer(503));
  const retry = await origins.next();
  clock.advance(10);
  await settle();
  assert.equal(origins.count, 2, "the retry has taken 10 ms");
  clock.advance(190);
  (await origins.next()).go(answer(200, "hedge"));
  assert.equal((await pending.response).text, "hedge");
  await retry.request.connection.ended();
});

import { strict as assert } from "node:assert";
import { answer } from "../support/scripted_origin.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";
import { gatewayTo, get, HoldingOrigin, Pending } from "./traffic_bed.ts";

Deno.test("a retry that waits for a busy endpoint keeps nobody waiting for one that is free", async () => {
  await using a = await HoldingOrigin.start();
  await using b = await HoldingOrigin.start();
  const clock = new FakeClock();
  await using gateway = gatewayTo([a.url, b.url], clock, { settings: { maxInFlight: { perEndpoint: 1 } } });
  await using first = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await using second = await Pending.send(gateway, get());
  await until(() => b.count === 1);
  await a.release(0, answer(503));
  await using third = await Pending.send(gateway, get());
  await until(() => a.count === 2, "the third request at the free endpoint");
  await a.release(1);
  assert.equal((await third.response).status, 200);
  await b.release(0);
  await b.release(1);
  for (const { response } of [first, second]) assert.equal((await response).status, 200);
});

import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import { gatewayTo, get, HoldingOrigin, Pending, REFUSING, settle } from "./traffic_bed.ts";

Deno.test("a retry goes to the backup although whoever waited has taken the place of its first try", async () => {
  await using a = await HoldingOrigin.start();
  await using backup = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url, { url: backup.url, backup: true }], new FakeClock(), {
    settings: { maxInFlight: { perEndpoint: 1 } },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await using second = await Pending.send(gateway, get());
  await settle();
  await a.release(0, answer(503));
  await until(() => backup.count === 1 || first.status !== null);
  if (backup.count === 1) await backup.release(0);
  assert.equal((await first.response).status, 200);
  await a.release(1);
  assert.equal((await second.response).status, 200);
});

Deno.test("a retry waits for its place where the one endpoint is busy with others", async () => {
  await using a = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url], new FakeClock(), { settings: { maxInFlight: { perEndpoint: 1 } } });
  await using first = await Pending.send(gateway, get());
  await until(() => a.count === 1);
  await using second = await Pending.send(gateway, get());
  await settle();
  await a.release(0, answer(503));
  await a.release(1);
  assert.equal((await second.response).status, 200);
  await until(() => a.count === 3 || first.status !== null);
  if (a.count === 3) await a.release(2);
  assert.equal((await first.response).status, 200);
});

Deno.test("a 503 with a body that is still to come is tried again at its endpoint like any other, though it may have one request only", async () => {
  await using a = await HoldingOrigin.start();
  await using gateway = gatewayTo([a.url], new FakeClock(), {
    settings: { maxInFlight: { perEndpoint: 1, queue: 0 } },
  });
  await using first = await Pending.send(gateway, get());
  await a.release(0, "HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
  await until(() => a.count === 2 || first.client.receivedText.includes("hello"));
  assert.equal(a.count, 2);
  await a.release(1);
  assert.equal((await first.response).status, 200);
});

Deno.test("what an endpoint refused waits for a place at the other one instead of being refused once more", async () => {
  await using b = await HoldingOrigin.start();
  await using gateway = gatewayTo([REFUSING, b.url], new FakeClock(), {
    settings: { maxInFlight: { perEndpoint: 1 } },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => b.count === 1);
  // The other endpoint has all that it may have.
  await using second = await Pending.send(gateway, get());
  await settle();
  await b.release(0);
  await until(() => b.count === 2 || second.status !== null);
  if (b.count === 2) await b.release(1);
  for (const { response } of [first, second]) assert.equal((await response).status, 200);
});

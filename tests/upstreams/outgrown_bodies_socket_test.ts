import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, ScriptedOrigin } from "../support/scripted_origin.ts";
import { until } from "../support/until.ts";
import {
  answering,
  ask,
  chunk,
  chunkedHead,
  ENGINES,
  gatewayTo,
  get,
  HoldingOrigin,
  Pending,
  request,
  settle,
} from "./traffic_bed.ts";

/** Answers 503 in the middle of an upload, with a body that goes on; then goes on reading. */
function busyEarly(): Promise<ScriptedOrigin> {
  return ScriptedOrigin.start({
    connection: async (connection) => {
      await connection.takeUntil("hello");
      await connection.send("HTTP/1.1 503 Busy\r\ntransfer-encoding: chunked\r\n\r\n4\r\nbusy\r\n");
      await connection.takeUntil("world");
      await connection.send("0\r\n\r\n");
      await connection.gone();
    },
  });
}

const LONG = "x".repeat(20_000);

for (const engine of ENGINES) {
  Deno.test(`${engine}: an upload that outgrows the buffer while its retry pauses: the 503 passes, and all goes on`, async () => {
    const clock = new FakeClock();
    await using bad = await busyEarly();
    await using good = await answering(200, "ok");
    await using gateway = gatewayTo([bad.url, { url: good.url, backup: true }], clock, {
      settings: {
        retry: { backoff: "40ms", buffer: "4KiB" },
        maxInFlight: { total: 1, perEndpoint: 1, queue: 0 },
      },
      world: { random: () => 0.5 },
      listen: { engine },
    });
    {
      await using client = await gateway.connect();
      await client.send(chunkedHead("PUT") + chunk("hello"));
      await until(() => clock.untilNext === 20, "the pause");
      await client.send(chunk(LONG));
      await settle();
      clock.advance(20);
      await client.send(chunk("world") + "0\r\n\r\n");
      assert.equal((await client.response("PUT")).status, 503);
    }
    assert.equal(good.requests.length, 0);
    // Nothing is held by what came to nothing.
    await bad[Symbol.asyncDispose]();
    assert.equal((await ask(gateway, get())).status, 200);
  });

  Deno.test(`${engine}: an upload that outgrows the buffer while its retry waits for a place in the budget`, async () => {
    const clock = new FakeClock();
    await using bad = await busyEarly();
    await using good = await HoldingOrigin.start();
    await using gateway = gatewayTo([bad.url, { url: good.url, backup: true }], clock, {
      settings: { retry: { buffer: "4KiB", budget: { ratio: 0, floor: 1 } } },
      listen: { engine },
    });
    await using holder = await Pending.send(gateway, request("GET", "/hello"));
    await until(() => good.count === 1);
    await using client = await gateway.connect();
    await client.send(chunkedHead("PUT") + chunk("hello"));
    await until(() => bad.connections[1]?.receivedText.includes("hello"));
    await settle();
    await client.send(chunk(LONG));
    await settle();
    // Here the place becomes free: what goes wrong now is no business of this request.
    await good.release(0, answer(200));
    assert.equal((await holder.response).status, 200);
    await client.send(chunk("world") + "0\r\n\r\n");
    assert.equal((await client.response("PUT")).status, 503);
  });
}

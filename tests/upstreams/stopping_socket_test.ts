import { strict as assert } from "node:assert";
import { FakeClock } from "../support/fake_clock.ts";
import { answer, type OriginRequest, ScriptedOrigin } from "../support/scripted_origin.ts";
import { passUntil, until } from "../support/until.ts";
import { answering, type BedOptions, ENGINES, gatewayTo, get, HangingPorts, Pending } from "./traffic_bed.ts";

const hanging = () => ScriptedOrigin.start((request: OriginRequest) => request.hang());

/** Where a request can be when the gateway stops. */
const PLACES: readonly [where: string, start: () => Promise<ScriptedOrigin>, options: BedOptions][] = [
  ["in a try", hanging, {}],
  ["in a try that a second one is due for", hanging, { settings: { hedge: { after: "900s" } } }],
  ["in a pause", () => answering(503), {
    settings: { retry: { backoff: { base: "900s", max: "900s" } } },
    world: { random: () => 0.9 },
  }],
  ["in the wait that the endpoint asked for", () => ScriptedOrigin.start(answer(503, "", "retry-after: 900")), {
    settings: { timeouts: { total: "2000s" } },
  }],
  ["in the middle of the body", () =>
    ScriptedOrigin.start(async (request: OriginRequest) => {
      await request.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
      await request.hang();
    }), {}],
];

for (const engine of ENGINES) {
  for (const [where, start, options] of PLACES) {
    Deno.test(`${engine}: a gateway that stops gives up a request that is ${where}, and one behind it, and leaves no timer`, async () => {
      const clock = new FakeClock();
      await using origin = await start();
      const { settings, world } = options;
      const gateway = gatewayTo([origin.url], clock, {
        settings: { maxInFlight: { total: 1, queueTimeout: "900s" }, ...settings },
        world,
        listen: { engine },
      });
      await using first = await Pending.send(gateway, get());
      await origin.request();
      await using second = await Pending.send(gateway, get());
      await passUntil(clock, gateway.gateway.stop(), 100);
      await gateway[Symbol.asyncDispose]();
      await Promise.all([first.client.ended(), second.client.ended()]);
      await until(() => origin.connections.every(({ ending }) => ending !== null));
      assert.equal(clock.pending, 0);
    });
  }
}

Deno.test("a gateway that stops gives up a connect that comes to nothing", async () => {
  const clock = new FakeClock(), ports = new HangingPorts(9);
  const gateway = gatewayTo(["http://127.0.0.1:9"], clock, {
    settings: { timeouts: { connect: "900s" } },
    world: { connect: ports.connect },
  });
  await using first = await Pending.send(gateway, get());
  await until(() => ports.hanging === 1);
  await passUntil(clock, gateway.gateway.stop(), 100);
  await gateway[Symbol.asyncDispose]();
  await first.client.ended();
  assert.deepEqual([ports.hanging, clock.pending], [0, 0]);
});

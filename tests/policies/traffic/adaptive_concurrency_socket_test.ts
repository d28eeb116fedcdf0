import { strict as assert } from "node:assert";
import { adaptiveConcurrency } from "../../../src/policies/traffic/adaptive_concurrency.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { passUntil, until } from "../../support/until.ts";
import { ask, ENGINES, gatewayTo, get, HoldingOrigin, Pending } from "../../upstreams/traffic_bed.ts";

for (const engine of ENGINES) {
  Deno.test(`${engine}: adaptiveConcurrency() refuses what is beyond the limit, and goes on when one is over or has left`, async () => {
    const clock = new FakeClock(), route = { policies: [adaptiveConcurrency({ min: 2 })] };
    await using origin = await HoldingOrigin.start();
    await using gateway = gatewayTo([origin.url as "http://x"], clock, { route, listen: { engine } });
    await using first = await Pending.send(gateway, get());
    await using second = await gateway.connect();
    await second.send(get());
    await until(() => origin.count === 2);
    const refused = await ask(gateway, get());
    assert.deepEqual([refused.status, JSON.parse(refused.text).code], [503, "overloaded"]);
    assert.equal(refused.header("retry-after"), "1");
    await second.reset();
    await passUntil(clock, until(() => gateway.completed.length === 2, "the end of the one who left"), 100);
    await using third = await Pending.send(gateway, get());
    await until(() => origin.count === 3);
    assert.equal((await ask(gateway, get())).status, 503);
    await origin.release(0);
    await origin.release(2);
    await Promise.all([first.response, third.response]);
    assert.deepEqual([first.status, third.status], [200, 200]);
  });
}

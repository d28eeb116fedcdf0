import { strict as assert } from "node:assert";
import { loadShed } from "../../../src/policies/traffic/load_shed.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { TestGateway } from "../../support/test_gateway.ts";
import { until } from "../../support/until.ts";
import { ask, ENGINES, HoldingOrigin, request } from "../../upstreams/traffic_bed.ts";

for (const engine of ENGINES) {
  Deno.test(`${engine}: loadShed() sheds the unimportant routes first, by what all of them have under way`, async () => {
    const clock = new FakeClock();
    await using origin = await HoldingOrigin.start();
    const shed = (priority: "high" | "normal" | "low") => [loadShed({ maxInFlight: 10, priority })];
    await using gateway = TestGateway.start(
      {
        upstreams: { o: { endpoints: [origin.url as "http://x"] } },
        routes: [
          { path: "/high", upstream: "o", policies: shed("high") },
          { path: "/normal", respond: {}, policies: shed("normal") },
          { path: "/low", respond: {}, policies: shed("low") },
        ],
      },
      { clock, random: () => 0 },
      { engine },
    );
    const statuses = async () => {
      const paths = ["/low", "/normal"];
      return await Promise.all(paths.map(async (path) => (await ask(gateway, request("GET", path))).status));
    };
    await using clients = new AsyncDisposableStack();
    const seen: number[][] = [];
    for (let i = 1; i <= 11; i++) {
      const client = clients.use(await gateway.connect());
      await client.send(request("GET", "/high"));
      await until(() => origin.count === i);
      if (i === 6 || i === 8 || i === 10) seen.push(await statuses());
    }
    // Chance says no as soon as there is one: each is shed from the beginning of its ramp on.
    assert.deepEqual(seen, [[200, 200], [503, 200], [503, 503]]);
    const refused = await ask(gateway, request("GET", "/high"));
    assert.deepEqual([refused.status, JSON.parse(refused.text).code], [503, "overloaded"]);
    for (let i = 0; i < 11; i++) await origin.release(i);
    await until(() => gateway.completed.filter(({ path, status }) => path === "/high" && status === 200).length === 11);
    assert.deepEqual(await statuses(), [200, 200]);
  });
}

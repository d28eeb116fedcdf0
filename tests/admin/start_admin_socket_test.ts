import { strict as assert } from "node:assert";
import { adminApp } from "../../src/admin/admin_app.ts";
import type { Inspect } from "../../src/admin/inspect.ts";
import { startAdmin } from "../../src/admin/start_admin.ts";
import { silentLog } from "../../src/core/log.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { RawClient } from "../support/raw_client.ts";

const ANY = { hostname: "127.0.0.1", port: 0 };
const INSPECT: Inspect = {
  notReady: () => [],
  health: () => ({ status: "pass", ready: true, reasons: [], upstreams: [] }),
  metrics: null,
  config: () => ({}),
  routes: () => [],
  consumers: () => [],
  upstreams: () => [],
  caches: () => [],
  purge: () => Promise.resolve({ caches: [], removed: 0, failures: [] }),
};

Deno.test("startAdmin() serves the app on a port of its own", async () => {
  const clock = new FakeClock();
  const admin = startAdmin(ANY, adminApp(INSPECT, null), { clock, log: silentLog });
  {
    await using client = await RawClient.connect(admin.address.port);
    const live = await client.exchange("GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert.deepEqual([live.status, JSON.parse(live.text)], [200, { live: true }]);
    const rebound = await client.exchange("GET /livez HTTP/1.1\r\nhost: evil.example\r\n\r\n");
    assert.equal(rebound.status, 421);
  }
  await admin.stop();
  assert.equal(clock.pending, 0);
  await assert.rejects(RawClient.connect(admin.address.port), { code: "ECONNREFUSED" });
});

Deno.test("startAdmin() names a port in use as the runtime does", () => {
  using taken = Deno.listen(ANY);
  assert.throws(
    () => startAdmin(taken.addr, adminApp(INSPECT, null), { clock: new FakeClock(), log: silentLog }),
    Deno.errors.AddrInUse,
  );
});

Deno.test("startAdmin().stop() lets an answer under way end", async () => {
  const asked = Promise.withResolvers<void>(), answer = Promise.withResolvers<Response>();
  const slow = {
    fetch() {
      asked.resolve();
      return answer.promise;
    },
  };
  const admin = startAdmin(ANY, slow, { clock: new FakeClock(), log: silentLog });
  await using client = await RawClient.connect(admin.address.port);
  await client.send("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await asked.promise;
  const stopped = admin.stop();
  answer.resolve(new Response("whole"));
  assert.equal((await client.response()).text, "whole");
  await stopped;
});

import { strict as assert } from "node:assert";
import type { Purge } from "../../src/core/purge.ts";
import { PurgeChannel } from "../../src/runtime/purge_channel.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { until } from "../support/until.ts";

const ORDER: Purge = { target: { tag: "t" }, soft: true };

Deno.test("a purge reaches another thread", async () => {
  const name = crypto.randomUUID(), clock = new FakeClock(), channel = new PurgeChannel(name, clock);
  const worker = new Worker(new URL("./purge_channel_worker.ts", import.meta.url), { type: "module", name });
  const { promise, resolve } = Promise.withResolvers<unknown>();
  worker.onmessage = ({ data }) => resolve(data);
  await until(() => channel.others === 1);
  assert.equal(await channel.tell(ORDER, "c"), 7);
  assert.deepEqual(await promise, { order: ORDER, cache: "c" });
  worker.terminate();
  channel.close();
});

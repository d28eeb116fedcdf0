import { strict as assert } from "node:assert";
import { Events } from "../../../src/core/events.ts";
import { silentLog } from "../../../src/core/log.ts";
import { startAccessLog } from "../../../src/telemetry/access_log/access_log.ts";
import { startProcessLog } from "../../../src/telemetry/process_log/process_log.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PLAIN_ACCESS_LOG, QUIET } from "../../support/telemetry.ts";
import { HeldSink } from "./held_sink.ts";

/** Listeners for the end of the process that are left when this is over. */
async function leftBy(run: () => Promise<void>): Promise<number> {
  const { addEventListener, removeEventListener } = globalThis, left = new Set<unknown>();
  globalThis.addEventListener = (name: string, listener: unknown) => void (name === "unload" && left.add(listener));
  globalThis.removeEventListener = (_name: string, listener: unknown) => void left.delete(listener);
  try {
    await run();
    return left.size;
  } finally {
    Object.assign(globalThis, { addEventListener, removeEventListener });
  }
}

Deno.test("logs that are closed wait for the end of the process no longer, nor for requests", async () => {
  const clock = new FakeClock(), log = silentLog;
  let subscribed = 0;
  class CountedEvents extends Events {
    override on: Events["on"] = (name, listener) => {
      const off = super.on(name, listener);
      subscribed++;
      return () => {
        subscribed--;
        off();
      };
    };
  }
  const accessLog = () => {
    const env = { clock, log, events: new CountedEvents(), random: () => 0 };
    return startAccessLog(PLAIN_ACCESS_LOG, [], new HeldSink(false), env);
  };
  const processLog = () =>
    startProcessLog(QUIET.log, new HeldSink(false), { clock, terminal: false, colors: false, debug: false });
  for (const start of [accessLog, processLog]) {
    assert.equal(await leftBy(async () => await (await start()).close()), 0);
  }
  assert.equal(subscribed, 0);
  let open = { close: () => Promise.resolve() };
  assert.equal(await leftBy(() => Promise.resolve(void (open = accessLog()))), 1);
  assert.equal(subscribed, 1);
  await open.close();
});

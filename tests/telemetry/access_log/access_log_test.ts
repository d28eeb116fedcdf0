import { strict as assert } from "node:assert";
import { Events, type RequestCompleted } from "../../../src/core/events.ts";
import { silentLog } from "../../../src/core/log.ts";
import { startAccessLog } from "../../../src/telemetry/access_log/access_log.ts";
import { openLogSink } from "../../../src/telemetry/lines/log_sink.ts";
import type { AccessLogPlan } from "../../../src/telemetry/telemetry_plan.ts";
import { completed } from "../../support/completed.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { PLAIN_ACCESS_LOG } from "../../support/telemetry.ts";
import { TempDir } from "../../support/temp_dir.ts";
import { HeldSink } from "../lines/held_sink.ts";

const never = () => assert.fail("nothing is left to chance");

const EVENT = completed({ route: "/", duration: 1 });

Deno.test("startAccessLog() writes each finished request until it is closed", async () => {
  const events = new Events(), clock = new FakeClock(), sink = new HeldSink(false);
  const accessLog = startAccessLog(PLAIN_ACCESS_LOG, [], sink, { events, clock, random: never, log: silentLog });
  events.emit("request.completed", EVENT);
  events.emit("request.completed", { ...EVENT, requestId: "r2" });
  await accessLog.flush();
  await accessLog.close();
  events.emit("request.completed", { ...EVENT, requestId: "late" });
  const ids = sink.batches.join("").trimEnd().split("\n").map((line) => JSON.parse(line).requestId);
  assert.deepEqual(ids, ["r1", "r2"]);
  assert.equal(clock.pending, 0);
});

Deno.test("startAccessLog() writes the share of a route, else that of the gateway, and slow and failed ones besides", async () => {
  const told = async (plan: Partial<AccessLogPlan>, chance: number) => {
    const events = new Events(), sink = new HeldSink(false), clock = new FakeClock();
    const routes = [
      { id: "/none", telemetry: { traces: null, accessLog: 0 } },
      { id: "/all", telemetry: { traces: null, accessLog: 1 } },
      { id: "/plain", telemetry: { traces: null, accessLog: null } },
    ];
    const env = { events, clock, random: () => chance, log: silentLog };
    const accessLog = startAccessLog({ ...PLAIN_ACCESS_LOG, ...plan }, routes, sink, env);
    const tell = (requestId: string, more: Partial<RequestCompleted>) =>
      events.emit("request.completed", { ...EVENT, requestId, ...more });
    for (const route of ["/none", "/all", "/plain", ""]) tell(route || "-", { route });
    const route = "/none";
    tell("slow", { route, duration: 100.001 });
    tell("fast", { route, duration: 100 });
    tell("502", { route, status: 502, error: "upstream_unreachable" });
    tell("500", { route, status: 500 });
    tell("499", { route, status: 499, error: "client_closed_request" });
    tell("cut", { route, status: 200, error: "upstream_body" });
    tell("429", { route, status: 429, error: "rate_limited" });
    await accessLog.close();
    return sink.batches.join("").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line).requestId)
      .join(" ");
  };
  assert.equal(await told({}, 0.5), "/all /plain - 502 500 499 cut");
  assert.equal(await told({ sample: 0.3 }, 0.3), "/all 502 500 499 cut");
  assert.equal(await told({ sample: 0.3 }, 0.299), "/all /plain - 502 500 499 cut");
  assert.equal(await told({ sample: 0, slow: 100, errors: false }, 0), "/all slow");
  assert.equal(await told({ sample: 0, slow: 100 }, 0), "/all slow 502 500 499 cut");
});

Deno.test("startAccessLog() opens the file anew where a rotation has moved it", async () => {
  await using dir = await TempDir.make();
  const file = dir.join("access.log"), events = new Events();
  const env = { events, clock: new FakeClock(), random: never, log: silentLog };
  const accessLog = startAccessLog(PLAIN_ACCESS_LOG, [], openLogSink({ file }), env);
  const ids = async (path: string) =>
    [...(await Deno.readTextFile(path)).matchAll(/"requestId":"(\w+)"/g)].map(([, id]) => id);
  events.emit("request.completed", EVENT);
  await accessLog.flush();
  await Deno.rename(file, file + ".1");
  events.emit("request.completed", { ...EVENT, requestId: "r2" });
  await accessLog.flush();
  accessLog.reopen();
  events.emit("request.completed", { ...EVENT, requestId: "r3" });
  await accessLog.close();
  assert.deepEqual([await ids(file + ".1"), await ids(file)], [["r1", "r2"], ["r3"]]);
  assert.equal(accessLog.lost, 0);
});

Deno.test("openLogSink() ends a write that is under way in the file that it began in", async () => {
  await using dir = await TempDir.make();
  const file = dir.join("access.log"), sink = openLogSink({ file });
  const bytes = (text: string) => new TextEncoder().encode(text);
  const writing = sink.write(bytes("one\n".repeat(100_000)));
  Deno.renameSync(file, file + ".1");
  sink.reopen!();
  await writing;
  await sink.write(bytes("two\n"));
  sink.writeSync!(bytes("three\n"));
  sink.close();
  assert.equal(await Deno.readTextFile(file), "two\nthree\n");
  assert.equal((await Deno.stat(file + ".1")).size, 400_000);
});

Deno.test("openLogSink() appends to a file and makes its folder", async () => {
  await using dir = await TempDir.make();
  const file = dir.join("logs/access.log");
  for (const text of ["one\n", "two\n"]) {
    const sink = openLogSink({ file });
    await sink.write(new TextEncoder().encode(text));
    sink.close();
  }
  assert.equal(await Deno.readTextFile(file), "one\ntwo\n");
});

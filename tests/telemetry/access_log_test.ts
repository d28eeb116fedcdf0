import { strict as assert } from "node:assert";
import { Events } from "../../src/core/events.ts";
import { silentLog } from "../../src/core/log.ts";
import { startAccessLog } from "../../src/telemetry/access_log.ts";
import { openLogSink } from "../../src/telemetry/log_sink.ts";
import { makeExchange } from "../support/exchange.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TempDir } from "../support/temp_dir.ts";
import { HeldSink } from "./held_sink.ts";

const EVENT = {
  method: "GET",
  path: "/",
  host: "a.example",
  route: "/",
  status: 200,
  duration: 1,
  bytesIn: 0,
  bytesOut: 2,
  endpoint: "",
  attempts: 0,
  requestId: "r1",
  client: "127.0.0.1",
  error: "",
  limit: "" as const,
  auth: "" as const,
  cache: "" as const,
  identity: "",
  reason: "",
  traceId: "",
  traced: false,
  exchange: makeExchange(),
};

Deno.test("startAccessLog() writes each finished request until it is closed", async () => {
  const events = new Events(), clock = new FakeClock(), sink = new HeldSink(false);
  const accessLog = startAccessLog(sink, { events, clock, log: silentLog });
  events.emit("request.completed", EVENT);
  events.emit("request.completed", { ...EVENT, requestId: "r2" });
  await accessLog.flush();
  await accessLog.close();
  events.emit("request.completed", { ...EVENT, requestId: "late" });
  const ids = sink.batches.join("").trimEnd().split("\n").map((line) => JSON.parse(line).requestId);
  assert.deepEqual(ids, ["r1", "r2"]);
  assert.equal(clock.pending, 0);
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

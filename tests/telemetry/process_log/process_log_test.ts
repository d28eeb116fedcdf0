import { configure, getConfig, getLogger, reset } from "@logtape/logtape";
import { strict as assert } from "node:assert";
import type { LogPlan } from "../../../src/telemetry/telemetry_plan.ts";
import { type ProcessLogEnv, startProcessLog } from "../../../src/telemetry/process_log/process_log.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { HeldSink } from "../lines/held_sink.ts";

const PLAN: LogPlan = { to: "stderr", format: "auto", level: "info", levels: {} };

async function started(plan: Partial<LogPlan> = {}, env: Partial<ProcessLogEnv> = {}, sink = new HeldSink(false)) {
  const clock = new FakeClock({ wall: Date.UTC(2026, 10, 21, 10) });
  const world = { clock, terminal: false, colors: false, debug: false, ...env };
  const running = await startProcessLog({ ...PLAN, ...plan }, sink, world);
  return {
    ...running,
    sink,
    clock,
    running,
    /** Ends the log and tells what it has written, of each entry its level and message. */
    async told() {
      await running.close();
      assert.equal(clock.pending, 0);
      return sink.batches.join("").split("\n").filter((line) => line !== "").map((line) => {
        const { level, category, msg } = JSON.parse(line);
        return [level, ...(category === undefined ? [] : [category]), msg].join(" ");
      });
    },
  };
}

Deno.test("startProcessLog() writes each entry in the turn in which it comes, with the part that it is of", async () => {
  const { log, sink, running, clock } = await started();
  log.info("started", { routes: 2 });
  await clock.pass(0);
  assert.deepEqual(sink.batches, ['{"level":"info","ts":"2026-11-21T10:00:00.000Z","msg":"started","routes":2}\n']);
  log.in("policies.cache").in("tier").warn("away");
  await running.close();
  assert.equal(
    sink.batches[1],
    '{"level":"warn","ts":"2026-11-21T10:00:00.000Z","category":"policies.cache.tier","msg":"away"}\n',
  );
  log.error("late");
  assert.equal(sink.batches.length, 2);
});

Deno.test("startProcessLog() tells what is at its level or above it, part by part", async () => {
  const log = await started({
    level: "warn",
    levels: { "policies": "error", "policies.cache": "debug", "stores": "off" },
  });
  for (const part of ["", "policies.jwt", "policies.cache", "policies.cache.tier", "stores", "upstreams"]) {
    const of = part === "" ? log.log : log.log.in(part);
    for (const level of ["debug", "info", "warn", "error"] as const) of[level]("m");
  }
  const all = ["debug", "info", "warn", "error"];
  assert.deepEqual(await log.told(), [
    ...["warn m", "error m", "error policies.jwt m"],
    ...all.map((level) => `${level} policies.cache m`),
    ...all.map((level) => `${level} policies.cache.tier m`),
    ...["warn upstreams m", "error upstreams m"],
  ]);
});

Deno.test("startProcessLog() tells nothing when it is off, and everything under debug", async () => {
  const off = await started({ level: "off" }), entry = "debug upstreams m";
  off.log.error("m");
  assert.deepEqual(await off.told(), []);
  const all = await started({ level: "off", levels: { upstreams: "error" } }, { debug: true });
  all.log.in("upstreams").debug("m");
  assert.deepEqual(await all.told(), [entry]);
});

Deno.test("startProcessLog() takes braces in its messages as they are, and those of users as LogTape does", async () => {
  const log = await started({ levels: { shop: "error" } });
  log.log.info("route {id}", { id: 1 });
  getLogger(["orders", "db"]).warn("order {id} of {who}", { id: 7, who: "anna" });
  getLogger("shop").warn("not told");
  getLogger("shop").fatal("told");
  getLogger(["logtape", "meta"]).info("not told");
  getLogger(["logtape", "meta"]).warn("a sink failed");
  assert.deepEqual(await log.told(), [
    "info route {id}",
    "warn orders.db order 7 of anna",
    "error shop told",
    "warn logtape.meta a sink failed",
  ]);
});

Deno.test("startProcessLog() leaves LogTape as a config has set it up, and hands its entries over", async () => {
  const heard: unknown[] = [];
  await configure({
    sinks: { mine: ({ category, level, rawMessage }) => void heard.push([category, level, rawMessage]) },
    loggers: [{ category: [], sinks: ["mine"] }, { category: ["logtape", "meta"], lowestLevel: "error" }],
  });
  const mine = getConfig(), log = await started();
  log.log.in("upstreams").warn("m");
  assert.deepEqual(await log.told(), []);
  assert.deepEqual(heard, [[["gatewright", "upstreams"], "warning", "m"]]);
  assert.equal(getConfig(), mine);
  await reset();
});

Deno.test("startProcessLog() tells of the gateway where a config has set LogTape up for other things only", async () => {
  await configure({
    sinks: { mine: () => {} },
    loggers: [{ category: ["shop"], sinks: ["mine"] }, { category: ["logtape", "meta"], lowestLevel: "error" }],
  });
  const { log, told } = await started({ level: "warn", levels: { policies: "off", "policies.cache": "debug" } });
  for (const part of ["policies", "policies.cache", "policies.cache.tier", "policiesless"]) {
    for (const level of ["debug", "warn"] as const) log.in(part)[level]("m");
  }
  log.info("m");
  log.error("m", { route: "/a" });
  getLogger(["shop"]).error("m");
  assert.deepEqual(await told(), [
    ...["debug policies.cache m", "warn policies.cache m"],
    ...["debug policies.cache.tier m", "warn policies.cache.tier m"],
    ...["warn policiesless m", "error m"],
  ]);
  await reset();
});

Deno.test("startProcessLog() is text where a person reads it, and keeps what is printed in its place", async () => {
  const { log, print, sink, running, form } = await started({}, { terminal: true });
  assert.equal(form, "text");
  log.info("first");
  print("a screen\nof two lines\n");
  log.info("last");
  await running.close();
  assert.equal(
    sink.batches.join(""),
    "10:00:00.000 info  first\na screen\nof two lines\n10:00:00.000 info  last\n",
  );
});

Deno.test("startProcessLog() goes by its format, and a file is no terminal", async () => {
  const forms: unknown[] = [];
  for (
    const [plan, terminal] of [
      [{ format: "json" }, true],
      [{ format: "text" }, false],
      [{ to: { file: "a.log" } }, true],
      [{}, false],
    ] as const
  ) {
    const log = await started(plan, { terminal });
    forms.push(log.form);
    await log.told();
  }
  assert.deepEqual(forms, ["json", "text", "json", "json"]);
});

Deno.test("startProcessLog() colours text for a person, and none in a file", async () => {
  for (const [to, colored] of [["stderr", true], [{ file: "a.log" }, false]] as const) {
    const { log, sink, running } = await started({ to, format: "text" }, { terminal: true, colors: true });
    log.info("m");
    await running.close();
    assert.equal(sink.batches.join("").includes("\x1b"), colored);
  }
});

Deno.test("startProcessLog() holds nothing up where the sink is slow, and says its last words when the process ends", async () => {
  const { log, sink, running, clock } = await started({}, {}, new HeldSink());
  log.error("a");
  await clock.pass(0);
  log.error("b");
  log.error("c");
  globalThis.dispatchEvent(new Event("unload"));
  assert.deepEqual([...sink.lastWords.matchAll(/"msg":"(\w)"/g)].map(([, message]) => message), ["a", "b", "c"]);
  assert.equal(sink.batches.length, 1);
  sink.held = false;
  sink.release();
  await running.close();
  assert.equal(sink.batches.length, 1);
});

import { strict as assert } from "node:assert";
import { secret } from "../../src/core/secret.ts";
import { processLog, type ProcessLogOptions } from "../../src/telemetry/process_log.ts";
import { FakeClock } from "../support/fake_clock.ts";

function logged(options: Partial<ProcessLogOptions> = {}) {
  const lines: string[] = [];
  const clock = new FakeClock({ wall: Date.UTC(2026, 10, 21, 10) });
  return { lines, log: processLog({ clock, form: "json", write: (line) => lines.push(line), ...options }) };
}

Deno.test("processLog() prints JSON with level, time and message first", () => {
  const { lines, log } = logged();
  log.info("listening", { url: "http://127.0.0.1:8080", token: secret.env("T") });
  assert.deepEqual(lines, [
    '{"level":"info","ts":"2026-11-21T10:00:00.000Z","msg":"listening","url":"http://127.0.0.1:8080","token":{"env":"T"}}\n',
  ]);
});

Deno.test("processLog() prints text for people, values quoted where they need it", () => {
  const { lines, log } = logged({ form: "text" });
  log.warn("attempt failed", { endpoint: "users/http://a", attempts: 2, cause: "timed out", left: undefined });
  assert.deepEqual(lines, ['10:00:00.000 warn  attempt failed endpoint=users/http://a attempts=2 cause="timed out"\n']);
});

Deno.test("processLog() lets no stranger's control character reach a terminal", () => {
  const { lines, log } = logged({ form: "text", colors: true });
  log.error("bad\nname \x1b[2J", { path: "/\x1b[31m\x9b" });
  assert.equal(
    lines[0],
    "10:00:00.000 \x1b[31merror\x1b[0m bad\\nname \\x1b[2J path=/\\x1b[31m\\x9b\n",
  );
});

Deno.test("processLog() prints an error with its cause, and its stack only under debug", () => {
  const error = new TypeError("no answer", { cause: new Error("refused") });
  for (const debug of [false, true]) {
    const { lines, log } = logged({ debug });
    log.error("failed", { error });
    const printed = JSON.parse(lines[0]).error;
    assert.equal(printed.message, "no answer");
    assert.equal(printed.cause.message, "refused");
    assert.equal("stack" in printed, debug);
  }
});

Deno.test("processLog() keeps debug entries to itself unless asked", () => {
  const quiet = logged(), loud = logged({ debug: true });
  quiet.log.debug("x");
  loud.log.debug("x");
  assert.deepEqual([quiet.lines.length, loud.lines.length], [0, 1]);
});

Deno.test("processLog() prints what JSON cannot hold, and no field takes the message's place", () => {
  const { lines, log } = logged();
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  log.info("big", { bytes: 2n ** 64n, msg: "other" });
  log.info("round", { cycle });
  assert.equal(JSON.parse(lines[0]).bytes, "18446744073709551616");
  assert.equal(JSON.parse(lines[0]).msg, "big");
  assert.match(lines[1], /not printable/);
});

Deno.test("processLog() replaces only the field that cannot be printed", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const broken = { toJSON: () => assert.fail("no JSON here") };
  const { lines, log } = logged();
  log.warn("attempt failed", { cycle, endpoint: "a", broken, left: undefined, at: 5, call: () => {} });
  const { cycle: circular, broken: failed, ...rest } = JSON.parse(lines[0]);
  assert.deepEqual(rest, {
    level: "warn",
    ts: "2026-11-21T10:00:00.000Z",
    msg: "attempt failed",
    endpoint: "a",
    at: 5,
  });
  assert.match(circular, /^\(not printable: .*circular/);
  assert.equal(failed, "(not printable: no JSON here)");
});

Deno.test("processLog() prints an entry whose fields cannot even be read", () => {
  const { lines, log } = logged();
  const hostile = {
    toJSON() {
      throw {
        toString() {
          throw new Error("not even this");
        },
      };
    },
  };
  log.warn("odd", { hostile, a: 1 });
  assert.deepEqual(JSON.parse(lines[0]), {
    level: "warn",
    ts: "2026-11-21T10:00:00.000Z",
    msg: "odd",
    hostile: "(not printable)",
    a: 1,
  });
});

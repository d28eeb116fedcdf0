import { strict as assert } from "node:assert";
import { logTo } from "../../../src/core/log.ts";
import { LineWriter, type LineWriterOptions } from "../../../src/telemetry/lines/line_writer.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import type { LogSink } from "../../../src/telemetry/lines/log_sink.ts";
import { HeldSink } from "./held_sink.ts";

const KIB = 1024;

function setUp(sink = new HeldSink(), options?: LineWriterOptions) {
  const clock = new FakeClock(), warnings: unknown[] = [];
  const log = logTo((level, message, fields) => warnings.push([level, message, fields]));
  return { sink, clock, warnings, writer: new LineWriter(sink, { clock, log }, options) };
}

/** A line of exactly this many bytes. */
const lineOf = (bytes: number) => "x".repeat(bytes - 1) + "\n";

Deno.test("LineWriter gathers lines for 100 ms from the first", async () => {
  const { sink, clock, writer } = setUp();
  writer.write("a\n");
  await clock.pass(60);
  writer.write("b\n");
  await clock.pass(39);
  assert.deepEqual(sink.batches, []);
  await clock.pass(1);
  assert.deepEqual(sink.batches, ["a\nb\n"]);
  assert.equal(clock.pending, 0);
});

Deno.test("LineWriter writes a batch of 64 KiB at once", () => {
  const { sink, clock, writer } = setUp();
  writer.write(lineOf(32 * KIB));
  writer.write(lineOf(32 * KIB - 1));
  assert.equal(sink.batches.length, 0);
  writer.write("\n");
  assert.equal(sink.batches.length, 1);
  assert.equal(sink.batches[0].length, 64 * KIB);
  assert.equal(clock.pending, 0);
});

Deno.test("LineWriter has one write under way and keeps the order: what has come meanwhile goes at once", async () => {
  const { sink, clock, writer } = setUp();
  for (const name of ["1", "2", "3"]) writer.write(name + lineOf(64 * KIB));
  writer.write("4\n");
  await clock.pass(1000);
  assert.deepEqual(sink.batches.map((batch) => batch[0]), ["1"]);
  sink.release();
  await clock.pass(0);
  const lines = sink.batches[1].trimEnd().split("\n").map((line) => line[0]);
  assert.deepEqual(lines, ["2", "3", "4"]);
  assert.equal(sink.mostAtOnce, 1);
});

Deno.test("LineWriter loses nothing where each turn makes 5 MiB and ends one write", async () => {
  const { sink, writer } = setUp();
  let written = 0;
  for (let turn = 0; turn < 20; turn++) {
    for (let i = 0; i < 5 * 1024; i++, written++) writer.write(lineOf(KIB));
    if (turn === 0) assert.equal(sink.batches.length, 1);
    sink.release();
    // A write's end reaches the writer between two turns, and no earlier.
    await Promise.resolve().then(() => {}).then(() => {});
  }
  sink.held = false;
  sink.release();
  await writer.close();
  assert.equal(writer.lost, 0);
  assert.equal(sink.batches.join("").length, written * KIB);
});

Deno.test("LineWriter leaves a young batch open when the one before is written", async () => {
  const { sink, clock, writer } = setUp();
  writer.write(lineOf(64 * KIB));
  await clock.pass(50);
  writer.write("young\n");
  sink.release();
  await clock.pass(99);
  assert.equal(sink.batches.length, 1);
  await clock.pass(1);
  assert.equal(sink.batches[1], "young\n");
});

Deno.test("LineWriter lets a batch that is due grow while another is written", async () => {
  const { sink, clock, writer } = setUp();
  writer.write(lineOf(64 * KIB));
  writer.write("b\n");
  await clock.pass(100);
  writer.write("c\n");
  sink.release();
  await clock.pass(0);
  assert.equal(sink.batches[1], "b\nc\n");
});

Deno.test("LineWriter drops and counts what a slow sink cannot take beyond 16 MiB, and takes lines again later", async () => {
  const { sink, clock, writer, warnings } = setUp();
  for (let i = 0; i < 256; i++) writer.write(lineOf(64 * KIB));
  for (let i = 0; i < 3; i++) writer.write("too much\n");
  assert.deepEqual(warnings, []);
  await clock.pass(1000);
  assert.deepEqual(warnings, [["warn", "log lines were lost", { lines: 3, reason: "the sink is too slow" }]]);
  sink.release();
  await clock.pass(0);
  writer.write("again\n");
  sink.held = false;
  sink.release();
  await writer.close();
  assert.equal(sink.batches.at(-1), "again\n");
  assert.equal(sink.batches.join("").includes("too much"), false);
  assert.equal(writer.lost, 3);
  assert.equal(warnings.length, 1);
});

Deno.test("LineWriter counts the lines of a write that failed and goes on", async () => {
  const { sink, clock, writer, warnings } = setUp();
  writer.write("a\n");
  writer.write("b\n");
  await clock.pass(100);
  sink.release(new Error("No space left on device"));
  await clock.pass(1000);
  assert.deepEqual(warnings, [["warn", "log lines were lost", { lines: 2, reason: "No space left on device" }]]);
  writer.write("c\n");
  await clock.pass(100);
  assert.equal(sink.batches[1], "c\n");
});

Deno.test("LineWriter.close() writes what is there, closes the sink and leaves no timer", async () => {
  const { sink, clock, writer } = setUp(new HeldSink(false));
  writer.write("a\n");
  await writer.close();
  writer.write("late\n");
  assert.deepEqual(sink.batches, ["a\n"]);
  assert.equal(sink.closed, true);
  assert.equal(clock.pending, 0);
});

Deno.test("LineWriter.close() leaves a stuck sink after two seconds and says what was lost", async () => {
  const { sink, clock, writer, warnings } = setUp();
  writer.write(lineOf(64 * KIB));
  writer.write("b\n");
  writer.write("c\n");
  let closed = false;
  const closing = writer.close().then(() => closed = true);
  await clock.pass(1999);
  assert.equal(closed, false);
  await clock.pass(1);
  await closing;
  assert.equal(sink.closed, true);
  assert.deepEqual(warnings, [["warn", "log lines were lost", { lines: 2, reason: "the sink was stuck at the end" }]]);
  assert.equal(clock.pending, 0);
});

Deno.test("LineWriter without a wait writes what one turn brings, and gathers while a write is under way", async () => {
  const { sink, clock, writer } = setUp(new HeldSink(), { wait: 0 });
  writer.write("a\n");
  writer.write("b\n");
  await clock.pass(0);
  for (const line of ["c\n", "d\n"]) {
    writer.write(line);
    await clock.pass(0);
  }
  assert.deepEqual(sink.batches, ["a\nb\n"]);
  sink.release();
  await clock.pass(0);
  assert.deepEqual(sink.batches, ["a\nb\n", "c\nd\n"]);
  sink.release();
  await clock.pass(0);
  assert.equal(clock.pending, 0);
});

Deno.test("LineWriter.flushSync() writes what is there, and nothing behind a write that is stuck", async () => {
  for (const [late, rescued, afterwards] of [[250, "a\nb\nc\n", ""], [251, "", "b\nc\n"]] as const) {
    const { sink, clock, writer } = setUp(new HeldSink(), { wait: 0 });
    writer.write("a\n");
    await clock.pass(0);
    writer.write("b\n");
    writer.write("c\n");
    await clock.pass(late);
    writer.flushSync();
    assert.deepEqual([sink.batches, sink.lastWords], [["a\n"], rescued]);
    sink.held = false;
    sink.release();
    await writer.close();
    assert.equal(sink.batches.join(""), "a\n" + afterwards);
  }
});

Deno.test("LineWriter.reopen() tells of a file that cannot be opened, and goes on with the earlier one", async () => {
  const { sink, warnings, writer } = setUp(new HeldSink(false));
  writer.reopen();
  assert.equal(sink.reopened, 1);
  sink.reopen = () => {
    throw new Error("Permission denied");
  };
  writer.reopen();
  writer.write("a\n");
  await writer.close();
  writer.reopen();
  assert.deepEqual(sink.batches, ["a\n"]);
  assert.deepEqual(warnings, [[
    "error",
    "a log file cannot be opened again: the earlier one stays",
    { reason: "Permission denied" },
  ]]);
});

Deno.test("LineWriter whose warnings go to its own sink does not count them among what is lost", async () => {
  const batches: string[] = [], clock = new FakeClock();
  let full = true;
  const sink: LogSink = {
    write(bytes) {
      batches.push(new TextDecoder().decode(bytes));
      return full ? Promise.reject(new Error("No space left on device")) : Promise.resolve();
    },
    close() {},
  };
  const log = logTo((_level, message, { lines, reason } = {}) => writer.write(`${message}: ${lines}, ${reason}\n`));
  const writer = new LineWriter(sink, { clock, log }, { wait: 0 });
  writer.write("a\n");
  for (let second = 0; second < 5; second++) await clock.pass(1000);
  assert.deepEqual(batches, ["a\n", "log lines were lost: 1, No space left on device\n"]);
  assert.equal(writer.lost, 1);
  full = false;
  writer.write("b\n");
  await clock.pass(1000);
  assert.deepEqual(batches.slice(2), ["b\n"]);
  assert.equal(clock.pending, 0);
});

Deno.test("LineWriter has room again for what flushSync() has written", async () => {
  const { sink, writer } = setUp();
  for (let i = 0; i < 16; i++) writer.write(lineOf(KIB * KIB));
  writer.flushSync();
  for (let i = 0; i < 15; i++) writer.write(lineOf(KIB * KIB));
  assert.equal(writer.lost, 0);
  sink.held = false;
  sink.release();
  await writer.close();
});

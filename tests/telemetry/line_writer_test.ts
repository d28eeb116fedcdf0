import { strict as assert } from "node:assert";
import { logTo } from "../../src/core/log.ts";
import { LineWriter } from "../../src/telemetry/line_writer.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { HeldSink } from "./held_sink.ts";

const KIB = 1024;

function setUp(sink = new HeldSink()) {
  const clock = new FakeClock(), warnings: unknown[] = [];
  const log = logTo((level, message, fields) => warnings.push([level, message, fields]));
  return { sink, clock, warnings, writer: new LineWriter(sink, { clock, log }) };
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

Deno.test("LineWriter has one batch under way and keeps the order", async () => {
  const { sink, clock, writer } = setUp();
  for (const name of ["1", "2", "3"]) writer.write(name + lineOf(64 * KIB));
  writer.write("4\n");
  await clock.pass(1000);
  assert.equal(sink.batches.length, 1);
  for (const batches of [2, 3, 4]) {
    sink.release();
    await clock.pass(0);
    assert.equal(sink.batches.length, batches);
  }
  assert.deepEqual(sink.batches.map((batch) => batch[0]), ["1", "2", "3", "4"]);
  assert.equal(sink.mostAtOnce, 1);
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

Deno.test("LineWriter drops and counts what a slow sink cannot take beyond 4 MiB, and takes lines again later", async () => {
  const { sink, clock, writer, warnings } = setUp();
  for (let i = 0; i < 64; i++) writer.write(lineOf(64 * KIB));
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

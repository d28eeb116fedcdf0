import { strict as assert } from "node:assert";
import { ClientWriter } from "../../../src/runtime/h1/client_writer.ts";
import { Sweep } from "../../../src/runtime/pace/sweep.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { toBytes } from "../../support/latin1.ts";
import { MemoryStream, settled } from "./memory_stream.ts";

function start() {
  const clock = new FakeClock(), sweep = new Sweep(clock), stream = new MemoryStream(), told: string[] = [];
  sweep.add({ look() {} });
  const writer = new ClientWriter(stream, sweep, 5_000);
  const send = (text: string) => writer.send(toBytes(text), (ok) => told.push(`${text.slice(0, 3)} ${ok}`));
  /** Whether the time to write is over. */
  const overdue = () => sweep.tick >= writer.due;
  return { clock, sweep, stream, writer, send, told, overdue };
}

Deno.test("ClientWriter sends piece behind piece and tells of each when it is out", async () => {
  const { stream, writer, send, told } = start();
  stream.hold();
  for (const text of ["one", "two", "three"]) send(text);
  await settled();
  assert.deepEqual([told, writer.busy, stream.heard], [[], true, ""]);
  stream.take(4);
  await settled();
  assert.deepEqual([told, stream.heard, writer.written], [["one true"], "onet", 4]);
  stream.take();
  await settled();
  assert.deepEqual([told, stream.heard, writer.busy], [["one true", "two true", "thr true"], "onetwothree", false]);
  assert.equal(writer.written, 11);
});

Deno.test("ClientWriter: who is told of a piece may send the next one at once", async () => {
  const { stream, writer } = start(), order: string[] = [];
  writer.send(toBytes("a"), () => writer.send(toBytes("c"), () => order.push("c")));
  writer.send(toBytes("b"), () => order.push("b"));
  await settled();
  assert.deepEqual([stream.heard, order], ["abc", ["b", "c"]]);
});

Deno.test("ClientWriter: its time starts with each piece, again with each byte that is taken, and ends with the last", async () => {
  const { stream, writer, send, clock, overdue } = start();
  stream.hold();
  assert.equal(writer.due, Infinity);
  send("abc");
  clock.advance(4_900);
  assert.equal(overdue(), false);
  stream.take(1);
  await settled();
  clock.advance(4_900);
  assert.equal(overdue(), false, "it took a byte");
  clock.advance(400);
  assert.equal(overdue(), true);
  stream.take();
  await settled();
  assert.equal(writer.due, Infinity);
});

Deno.test("ClientWriter on a broken connection: every piece is told, now and later", async () => {
  const { stream, writer, send, told } = start();
  stream.hold();
  send("one");
  send("two");
  stream.reset();
  await settled();
  assert.deepEqual([told, writer.busy, writer.due], [["one false", "two false"], false, Infinity]);
  send("three");
  assert.deepEqual(told.at(-1), "thr false");
  assert.equal(await writer.all(toBytes("four")), false);
});

Deno.test("ClientWriter.expect(): a peer below the rate is too slow, while it is waited for", async () => {
  const { stream, writer, send, clock } = start();
  stream.hold();
  writer.expect(100);
  send("x".repeat(3_000));
  for (let second = 0; second < 40; second++) {
    assert.equal(writer.tooSlow, second > 30, `after ${second} s`);
    stream.take(50);
    await settled();
    clock.advance(1_000);
  }
  writer.expect(null);
  assert.equal(writer.tooSlow, false);
});

Deno.test("ClientWriter.expect(): time without anything to write does not count", async () => {
  const { writer, send, clock } = start();
  writer.expect(1_000);
  for (let i = 0; i < 10; i++) {
    send("x");
    await settled();
    clock.advance(60_000);
    assert.equal(writer.tooSlow, false);
  }
});

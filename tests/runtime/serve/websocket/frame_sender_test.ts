import { turn } from "../../../support/turn.ts";
import { strict as assert } from "node:assert";
import type { ByteStream } from "../../../../src/core/byte_stream.ts";
import { CLOSE, PONG, TEXT } from "../../../../src/http/websocket/opcode.ts";
import { FrameDecoder } from "../../../../src/http/websocket/frame_decoder.ts";
import { FrameSender } from "../../../../src/runtime/serve/websocket/frame_sender.ts";

/** A stream that takes bytes when the test says so. */
class HeldStream implements ByteStream {
  readonly written: number[] = [];
  ends = 0;
  #waiting: PromiseWithResolvers<number> | null = null;
  #bytes: Uint8Array = new Uint8Array(0);

  read(): Promise<number | null> {
    throw new Error("nobody reads");
  }

  write(bytes: Uint8Array): Promise<number> {
    assert.equal(this.#waiting, null, "one write at a time");
    this.#bytes = bytes;
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  closeWrite(): Promise<void> {
    this.ends++;
    return Promise.resolve();
  }

  close(): void {}

  /** Takes this much of what is being written. */
  async take(most = Infinity): Promise<void> {
    const count = Math.min(most, this.#bytes.length), waiting = this.#waiting;
    this.written.push(...this.#bytes.subarray(0, count));
    this.#waiting = null;
    waiting?.resolve(count);
    await settled();
  }

  /** Takes everything there is. */
  async takeAll(): Promise<void> {
    while (this.#waiting !== null) await this.take();
  }

  async fail(): Promise<void> {
    this.#waiting?.reject(new Error("reset"));
    await settled();
  }

  /** The frames written, as `opcode:text`. */
  get frames(): string[] {
    const bytes = Uint8Array.from(this.written);
    return [...new FrameDecoder(true).decode(bytes, 0, bytes.length)].map(({ opcode, payload }) =>
      `${opcode}:${new TextDecoder().decode(payload)}`
    );
  }
}

async function settled(): Promise<void> {
  await turn();
}

const bytes = (text: string) => new TextEncoder().encode(text);

function make() {
  const stream = new HeldStream(), told: string[] = [];
  const sender = new FrameSender(stream, {
    flushed: () => void told.push("flushed"),
    failed: () => void told.push("failed"),
  });
  return { stream, told, sender };
}

Deno.test("FrameSender writes frames in order, one write at a time, however little is taken", async () => {
  const { stream, told, sender } = make();
  for (const text of ["one", "two", ""]) sender.send(TEXT, bytes(text));
  assert.ok(sender.pending > 0 && !sender.idle);
  await stream.take(1);
  await stream.take(2);
  sender.send(TEXT, bytes("three"));
  await stream.takeAll();
  assert.deepEqual(stream.frames, ["one", "two", "", "three"].map((text) => `${TEXT}:${text}`));
  assert.deepEqual([sender.pending, sender.idle, told], [0, true, ["flushed"]]);
});

Deno.test("FrameSender answers the last of the pings that came while it wrote, and one at once while it is idle", async () => {
  const { stream, sender } = make();
  sender.pong(bytes("first"));
  for (const text of ["second", "third", "fourth"]) sender.pong(bytes(text));
  await stream.takeAll();
  assert.deepEqual(stream.frames, [`${PONG}:first`, `${PONG}:fourth`]);
});

Deno.test("FrameSender sends nothing behind a Close frame", async () => {
  const { stream, sender } = make();
  sender.send(TEXT, bytes("before"));
  sender.pong(bytes("waits"));
  sender.close(1005, "");
  sender.close(1000, "again");
  sender.send(TEXT, bytes("behind"));
  sender.pong(bytes("behind"));
  assert.equal(sender.closed, true);
  await stream.takeAll();
  assert.deepEqual(stream.frames, [`${TEXT}:before`, `${CLOSE}:`]);
});

Deno.test("FrameSender ends the stream once, behind everything that was sent", async () => {
  const { stream, told, sender } = make();
  sender.send(TEXT, bytes("last"));
  sender.end();
  sender.end();
  sender.send(TEXT, bytes("behind"));
  assert.equal(stream.ends, 0);
  await stream.takeAll();
  assert.deepEqual([stream.frames, stream.ends, told], [[`${TEXT}:last`], 1, ["flushed"]]);
});

Deno.test("FrameSender tells once that a stream takes no more, and is quiet from then on", async () => {
  const { stream, told, sender } = make();
  sender.send(TEXT, bytes("lost"));
  await stream.fail();
  sender.send(TEXT, bytes("more"));
  sender.close(1000, "");
  sender.end();
  await settled();
  assert.deepEqual([told, sender.closed, stream.written, stream.ends], [["failed"], true, [], 0]);
});

Deno.test("FrameSender counts what is held: empty messages are not free", () => {
  const { sender } = make();
  for (let i = 0; i < 1000; i++) sender.send(TEXT, bytes(""));
  assert.ok(sender.pending > 100_000, String(sender.pending));
});

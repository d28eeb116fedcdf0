import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type FrameEvents, FrameInput } from "../../../src/runtime/h2/frame_input.ts";
import * as f from "./frames.ts";
import { MemoryStream } from "./memory_stream.ts";
import { settled } from "./peer.ts";

/** Frames as text, and how the input ended. */
class Record implements FrameEvents {
  readonly seen: string[] = [];
  input: FrameInput | null = null;

  frame({ type, flags, stream, bytes, start, end }: Parameters<FrameEvents["frame"]>[0]): void {
    this.seen.push(`${type} ${flags} ${stream} ${bytes.subarray(start, end).toString("latin1")}`);
  }
  told(): void {
    this.input!.arm();
  }
  broken(cause: unknown): void {
    this.seen.push(`broken: ${(cause as Error).message}`);
  }
  ended(): void {
    this.seen.push("ended");
  }
  lost(): void {
    this.seen.push("lost");
  }
}

const frame = fc.record({
  type: fc.nat({ max: 12 }),
  flags: fc.nat({ max: 255 }),
  stream: fc.nat({ max: 1_000 }),
  size: fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 16_384 })),
});

Deno.test("FrameInput finds the same frames however their bytes are split", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { maxLength: 12 }),
      fc.array(fc.nat({ max: 20_000 }), { maxLength: 12 }),
      fc.boolean(),
      async (frames, cuts, ready) => {
        const sent = frames.map(({ type, flags, stream, size }) =>
          f.frame(type, flags, stream, new Uint8Array(size).map((_, i) => 97 + (i + stream) % 26))
        );
        const all = f.bytes(f.PREFACE, ...sent), stream = new MemoryStream(), record = new Record();
        const places = [...new Set(cuts.map((cut) => cut % all.length))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((from, i) => all.subarray(from, places[i] ?? all.length));
        const input = record.input = new FrameInput(stream, ready ? pieces.shift()! : null, record);
        input.begin();
        for (const piece of pieces) {
          stream.put(piece);
          await settled();
        }
        for (let turns = 0; turns < 50 && record.seen.length < frames.length; turns++) await settled();
        stream.end();
        await settled();
        const expected = frames.map(({ type, flags, stream, size }) =>
          `${type} ${flags} ${stream} ${
            String.fromCharCode(...Array.from({ length: size }, (_, i) => 97 + (i + stream) % 26))
          }`
        );
        assert.deepEqual(record.seen, [...expected, "ended"]);
      },
    ),
    { numRuns: 60 },
  );
});

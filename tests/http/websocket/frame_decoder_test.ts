import { strict as assert } from "node:assert";
import fc from "fast-check";
import { encodeFrame, type FrameInit } from "../../../src/http/websocket/frame.ts";
import { FrameDecoder } from "../../../src/http/websocket/frame_decoder.ts";
import { FrameWatcher } from "../../../src/http/websocket/frame_watcher.ts";
import { WebSocketError } from "../../../src/http/websocket/websocket_error.ts";
import { concat, cuts, frames, hex, pieces, RFC_EXAMPLES, VIOLATIONS } from "./frame_samples.ts";

/** A frame as its chunks told it. */
interface Seen {
  fin: boolean;
  opcode: number;
  payload: Uint8Array;
}

/** Decodes the pieces one after another, checking that the chunks of each frame fit together. */
function decodeAll(decoder: FrameDecoder, pieces: readonly Uint8Array[]): Seen[] {
  const seen: Seen[] = [];
  let chunks: Uint8Array[] | null = null;
  for (const piece of pieces) {
    for (const { fin, opcode, length, first, last, payload } of decoder.decode(piece, 0, piece.length)) {
      assert.equal(first, chunks === null);
      (chunks ??= []).push(payload.slice());
      assert.equal(last, concat(chunks).length === length);
      if (!last) continue;
      seen.push({ fin, opcode, payload: concat(chunks) });
      chunks = null;
    }
  }
  return seen;
}

const plain = ({ fin, opcode, payload }: FrameInit): Seen => ({ fin, opcode, payload });
const isError = (error: unknown) => error instanceof WebSocketError && error.closeCode === 1002;

for (const [what, frame] of RFC_EXAMPLES) {
  Deno.test(`decode() reads ${what} of RFC 6455 §5.7`, () => {
    const decoder = new FrameDecoder(frame.mask !== undefined);
    assert.deepEqual(decodeAll(decoder, [encodeFrame(frame)]), [plain(frame)]);
  });
}

for (
  const [what, bytes] of [
    ...VIOLATIONS,
    ["bits of an extension that is not in use", hex("c100")],
    ["a bit that nobody uses", hex("9100")],
    ["a masked frame of a server", hex("818001020304")],
  ] as const
) {
  Deno.test(`decode() refuses ${what} with 1002, behind the frames that were good (RFC 6455 §5)`, () => {
    const decoder = new FrameDecoder(false), all = concat([hex("8101418901428000"), bytes, hex("8100")]);
    const decoding = decoder.decode(all, 0, all.length);
    for (let i = 0; i < 3; i++) assert.equal(decoding.next().done, false);
    assert.throws(() => decoding.next(), isError);
    assert.throws(() => decodeAll(decoder, [hex("8100")]), isError, "for good");
  });
}

Deno.test("decode() refuses an unmasked frame of a client (RFC 6455 §5.1)", () => {
  assert.throws(() => decodeAll(new FrameDecoder(true), [hex("8100")]), isError);
});

Deno.test("decode() goes on only when it is asked to", () => {
  const decoder = new FrameDecoder(false), bytes = hex("810141810142");
  const decoding = decoder.decode(bytes, 0, bytes.length);
  assert.equal(decoding.next().value?.payload[0], 0x41);
  // What is not asked for yet has not been looked at.
  bytes[5] = 0x43;
  assert.equal(decoding.next().value?.payload[0], 0x43);
  assert.equal(decoding.next().done, true);
});

Deno.test("decode() keeps to its part of the bytes", () => {
  const bytes = hex("ff81850000000048656c6c6fff"), before = bytes.slice();
  assert.deepEqual([...new FrameDecoder(true).decode(bytes, 1, 12)].map(({ payload }) => payload), [hex("48656c6c6f")]);
  assert.deepEqual(bytes, before, "a mask of zeros changes nothing");
});

Deno.test("property: frames come out the same wherever their bytes are cut", () => {
  const sequence = fc.boolean().chain((masked) => fc.tuple(fc.constant(masked), frames(masked)));
  fc.assert(fc.property(sequence, cuts, ([masked, frames], cuts) => {
    const bytes = concat(frames.map(encodeFrame));
    assert.deepEqual(decodeAll(new FrameDecoder(masked), pieces(bytes, cuts)), frames.map(plain));
  }));
});

Deno.test("property: decoder and watcher agree about boundaries and violations", () => {
  const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) =>
    bytes.map((byte, i) => i % 7 === 1 ? byte % 6 : byte & 0x8f)
  );
  fc.assert(
    fc.property(
      fc.oneof(frames(false).map((frames) => concat(frames.map(encodeFrame))), noise),
      cuts,
      (bytes, cuts) => {
        const decoder = new FrameDecoder(false), watcher = new FrameWatcher();
        let ended = 0;
        for (const piece of pieces(bytes, cuts)) {
          let within = true;
          try {
            for (const { last } of decoder.decode(piece.slice(), 0, piece.length)) {
              if (last) ended++;
              within = !last;
            }
          } catch (error) {
            assert.ok(isError(error));
            // The decoder refuses more: masks in this direction, and no frame is followed behind a Close frame by the watcher.
            return;
          }
          watcher.watch(piece, 0, piece.length);
          if (watcher.closeCode !== null) return;
          assert.equal(watcher.broken, null);
          assert.equal(watcher.frames, ended);
          if (watcher.atBoundary && piece.length > 0) assert.equal(within, false);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

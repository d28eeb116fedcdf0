import { strict as assert } from "node:assert";
import fc from "fast-check";
import { closeFrame, encodeFrame } from "../../../src/http/websocket/frame.ts";
import { FrameWatcher } from "../../../src/http/websocket/frame_watcher.ts";
import { boundaries, concat, cuts, frames, hex, pieces, RFC_EXAMPLES, VIOLATIONS } from "./frame_samples.ts";

function watchAll(bytes: Uint8Array, watcher = new FrameWatcher()): FrameWatcher {
  watcher.watch(bytes, 0, bytes.length);
  return watcher;
}

for (const [what, frame, , length] of RFC_EXAMPLES) {
  Deno.test(`watch() is at a boundary behind ${what} (RFC 6455 §5.7), and not within`, () => {
    const bytes = encodeFrame(frame);
    for (const to of [1, 2, 3, length - 1]) {
      const watcher = watchAll(bytes.subarray(0, to));
      assert.deepEqual([watcher.atBoundary, watcher.frames, watcher.broken], [false, 0, null], `${to} bytes`);
    }
    const watcher = watchAll(bytes);
    assert.deepEqual([watcher.atBoundary, watcher.frames, watcher.broken], [true, 1, null]);
  });
}

Deno.test("a new watcher is at a boundary and has seen nothing", () => {
  const { atBoundary, frames, closeCode, broken } = watchAll(new Uint8Array(0));
  assert.deepEqual({ atBoundary, frames, closeCode, broken }, {
    atBoundary: true,
    frames: 0,
    closeCode: null,
    broken: null,
  });
});

Deno.test("watch() lets the bits of extensions pass: permessage-deflate, and all three", () => {
  assert.equal(watchAll(hex("c10548656c6c6f")).frames, 1);
  assert.equal(watchAll(hex("f10548656c6c6f")).broken, null);
});

for (const [what, bytes] of VIOLATIONS) {
  Deno.test(`watch() tells of ${what}, in one piece and in many (RFC 6455 §5)`, () => {
    for (const before of ["", "8100", "0100"]) {
      const all = concat([hex(before), bytes]);
      const whole = watchAll(all), split = new FrameWatcher();
      for (const piece of pieces(all, [...all.keys()])) split.watch(piece, 0, piece.length);
      assert.notEqual(whole.broken, null);
      assert.equal(split.broken, whole.broken);
      assert.equal(whole.frames, before === "" ? 0 : 1);
    }
  });
}

Deno.test("a broken watcher stays so, is at no boundary and uses whatever comes", () => {
  const watcher = watchAll(hex("8300"));
  const reason = watcher.broken;
  assert.equal(watcher.watchFrame(hex("81008100"), 1, 4), 4);
  watcher.watch(hex("8100"), 0, 2);
  assert.deepEqual([watcher.atBoundary, watcher.frames, watcher.broken], [false, 0, reason]);
});

Deno.test("closeCode is that of the Close frame, masked or not, once the frame is through", () => {
  const mask = Uint8Array.of(0xde, 0xad, 0xbe, 0xef);
  const table: [Uint8Array, number][] = [
    [closeFrame(1000, ""), 1000],
    [closeFrame(1001, "going", mask), 1001],
    [closeFrame(4321, "x".repeat(123), mask), 4321],
    [closeFrame(1005, ""), 1005],
    [closeFrame(1005, "", mask), 1005],
    // Codes that may not be sent are passed on as they are.
    [hex("88020000"), 0],
  ];
  for (const [frame, code] of table) {
    const watcher = new FrameWatcher();
    for (let i = 0; i < frame.length; i++) {
      assert.equal(watcher.closeCode, null);
      watcher.watch(frame, i, i + 1);
    }
    assert.deepEqual([watcher.closeCode, watcher.atBoundary, watcher.frames], [code, true, 1]);
    assert.equal(watchAll(frame).closeCode, code);
  }
});

Deno.test("a Close frame with half a code breaks the direction (RFC 6455 §5.5.1)", () => {
  const watcher = watchAll(hex("880103"));
  assert.deepEqual([watcher.closeCode, watcher.broken], [1005, "a Close frame with half a code"]);
});

Deno.test("frames behind the Close frame break the direction and leave its code (RFC 6455 §5.5.1)", () => {
  for (const frame of ["8100", "880203e8"]) {
    const watcher = watchAll(concat([closeFrame(1001, ""), hex(frame)]));
    assert.deepEqual([watcher.closeCode, watcher.broken], [1001, "a frame behind the Close frame"]);
  }
});

Deno.test("a direction is ended between two frames of a piece", () => {
  const watcher = watchAll(hex("81054865"));
  assert.equal(watcher.atBoundary, false);
  const next = hex("6c6c6f810248");
  const cut = watcher.watchFrame(next, 0, next.length);
  assert.deepEqual([cut, watcher.atBoundary, watcher.closeCode], [3, true, null]);
});

Deno.test("property: boundaries are found wherever the bytes are cut, and no byte is changed", () => {
  fc.assert(fc.property(fc.boolean().chain(frames), cuts, (frames, cuts) => {
    const bytes = concat(frames.map(encodeFrame)), ends = new Set([0, ...boundaries(frames)]);
    const watcher = new FrameWatcher();
    let at = 0;
    for (const piece of pieces(bytes, cuts)) {
      const before = piece.slice();
      watcher.watch(piece, 0, piece.length);
      assert.deepEqual(piece, before);
      at += piece.length;
      assert.equal(watcher.atBoundary, ends.has(at));
      assert.equal(watcher.frames, [...ends].filter((end) => end > 0 && end <= at).length);
    }
    assert.deepEqual([watcher.broken, watcher.closeCode], [null, null]);
  }));
});

Deno.test("property: watchFrame() stops at the next boundary and nowhere else", () => {
  fc.assert(fc.property(fc.boolean().chain(frames), cuts, (frames, cuts) => {
    const bytes = concat(frames.map(encodeFrame)), seen: number[] = [];
    const watcher = new FrameWatcher();
    let start = 0;
    for (const piece of pieces(bytes, cuts)) {
      for (let i = 0; i < piece.length;) {
        i = watcher.watchFrame(piece, i, piece.length);
        if (watcher.atBoundary) seen.push(start + i);
        else assert.equal(i, piece.length);
      }
      start += piece.length;
    }
    assert.deepEqual(seen, boundaries(frames));
  }));
});

Deno.test("property: no bytes make a watcher throw, and cuts do not change what it says", () => {
  const header = fc.tuple(
    fc.constantFrom(0x81, 0x01, 0x80, 0x82, 0x88, 0x89, 0xc1, 0x83),
    fc.nat(140),
    fc.uint8Array(),
  );
  const noise = fc.array(header, { maxLength: 6 }).map((list) =>
    Uint8Array.from(list.flatMap(([a, b, c]) => [a, b, ...c]))
  );
  fc.assert(
    fc.property(noise, cuts, (bytes, cuts) => {
      const whole = watchAll(bytes), split = new FrameWatcher();
      for (const piece of pieces(bytes, cuts)) split.watch(piece, 0, piece.length);
      const facts = (
        { atBoundary, frames, closeCode, broken }: FrameWatcher,
      ) => [atBoundary, frames, closeCode, broken];
      assert.deepEqual(facts(split), facts(whole));
    }),
    { numRuns: 1000 },
  );
});

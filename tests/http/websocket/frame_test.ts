import { strict as assert } from "node:assert";
import { closeFrame, encodeFrame } from "../../../src/http/websocket/frame.ts";
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT } from "../../../src/http/websocket/opcode.ts";
import { hex, RFC_EXAMPLES } from "./frame_samples.ts";

for (const [what, frame, start, length] of RFC_EXAMPLES) {
  Deno.test(`encodeFrame() writes ${what} as RFC 6455 §5.7 does`, () => {
    const bytes = encodeFrame(frame), expected = hex(start);
    assert.deepEqual(bytes.subarray(0, expected.length), expected);
    assert.equal(bytes.length, length);
  });
}

Deno.test("encodeFrame() writes each length in its shortest form (RFC 6455 §5.2)", () => {
  const table: [number, string][] = [
    [0, "8200"],
    [125, "827d"],
    [126, "827e007e"],
    [65535, "827effff"],
    [65536, "827f0000000000010000"],
    [0x1020304, "827f0000000001020304"],
  ];
  for (const [length, header] of table) {
    const bytes = encodeFrame({ fin: true, opcode: BINARY, payload: new Uint8Array(length).fill(0xaa) });
    assert.equal(bytes.subarray(0, header.length / 2).toHex(), header);
    assert.equal(bytes.length, header.length / 2 + length);
    assert.equal(bytes.at(-1), length === 0 ? 0 : 0xaa);
  }
});

Deno.test("encodeFrame() copies the payload and leaves it as it was", () => {
  const payload = Uint8Array.of(1, 2, 3), mask = Uint8Array.of(9, 9, 9, 9);
  const frame = encodeFrame({ fin: true, opcode: TEXT, payload, mask });
  assert.deepEqual(payload, Uint8Array.of(1, 2, 3));
  payload.fill(0);
  assert.equal(frame.toHex(), "818309090909080b0a");
});

Deno.test("encodeFrame() makes no control frame that is too long or in pieces (RFC 6455 §5.5)", () => {
  for (const opcode of [CLOSE, PING, PONG]) {
    assert.equal(encodeFrame({ fin: true, opcode, payload: new Uint8Array(125) }).length, 127);
    assert.throws(() => encodeFrame({ fin: true, opcode, payload: new Uint8Array(126) }), RangeError);
    assert.throws(() => encodeFrame({ fin: false, opcode, payload: new Uint8Array(1) }), RangeError);
  }
  assert.equal(encodeFrame({ fin: false, opcode: CONTINUATION, payload: new Uint8Array(126) }).length, 130);
});

Deno.test("closeFrame() writes code and reason (RFC 6455 §5.5.1)", () => {
  assert.equal(closeFrame(1001, "").toHex(), "880203e9");
  assert.equal(closeFrame(1000, "bye ä").toHex(), "880803e862796520c3a4");
  assert.equal(closeFrame(4999, "", Uint8Array.of(1, 2, 3, 4)).toHex(), "8882010203041285");
  assert.equal(closeFrame(1001, "x".repeat(123)).length, 127);
});

Deno.test("closeFrame() writes 1005 as a frame without a code", () => {
  assert.equal(closeFrame(1005, "").toHex(), "8800");
  assert.equal(closeFrame(1005, "", Uint8Array.of(1, 2, 3, 4)).toHex(), "888001020304");
});

Deno.test("closeFrame() refuses codes that may not be sent and reasons that do not fit (RFC 6455 §7.4)", () => {
  for (const code of [0, 999, 1004, 1006, 1015, 1016, 2999, 5000, 65536, NaN]) {
    assert.throws(() => closeFrame(code, ""), RangeError, String(code));
  }
  assert.throws(() => closeFrame(1005, "why"), RangeError);
  assert.throws(() => closeFrame(1000, "ä".repeat(62)), RangeError);
});

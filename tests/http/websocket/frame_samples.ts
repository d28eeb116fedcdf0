/** Frames to test with: those of RFC 6455 §5.7, and any others. @module */

import fc from "fast-check";
import { encodeFrame, type FrameInit } from "../../../src/http/websocket/frame.ts";
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT } from "../../../src/http/websocket/opcode.ts";

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
export const hex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

const MASK = hex("37fa213d");
const hello = latin1("Hello");

/** What it is, the frame, its first bytes in hex, its length. */
export const RFC_EXAMPLES: readonly [string, FrameInit, string, number][] = [
  ["an unmasked text message", { fin: true, opcode: TEXT, payload: hello }, "810548656c6c6f", 7],
  ["a masked text message", { fin: true, opcode: TEXT, payload: hello, mask: MASK }, "818537fa213d7f9f4d5158", 11],
  ["the first of two fragments", { fin: false, opcode: TEXT, payload: latin1("Hel") }, "010348656c", 5],
  ["the last of two fragments", { fin: true, opcode: CONTINUATION, payload: latin1("lo") }, "80026c6f", 4],
  ["an unmasked ping", { fin: true, opcode: PING, payload: hello }, "890548656c6c6f", 7],
  ["a masked pong", { fin: true, opcode: PONG, payload: hello, mask: MASK }, "8a8537fa213d7f9f4d5158", 11],
  ["256 bytes of binary", { fin: true, opcode: BINARY, payload: new Uint8Array(256) }, "827e0100", 260],
  ["64 KiB of binary", { fin: true, opcode: BINARY, payload: new Uint8Array(65536) }, "827f0000000000010000", 65546],
];

const payload = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 20 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(125, 126, 127, 65535, 65536).map((length) => new Uint8Array(length).fill(7)),
  },
);
const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });

/** Frames of one direction in any order of opcodes, without a Close frame. */
export function frames(masked: boolean): fc.Arbitrary<FrameInit[]> {
  const base = { mask: masked ? mask : fc.constant(undefined) };
  const data = fc.record({ fin: fc.boolean(), opcode: fc.constantFrom(CONTINUATION, TEXT, BINARY), payload, ...base });
  const control = fc.record({
    fin: fc.constant(true),
    opcode: fc.constantFrom(PING, PONG),
    payload: fc.uint8Array({ maxLength: 125 }),
    ...base,
  });
  return fc.array(fc.oneof(data, control), { maxLength: 8 });
}

/** Where to cut bytes: near the start, where the headers of small frames are, and anywhere. */
export const cuts: fc.Arbitrary<number[]> = fc.array(fc.oneof(fc.nat(40), fc.nat()), { maxLength: 12 });

/** The bytes in copies that end at the cuts. */
export function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  return ends.map((end, i) => bytes.slice(ends[i - 1] ?? 0, end));
}

/** The places in the joined bytes where a frame ends. */
export function boundaries(frames: readonly FrameInit[]): number[] {
  let end = 0;
  return frames.map((frame) => end += encodeFrame(frame).length);
}

/** Bytes that no WebSocket may send, whatever extensions it uses. */
export const VIOLATIONS: readonly [string, Uint8Array][] = [
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Uint8Array] => [
    `the reserved opcode ${opcode}`,
    Uint8Array.of(0x80 | opcode, 0),
  ]),
  ["a ping of 126 bytes", hex("897e007e")],
  ["a ping of 64 KiB", hex("897f0000000000010000")],
  ["a Close frame of 126 bytes", hex("887e007e")],
  ["a fragmented ping", hex("0900")],
  ["a fragmented Close frame", Uint8Array.of(CLOSE, 0)],
  ["125 as 16 bits", hex("827e007d")],
  ["0 as 16 bits", hex("827e0000")],
  ["65535 as 64 bits", hex("827f000000000000ffff")],
  ["0 as 64 bits", hex("827f0000000000000000")],
  ["a 64-bit length with its top bit", hex("827f8000000000000000")],
  ["a 64-bit length of ones", hex("827fffffffffffffffff")],
  ["a length that cannot be counted", hex("827f0020000000000000")],
];

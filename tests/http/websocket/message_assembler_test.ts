import { strict as assert } from "node:assert";
import fc from "fast-check";
import { closeFrame, encodeFrame, type FrameInit } from "../../../src/http/websocket/frame.ts";
import { FrameDecoder } from "../../../src/http/websocket/frame_decoder.ts";
import { type Message, MessageAssembler } from "../../../src/http/websocket/message_assembler.ts";
import { BINARY, CONTINUATION, PING, PONG, TEXT } from "../../../src/http/websocket/opcode.ts";
import { WebSocketError } from "../../../src/http/websocket/websocket_error.ts";
import { concat, cuts, hex, latin1, pieces } from "./frame_samples.ts";

const utf8 = new TextEncoder();

/** Messages of a server, up to an error, and its close code. */
function read(
  bytes: Uint8Array,
  cuts: readonly number[] = [],
  maxBytes = 1000,
): { messages: Message[]; error: number } {
  const decoder = new FrameDecoder(false), assembler = new MessageAssembler(maxBytes), messages: Message[] = [];
  try {
    for (const piece of pieces(bytes, cuts)) {
      for (const chunk of decoder.decode(piece, 0, piece.length)) {
        const message = assembler.add(chunk);
        if (message !== null) messages.push(message);
      }
      // Nothing that was given out may change when the buffer is used again.
      piece.fill(0xff);
    }
  } catch (error) {
    if (!(error instanceof WebSocketError)) throw error;
    return { messages, error: error.closeCode };
  }
  return { messages, error: 0 };
}

/** In pieces of one byte as well. */
function readBoth(bytes: Uint8Array, maxBytes?: number): { messages: Message[]; error: number } {
  const whole = read(bytes, [], maxBytes);
  assert.deepEqual(read(bytes, [...bytes.keys()], maxBytes), whole);
  return whole;
}

const frame = (fin: boolean, opcode: number, payload: Uint8Array) => encodeFrame({ fin, opcode, payload });
const text = (value: string) => ({ kind: "text", text: value });

Deno.test("add() joins fragments, and gives control frames out between them (RFC 6455 §5.4)", () => {
  const bytes = concat([
    frame(false, TEXT, latin1("Hel")),
    frame(true, PING, latin1("a")),
    frame(false, CONTINUATION, latin1("")),
    frame(true, PONG, latin1("bc")),
    frame(true, CONTINUATION, latin1("lo")),
    frame(true, BINARY, Uint8Array.of(0, 255)),
  ]);
  assert.deepEqual(readBoth(bytes), {
    messages: [
      { kind: "ping", bytes: latin1("a") },
      { kind: "pong", bytes: latin1("bc") },
      text("Hello"),
      { kind: "binary", bytes: Uint8Array.of(0, 255) },
    ],
    error: 0,
  });
});

Deno.test("add() gives empty messages", () => {
  const bytes = concat([frame(true, TEXT, latin1("")), frame(true, BINARY, latin1("")), frame(true, PING, latin1(""))]);
  const empty = new Uint8Array(0);
  const messages = [text(""), { kind: "binary", bytes: empty }, { kind: "ping", bytes: empty }];
  assert.deepEqual(readBoth(bytes), { messages, error: 0 });
});

Deno.test("add() keeps a byte order mark, and characters that are cut by fragments", () => {
  const bytes = utf8.encode("\ufeffä€😀");
  const fragments = [...bytes].map((byte, i) => frame(i === bytes.length - 1, i === 0 ? TEXT : 0, Uint8Array.of(byte)));
  assert.deepEqual(readBoth(concat(fragments)).messages, [text("\ufeffä€😀")]);
});

Deno.test("add() reads Close frames (RFC 6455 §5.5.1, §7.4)", () => {
  const table: [Uint8Array, number, string][] = [
    [closeFrame(1000, ""), 1000, ""],
    [closeFrame(1001, "gone ä"), 1001, "gone ä"],
    [closeFrame(1005, ""), 1005, ""],
    ...[1003, 1007, 1011, 1014, 3000, 4999].map((
      code,
    ): [Uint8Array, number, string] => [closeFrame(code, ""), code, ""]),
  ];
  for (const [bytes, code, reason] of table) {
    assert.deepEqual(readBoth(bytes), { messages: [{ kind: "close", code, reason }], error: 0 });
  }
});

Deno.test("add() ignores what comes behind a Close frame (RFC 6455 §1.4)", () => {
  const bytes = concat([closeFrame(1000, ""), frame(true, TEXT, hex("ff")), closeFrame(1001, "")]);
  assert.deepEqual(readBoth(bytes), { messages: [{ kind: "close", code: 1000, reason: "" }], error: 0 });
});

Deno.test("add() gives a Close frame out within a message in pieces", () => {
  const bytes = concat([frame(false, TEXT, latin1("Hel")), closeFrame(1001, "")]);
  assert.deepEqual(readBoth(bytes).messages, [{ kind: "close", code: 1001, reason: "" }]);
});

const ERRORS: [string, number, Uint8Array[]][] = [
  ["a continuation of nothing", 1002, [frame(true, CONTINUATION, latin1("a"))]],
  ["a continuation behind a whole message", 1002, [frame(true, TEXT, latin1("a")), frame(true, CONTINUATION, hex(""))]],
  ["text within text", 1002, [frame(false, TEXT, latin1("a")), frame(true, TEXT, latin1("b"))]],
  ["binary within text", 1002, [frame(false, TEXT, latin1("a")), frame(false, BINARY, latin1("b"))]],
  ["an empty message within another", 1002, [frame(false, TEXT, hex("")), frame(true, TEXT, hex(""))]],
  ["a Close frame with half a code", 1002, [hex("880103")]],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535].map((code): [string, number, Uint8Array[]] => [
    `the close code ${code}`,
    1002,
    [Uint8Array.of(0x88, 2, code >> 8, code & 0xff)],
  ]),
  ["a close reason that is not UTF-8", 1007, [hex("880303e8ff")]],
  ["text that is not UTF-8", 1007, [frame(true, TEXT, hex("48ff"))]],
  ["an overlong form", 1007, [frame(true, TEXT, hex("c080"))]],
  ["a surrogate", 1007, [frame(true, TEXT, hex("eda080"))]],
  ["a character beyond U+10FFFF", 1007, [frame(true, TEXT, hex("f4908080"))]],
  ["text that ends within a character", 1007, [frame(false, TEXT, hex("e282")), frame(true, CONTINUATION, hex(""))]],
  ["a message above the limit", 1009, [frame(true, BINARY, new Uint8Array(1001))]],
  ["fragments above the limit", 1009, [
    frame(false, BINARY, new Uint8Array(600)),
    frame(true, CONTINUATION, new Uint8Array(401)),
  ]],
];

for (const [what, code, bad] of ERRORS) {
  Deno.test(`add() refuses ${what} with ${code}, behind the messages that were good`, () => {
    const good = frame(true, TEXT, latin1("good"));
    const { messages, error } = readBoth(concat([good, ...bad, good]));
    assert.equal(error, code);
    assert.deepEqual(messages[0], text("good"));
    assert.ok(messages.every((message) => message.kind === "text"));
  });
}

Deno.test("add() takes a message of just the limit, and counts each message anew", () => {
  const half = new Uint8Array(500), whole = new Uint8Array(1000);
  const bytes = concat([frame(true, 2, whole), frame(false, 2, half), frame(true, 0, half), frame(true, 2, whole)]);
  assert.equal(readBoth(bytes, 1000).messages.length, 3);
});

Deno.test("add() refuses a long frame with its first byte, before it is held", () => {
  const decoder = new FrameDecoder(false), assembler = new MessageAssembler(100);
  const bytes = hex("827f000000000001000041");
  const [chunk] = decoder.decode(bytes, 0, bytes.length);
  assert.throws(() => assembler.add(chunk), (error) => error instanceof WebSocketError && error.closeCode === 1009);
  assert.equal(assembler.pending, 0);
});

Deno.test("pending is what is held of a message", () => {
  const decoder = new FrameDecoder(false), assembler = new MessageAssembler(100);
  const bytes = concat([frame(false, TEXT, latin1("abc")), frame(false, 0, latin1("de")), frame(true, 0, latin1("f"))]);
  const held = [...decoder.decode(bytes, 0, bytes.length)].map((chunk) => {
    assembler.add(chunk);
    return assembler.pending;
  });
  assert.deepEqual(held, [3, 5, 0]);
});

/** A message as fragments, each perhaps followed by a control frame. */
const sent = fc.tuple(
  fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }).map((value): Message => ({ kind: "text", text: value })),
    fc.uint8Array({ maxLength: 300 }).map((bytes): Message => ({ kind: "binary", bytes: bytes.slice() })),
  ),
  cuts,
  fc.array(fc.option(fc.uint8Array({ maxLength: 125 }))),
);

Deno.test("property: messages come out whole, however they were fragmented and cut, with pings among them", () => {
  fc.assert(fc.property(fc.array(sent, { maxLength: 5 }), cuts, (all, cuts) => {
    const frames: FrameInit[] = [], expected: Message[] = [];
    for (const [message, fragments, pings] of all) {
      const payload = message.kind === "text"
        ? utf8.encode(message.text)
        : message.kind === "binary"
        ? message.bytes
        : hex("");
      const parts = pieces(payload, fragments);
      parts.forEach((part, i) => {
        const opcode = i > 0 ? CONTINUATION : message.kind === "text" ? TEXT : BINARY;
        frames.push({ fin: i === parts.length - 1, opcode, payload: part });
        if (i === parts.length - 1) expected.push(message);
        const ping = pings[i] ?? null;
        if (ping === null) return;
        frames.push({ fin: true, opcode: PING, payload: ping });
        expected.push({ kind: "ping", bytes: ping.slice() });
      });
    }
    assert.deepEqual(read(concat(frames.map(encodeFrame)), cuts), { messages: expected, error: 0 });
  }));
});

Deno.test("property: no bytes make add() throw anything but a WebSocketError", () => {
  const noise = fc.uint8Array({ maxLength: 80 }).map((bytes) =>
    bytes.map((byte, i) => i % 5 === 1 ? byte % 8 : byte & 0x8f)
  );
  fc.assert(
    fc.property(noise, cuts, (bytes, cuts) => {
      assert.deepEqual(read(bytes, cuts), read(bytes));
    }),
    { numRuns: 1000 },
  );
});

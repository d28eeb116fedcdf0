import { strict as assert } from "node:assert";
import { FrameHeader } from "../../../src/http/websocket/frame_header.ts";
import { hex } from "./frame_samples.ts";

const facts = ({ fin, rsv, opcode, masked, length, key, violation }: FrameHeader) => ({
  fin,
  rsv,
  opcode,
  masked,
  length,
  key: key.toHex(),
  violation,
});

Deno.test("read() reads one header after another, and what one has the next does not keep (RFC 6455 §5.2)", () => {
  const header = new FrameHeader();
  const bytes = hex("81fe007ea1b2c3d4" + "4203" + "897f0000000000010000" + "827f001fffffffffffff");
  const plain = { fin: true, rsv: 0, masked: false, key: "00000000", violation: null };
  const expected = [
    { ...plain, opcode: 1, masked: true, length: 126, key: "a1b2c3d4" },
    { ...plain, fin: false, rsv: 4, opcode: 2, length: 3 },
    { ...plain, opcode: 9, length: 65536, violation: "a control frame of more than 125 bytes" },
    { ...plain, opcode: 2, length: Number.MAX_SAFE_INTEGER },
  ];
  const seen = [], ends = [];
  for (let i = 0; i < bytes.length;) {
    i = header.read(bytes, i, bytes.length);
    assert.equal(header.complete, true);
    seen.push(facts(header));
    ends.push(i);
  }
  assert.deepEqual(seen, expected);
  assert.deepEqual(ends, [8, 10, 20, 30]);
});

Deno.test("begun is between the first and the last byte of a header", () => {
  const header = new FrameHeader(), bytes = hex("818500000000" + "81");
  assert.deepEqual([header.begun, header.complete], [false, false]);
  const states = [...bytes.keys()].map((i) => {
    header.read(bytes, i, i + 1);
    return header.begun;
  });
  assert.deepEqual(states, [true, true, true, true, true, false, true]);
});

/** WebSockets, frame by frame. @module */

import { Buffer } from "node:buffer";
import type { Behaviour } from "../behaviour.ts";
import { ClientConnection, Cut } from "../connection.ts";
import { contentOf, wrongContent } from "../content.ts";

const HANDSHAKE = [
  "GET /socket HTTP/1.1",
  ...["Host: soak.example", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
  ...["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""],
].join("\r\n");

const BINARY = 0x2, CLOSE = 0x8, FIN = 0x80, MASKED = 0x80;
/** Close code 1000 (RFC 6455 §7.4.1). */
const NORMAL = Buffer.from([0x03, 0xe8]);

/** Sends messages that come back, then closes as it should, or simply leaves. */
export const websocket: Behaviour = {
  id: "websocket",
  weight: 4,
  async run({ port, tally, nextId }, random) {
    using connection = await ClientConnection.open(port);
    const since = Date.now();
    await connection.send(HANDSHAKE);
    const head = await connection.head();
    tally.answered(head.status);
    if (head.status !== 101) {
      await connection.body(head);
      if (!tally.wasAway(since, Date.now())) tally.fault(`${head.status} for a WebSocket, and the origin was there`);
      return;
    }
    for (let left = 1 + random.below(20); left > 0; left--) {
      const id = nextId(), size = random.below(random.oneIn(4) ? 70_000 : 1000);
      await connection.send(frame(BINARY, contentOf(id, size)));
      const { opcode, payload } = await takeFrame(connection), wrong = wrongContent(payload, id, size);
      if (opcode === CLOSE) throw new Cut("the origin closed the WebSocket");
      if (opcode !== BINARY) tally.fault(`a frame with opcode ${opcode} in place of an echo`);
      else if (wrong !== null) tally.fault(`another message: ${wrong}`);
      tally.compared += size;
      if (random.oneIn(4)) await new Promise((resolve) => setTimeout(resolve, random.below(100)));
    }
    if (random.oneIn(3)) return;
    await connection.send(frame(CLOSE, NORMAL));
    const { opcode, payload } = await takeFrame(connection);
    if (opcode !== CLOSE) tally.fault(`a close is answered with opcode ${opcode}`);
    else if (!NORMAL.equals(payload)) throw new Cut(`a close is answered with ${payload.toHex()}`);
    await connection.ended();
  },
};

/** A client's frame (RFC 6455 §5.2). The mask is zero, which changes nothing. */
function frame(opcode: number, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : [
    ...[127, 0, 0, 0, 0],
    ...[length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255],
  ];
  size[0] |= MASKED;
  return Buffer.concat([Buffer.from([FIN | opcode, ...size, 0, 0, 0, 0]), payload]);
}

async function takeFrame(connection: ClientConnection): Promise<{ opcode: number; payload: Uint8Array }> {
  const [first, second] = await connection.take(2), short = second & 0x7f;
  const more = short < 126 ? [] : await connection.take(short === 126 ? 2 : 8);
  const length = short < 126 ? short : [...more].reduce((sum, byte) => sum * 256 + byte, 0);
  return { opcode: first & 0x0f, payload: await connection.take(length) };
}

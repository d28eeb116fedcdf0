/** A connection that speaks WebSocket frames, under a test's full control. @module */

import { closeFrame, encodeFrame } from "../../../../src/http/websocket/frame.ts";
import { applyMask, newMask } from "../../../../src/http/websocket/mask.ts";
import { BINARY, CLOSE, PING, PONG, TEXT } from "../../../../src/http/websocket/opcode.ts";
import type { Wire } from "../../../support/wire.ts";

/** A frame as it came, its payload unmasked. */
export interface ReceivedFrame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Uint8Array<ArrayBuffer>;
  /** The payload as UTF-8. */
  readonly text: string;
}

const encoder = new TextEncoder();

/** One side's end of a WebSocket behind the handshake. */
export class FrameWire {
  readonly wire: Wire;
  readonly #client: boolean;

  /** @param role whose part is played: a client masks its frames */
  constructor(wire: Wire, role: "client" | "server") {
    this.wire = wire;
    this.#client = role === "client";
  }

  /** Sends a whole message. */
  send(message: string | Uint8Array): Promise<void> {
    return typeof message === "string" ? this.frame(TEXT, encoder.encode(message)) : this.frame(BINARY, message);
  }

  /** Sends one frame. */
  frame(opcode: number, payload: Uint8Array | string = "", fin = true): Promise<void> {
    const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
    return this.wire.send(encodeFrame({ fin, opcode, payload: bytes, mask: this.#mask() }));
  }

  /** Sends a Close frame; 1005 for one without a code. */
  close(code = 1000, reason = ""): Promise<void> {
    return this.wire.send(closeFrame(code, reason, this.#mask()));
  }

  ping(payload: string): Promise<void> {
    return this.frame(PING, payload);
  }

  /** Takes the next frame. */
  async next(): Promise<ReceivedFrame> {
    const [first, second] = await this.wire.take(2), short = second & 0x7f;
    let length = short;
    if (short >= 126) {
      length = 0;
      for (const byte of await this.wire.take(short === 126 ? 2 : 8)) length = length * 256 + byte;
    }
    const masked = (second & 0x80) !== 0, mask = masked ? await this.wire.take(4) : null;
    const payload = await this.wire.take(length);
    if (mask !== null) applyMask(payload, 0, length, mask, 0);
    const text = new TextDecoder().decode(payload);
    return { fin: (first & 0x80) !== 0, opcode: first & 0x7f, masked, payload, text };
  }

  /** Takes the next frame as a text message. */
  async text(): Promise<string> {
    const { opcode, fin, text } = await this.next();
    if (opcode !== TEXT || !fin) throw new Error(`not a text message, but opcode ${opcode}: ${JSON.stringify(text)}`);
    return text;
  }

  /** Takes the next frame as a Close frame: its code, 1005 without one, and its reason. */
  async closed(): Promise<[code: number, reason: string]> {
    const { opcode, payload, text } = await this.next();
    if (opcode !== CLOSE) throw new Error(`not a Close frame, but opcode ${opcode}: ${JSON.stringify(text)}`);
    if (payload.length === 0) return [1005, ""];
    return [payload[0] * 256 + payload[1], new TextDecoder().decode(payload.subarray(2))];
  }

  /** Takes the next frame as a pong. */
  async pong(): Promise<string> {
    const { opcode, text } = await this.next();
    if (opcode !== PONG) throw new Error(`not a pong, but opcode ${opcode}`);
    return text;
  }

  #mask(): Uint8Array | undefined {
    return this.#client ? newMask() : undefined;
  }
}

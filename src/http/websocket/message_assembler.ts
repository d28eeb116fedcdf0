/** WebSocket messages out of frames (RFC 6455 §5.4, §5.5). @module */

import { INVALID_DATA, isSendable, NO_STATUS, PROTOCOL_ERROR, TOO_BIG } from "./close_code.ts";
import type { FrameChunk } from "./frame_decoder.ts";
import { CLOSE, CONTINUATION, isControl, PING, TEXT } from "./opcode.ts";
import { WebSocketError } from "./websocket_error.ts";

/** A whole message, or a control frame. Bytes are the receiver's own. */
export type Message =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "ping" | "pong"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `code` is 1005 where the frame has none. */
  | { readonly kind: "close"; readonly code: number; readonly reason: string };

/** A byte order mark is part of the text: it must arrive as it was sent. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Joins the chunks of one direction. Control frames come out at once, also between the pieces of a message. */
export class MessageAssembler {
  readonly #maxBytes: number;
  readonly #message = new Collected();
  readonly #control = new Collected();
  /** What the message in pieces is, `CONTINUATION` when there is none. */
  #kind = CONTINUATION;
  #closed = false;

  /** @param maxBytes of one message; longer ones fail before they are held */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes held of a message that is not whole. */
  get pending(): number {
    return this.#message.length;
  }

  /**
   * Takes the next chunk; its bytes are copied. What comes behind a Close frame is ignored (RFC 6455 §1.4).
   *
   * @returns what became whole with it, or `null`
   * @throws WebSocketError with 1002 for pieces out of order and a malformed Close frame, 1007 for text that is not UTF-8,
   * 1009 for a message above the limit. Nothing more is to be added then.
   */
  add(chunk: FrameChunk): Message | null {
    if (this.#closed) return null;
    if (isControl(chunk.opcode)) return this.#addControl(chunk);
    if (chunk.first) this.#begin(chunk);
    this.#message.add(chunk.payload);
    if (!chunk.last || !chunk.fin) return null;
    const kind = this.#kind, bytes = this.#message.take();
    this.#kind = CONTINUATION;
    return kind === TEXT ? { kind: "text", text: decodeText(bytes) } : { kind: "binary", bytes };
  }

  #begin({ opcode, length }: FrameChunk): void {
    if ((opcode === CONTINUATION) === (this.#kind === CONTINUATION)) {
      throw new WebSocketError(
        PROTOCOL_ERROR,
        opcode === CONTINUATION ? "a continuation of nothing" : "a new message before the end of the last",
      );
    }
    if (this.#message.length + length > this.#maxBytes) {
      throw new WebSocketError(TOO_BIG, `a message of more than ${this.#maxBytes} bytes`);
    }
    if (opcode !== CONTINUATION) this.#kind = opcode;
  }

  #addControl({ opcode, payload, last }: FrameChunk): Message | null {
    this.#control.add(payload);
    if (!last) return null;
    const bytes = this.#control.take();
    if (opcode !== CLOSE) return { kind: opcode === PING ? "ping" : "pong", bytes };
    this.#closed = true;
    return readClose(bytes);
  }
}

function readClose(bytes: Uint8Array): Message {
  if (bytes.length === 0) return { kind: "close", code: NO_STATUS, reason: "" };
  const code = bytes.length === 1 ? 0 : bytes[0] * 256 + bytes[1];
  if (!isSendable(code)) throw new WebSocketError(PROTOCOL_ERROR, "a Close frame without a valid code");
  return { kind: "close", code, reason: decodeText(bytes.subarray(2)) };
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new WebSocketError(INVALID_DATA, "text that is not UTF-8");
  }
}

const NOTHING = new Uint8Array(0);

/** One growing buffer: a message in a million pieces costs its bytes, not a million objects. */
class Collected {
  #bytes = NOTHING;
  length = 0;

  add(piece: Uint8Array): void {
    const length = this.length + piece.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.length));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.length);
    this.length = length;
  }

  /** Gives everything away and starts anew. */
  take(): Uint8Array<ArrayBuffer> {
    const whole = this.length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.length);
    this.#bytes = NOTHING;
    this.length = 0;
    return whole;
  }
}

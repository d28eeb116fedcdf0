/** WebSocket frames out of bytes, for an end of the connection that uses no extensions. @module */

import { PROTOCOL_ERROR } from "./close_code.ts";
import { FrameHeader } from "./frame_header.ts";
import { applyMask } from "./mask.ts";
import { WebSocketError } from "./websocket_error.ts";

/** As much of a frame as was there. Every frame gives at least one, also when its payload is empty. */
export interface FrameChunk {
  /** See opcode.ts. */
  readonly opcode: number;
  /** Whether the frame ends its message. */
  readonly fin: boolean;
  /** Bytes of the whole frame's payload. */
  readonly length: number;
  /** Whether the frame begins with this chunk. */
  readonly first: boolean;
  /** Whether the frame ends with this chunk. */
  readonly last: boolean;
  /** Unmasked. A view of the bytes that were given: it is the receiver's only as long as they are. */
  readonly payload: Uint8Array;
}

/** Takes the bytes of one direction in pieces of any size. */
export class FrameDecoder {
  readonly #masked: boolean;
  readonly #header = new FrameHeader();
  #left = 0;
  #failure: WebSocketError | null = null;

  /** @param masked whether the sender is the client, whose frames must be masked; a server's must not (RFC 6455 §5.1) */
  constructor(masked: boolean) {
    this.#masked = masked;
  }

  /**
   * Decodes `bytes[from, to)`, as far as it is asked to: the caller may wait between two chunks, and comes back with more
   * bytes when it has taken all of them. Payload is unmasked in place.
   *
   * @throws WebSocketError with 1002, behind the frames that were good, and for good
   */
  *decode(bytes: Uint8Array, from: number, to: number): Generator<FrameChunk, void, void> {
    if (this.#failure !== null) throw this.#failure;
    const header = this.#header;
    let i = from;
    while (i < to) {
      if (this.#left === 0) {
        i = header.read(bytes, i, to);
        if (!header.complete) return;
        this.#judge();
        this.#left = header.length;
        // The frame begins with its first bytes of payload, or here when it has none.
        if (i === to && header.length > 0) return;
      }
      const { opcode, fin, length } = header;
      const start = i, position = length - this.#left;
      i += Math.min(this.#left, to - i);
      this.#left -= i - start;
      if (header.masked) applyMask(bytes, start, i, header.key, position);
      yield { opcode, fin, length, first: position === 0, last: this.#left === 0, payload: bytes.subarray(start, i) };
    }
  }

  #judge(): void {
    const { violation, rsv, masked } = this.#header;
    if (violation !== null) this.#fail(violation);
    if (rsv !== 0) this.#fail("bits of an extension that is not in use");
    if (masked !== this.#masked) this.#fail(masked ? "a masked frame of a server" : "an unmasked frame of a client");
  }

  #fail(what: string): never {
    throw this.#failure = new WebSocketError(PROTOCOL_ERROR, what);
  }
}

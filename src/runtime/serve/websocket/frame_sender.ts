/** Frames to an endpoint, as its client sends them (RFC 6455 §5.1). @module */

import { writeAll } from "../../../core/write_all.ts";
import type { ByteStream } from "../../../core/byte_stream.ts";
import { closeFrame, encodeFrame } from "../../../http/websocket/frame.ts";
import { newMask } from "../../../http/websocket/mask.ts";
import { PONG } from "../../../http/websocket/opcode.ts";

/** What holding a frame costs besides its bytes: a thousand empty messages are not free. */
const FRAME_COST = 256;

/** Who hears what became of the frames. */
export interface SenderEvents {
  /** Everything so far has been written. */
  flushed(): void;
  /** The endpoint takes no more. Told once. */
  failed(): void;
}

/** Writes frames in order, one write at a time. */
export class FrameSender {
  readonly #stream: ByteStream;
  readonly #events: SenderEvents;
  #waiting: Uint8Array[] = [];
  #pong: Uint8Array | null = null;
  #pending = 0;
  #writing = false;
  #closed = false;
  #ending = false;
  #ended = false;

  constructor(stream: ByteStream, events: SenderEvents) {
    this.#stream = stream;
    this.#events = events;
  }

  /** Bytes, about, that are held because the endpoint has not taken them. */
  get pending(): number {
    return this.#pending;
  }

  /** Whether nothing is waiting or being written. */
  get idle(): boolean {
    return !this.#writing;
  }

  /** Whether a Close frame or an end stands behind the frames: what is sent after it goes nowhere. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a whole message or a control frame; the payload is copied. */
  send(opcode: number, payload: Uint8Array): void {
    if (!this.#closed) this.#add(encodeFrame({ fin: true, opcode, payload, mask: newMask() }));
  }

  /** Answers a ping. Of several that wait only the last is sent (RFC 6455 §5.5.3), so they cannot pile up. */
  pong(payload: Uint8Array): void {
    if (this.#writing) this.#pong = payload;
    else this.send(PONG, payload);
  }

  /** Sends a Close frame, and nothing more. @param code as {@link closeFrame} takes it */
  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#add(closeFrame(code, reason, newMask()));
  }

  /** Ends the stream behind what is sent. */
  end(): void {
    if (this.#ending) return;
    this.#closed = this.#ending = true;
    this.#start();
  }

  #add(frame: Uint8Array): void {
    this.#pending += frame.length + FRAME_COST;
    this.#waiting.push(frame);
    this.#start();
  }

  #start(): void {
    if (!this.#writing) this.#run();
  }

  async #run(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#waiting.length > 0 || this.#pong !== null) await this.#writeWaiting();
      if (this.#ending && !this.#ended) {
        this.#ended = true;
        await this.#stream.closeWrite();
      }
    } catch {
      // `#writing` stays: nothing is written any more.
      this.#closed = true;
      this.#waiting = [];
      return this.#events.failed();
    }
    this.#writing = false;
    this.#events.flushed();
  }

  async #writeWaiting(): Promise<void> {
    const frames = this.#waiting, pong = this.#pong;
    this.#waiting = [];
    this.#pong = null;
    if (pong !== null && !this.#closed) {
      await writeAll(this.#stream, encodeFrame({ fin: true, opcode: PONG, payload: pong, mask: newMask() }));
    }
    for (const frame of frames) {
      await writeAll(this.#stream, frame);
      this.#pending -= frame.length + FRAME_COST;
    }
  }
}

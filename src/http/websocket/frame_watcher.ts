/** Knows where the frames end in bytes that only pass through. @module */

import { NO_STATUS } from "./close_code.ts";
import { FrameHeader } from "./frame_header.ts";
import { CLOSE } from "./opcode.ts";

/**
 * Watches one direction of a WebSocket behind the handshake, in pieces of any size, and changes no byte. Extensions may
 * be in use: only what holds with all of them is judged, and a violation is told and not prevented, for the peers end
 * their connection themselves.
 *
 * To end a direction: finish the piece that is being written. While {@link atBoundary} is false, read on and write what
 * {@link watchFrame} uses. Then send a Close frame, unless {@link closeCode} says that the peer has sent its own (nothing
 * may follow it), or {@link broken} that nobody knows where a frame ends.
 */
export class FrameWatcher {
  readonly #header = new FrameHeader();
  /** Payload of the current frame that is still to come. */
  #left = 0;
  #frames = 0;
  #code = 0;
  #closeCode: number | null = null;
  #broken: string | null = null;

  /** Whether everything so far is whole frames, so that a frame of our own can follow. Never again once it is broken. */
  get atBoundary(): boolean {
    return this.#left === 0 && !this.#header.begun && this.#broken === null;
  }

  /** Whole frames so far, control frames included. */
  get frames(): number {
    return this.#frames;
  }

  /** The status code of the Close frame, 1005 when it has none; `null` before its end has passed. */
  get closeCode(): number | null {
    return this.#closeCode;
  }

  /** What broke RFC 6455; `null` while nothing did. Nothing is followed any more behind that. */
  get broken(): string | null {
    return this.#broken;
  }

  /** Follows the frames in `bytes[from, to)`. */
  watch(bytes: Uint8Array, from: number, to: number): void {
    let i = from;
    while (i < to) i = this.watchFrame(bytes, i, to);
  }

  /**
   * Follows `bytes[from, to)` to the end of the frame that has begun (at a boundary: of the next one).
   * @returns the place of that boundary; `to` when it is not among these bytes, or the direction is broken
   */
  watchFrame(bytes: Uint8Array, from: number, to: number): number {
    if (this.#broken !== null) return to;
    const header = this.#header;
    let i = from;
    if (this.#left === 0) {
      i = header.read(bytes, from, to);
      if (!header.complete) return i;
      this.#broken = this.#closeCode === null ? header.violation : "a frame behind the Close frame";
      if (this.#broken !== null) return to;
      this.#left = header.length;
    }
    const end = i + Math.min(this.#left, to - i);
    if (header.opcode === CLOSE) this.#readCode(bytes, i, end);
    this.#left -= end - i;
    if (this.#left === 0) this.#ended();
    return end;
  }

  /** The first two bytes of the payload. */
  #readCode(bytes: Uint8Array, from: number, to: number): void {
    const { key, length } = this.#header;
    for (let i = from, position = length - this.#left; i < to && position < 2; i++, position++) {
      this.#code = this.#code * 256 + (bytes[i] ^ key[position]);
    }
  }

  #ended(): void {
    this.#frames++;
    if (this.#header.opcode !== CLOSE) return;
    this.#closeCode = this.#header.length >= 2 ? this.#code : NO_STATUS;
    if (this.#header.length === 1) this.#broken = "a Close frame with half a code";
  }
}

/** Bytes both ways after a switch of protocols. @module */

import { writeAll } from "../../core/write_all.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import { GOING_AWAY } from "../../http/websocket/close_code.ts";
import { closeFrame } from "../../http/websocket/frame.ts";
import { FrameWatcher } from "../../http/websocket/frame_watcher.ts";
import { newMask } from "../../http/websocket/mask.ts";
import type { ClientWriter } from "./client_writer.ts";
import type { Sweep } from "../pace/sweep.ts";

/** What one direction holds at most. */
const PIECE = 16 * 1024;

/** Milliseconds that one direction may be quiet when the other has ended. */
const HALF_CLOSED_MS = 10_000;

/** The client's side. */
export interface RelayClient {
  readonly writer: ClientWriter;
  /** Bytes that are here: how many, -1 where there are none yet, `null` at the end. {@link Relay.wake} tells of more. */
  read(into: Uint8Array): number | null;
  closeWrite(): Promise<void>;
}

/** What a relay depends on. */
export interface RelayOptions {
  readonly sweep: Sweep;
  /** Milliseconds without a byte in either direction. */
  readonly idle: number;
  /** Whether the bytes are WebSocket frames, so that a Close frame can be put between two of them. */
  readonly websocket: boolean;
}

/** What came of it. */
export interface RelayEnd {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** A failure code, or `""`. */
  readonly error: string;
}

/** Frames of one direction, and whether a Close frame of ours must or did end them. */
class Direction {
  readonly frames = new FrameWatcher();
  closing = false;
  closed = false;
  ended = false;
}

/**
 * Moves bytes as they come: one piece at a time in each direction, so that a slow reader holds the other side back.
 * Frames are only watched; extensions and subprotocols are the peers' own matter.
 */
export class Relay {
  readonly #client: RelayClient;
  readonly #endpoint: ByteStream;
  readonly #options: RelayOptions;
  readonly #up = new Direction();
  readonly #down = new Direction();
  #bytesIn = 0;
  #bytesOut = 0;
  #active: number;
  #error = "";
  /** Whether bytes are on their way to the endpoint: a stream takes one write at a time. */
  #writingUp = false;
  #closed = false;
  #wake: (() => void) | null = null;

  constructor(client: RelayClient, endpoint: ByteStream, options: RelayOptions) {
    this.#client = client;
    this.#endpoint = endpoint;
    this.#options = options;
    this.#active = options.sweep.time;
  }

  /** What the bytes are. */
  get kind(): "websocket" | "other" {
    return this.#options.websocket ? "websocket" : "other";
  }

  /** Sends the head that switches, and moves bytes until both sides have ended. It does not reject. */
  async run(head: Uint8Array): Promise<RelayEnd> {
    if (await this.#client.writer.all(head)) await Promise.all([this.#moveUp(), this.#moveDown()]);
    this.close();
    return { bytesIn: this.#bytesIn, bytesOut: this.#bytesOut, error: this.#error };
  }

  /** The client's side has more to read, or has ended. */
  wake(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** Called on each tick. */
  look(): void {
    const half = this.#up.ended !== this.#down.ended;
    const limit = half ? Math.min(HALF_CLOSED_MS, this.#options.idle) : this.#options.idle;
    if (this.#options.sweep.time - this.#active <= limit) return;
    if (!half) this.#error = "tunnel_idle_timeout";
    this.close();
  }

  /** The gateway stops: both sides are told so (RFC 6455 §7.4.1), each behind the frame that is on its way. */
  stop(): void {
    if (!this.#options.websocket) return;
    this.#up.closing = this.#down.closing = true;
    this.#sayGoodbye(this.#down);
    this.#sayGoodbye(this.#up);
  }

  /** Ends both sides at once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endpoint.close();
    this.wake();
  }

  async #moveUp(): Promise<void> {
    const buffer = new Uint8Array(PIECE);
    try {
      for (;;) {
        const count = await this.#fromClient(buffer);
        if (count === null || this.#closed) break;
        this.#bytesIn += count;
        const end = this.#pass(this.#up, buffer, count);
        if (end > 0) await this.#writeUp(buffer.subarray(0, end));
        this.#sayGoodbye(this.#up);
        // The client has answered our Close frame: the handshake of the end is complete.
        if (this.#down.closed && this.#up.frames.closeCode !== null) return this.close();
      }
      this.#up.ended = true;
      if (!this.#closed) await this.#endpoint.closeWrite();
    } catch {
      this.#fail("upstream_reset");
    }
  }

  async #moveDown(): Promise<void> {
    const buffer = new Uint8Array(PIECE);
    try {
      for (;;) {
        const count = await this.#endpoint.read(buffer);
        if (count === null || this.#closed) break;
        this.#active = this.#options.sweep.time;
        const end = this.#pass(this.#down, buffer, count);
        this.#bytesOut += end;
        if (end > 0 && !await this.#client.writer.all(buffer.subarray(0, end))) {
          return this.#fail("client_closed_request");
        }
        this.#sayGoodbye(this.#down);
      }
      this.#down.ended = true;
      if (!this.#closed) await this.#client.closeWrite();
    } catch {
      this.#fail("upstream_reset");
    }
  }

  async #fromClient(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      const count = this.#closed ? null : this.#client.read(buffer);
      this.#active = this.#options.sweep.time;
      if (count !== -1) return count;
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** How many of these bytes go on: all, or up to the frame behind which a Close frame of ours stands. */
  #pass(direction: Direction, bytes: Uint8Array, count: number): number {
    if (!this.#options.websocket) return count;
    const { frames } = direction;
    if (!direction.closing || direction.closed) {
      frames.watch(bytes, 0, count);
      return direction.closed ? 0 : count;
    }
    const end = frames.watchFrame(bytes, 0, count);
    // What follows is not sent, but a Close frame in it must be seen.
    if (end < count && frames.closeCode === null) frames.watch(bytes, end, count);
    return end;
  }

  /** Puts a Close frame where one can stand, once. */
  #sayGoodbye(direction: Direction): void {
    if (!direction.closing || direction.closed || direction.ended) return;
    if (!direction.frames.atBoundary || direction.frames.closeCode !== null) return;
    // The frame that is being written has been seen whole, but is not out: whoever writes it comes back here.
    if (direction === this.#up && this.#writingUp) return;
    direction.closed = true;
    const mask = direction === this.#up ? newMask() : undefined, frame = closeFrame(GOING_AWAY, "going away", mask);
    if (direction === this.#down) this.#client.writer.send(frame, () => {});
    else this.#writeUp(frame).catch(() => this.#fail("upstream_reset"));
  }

  async #writeUp(bytes: Uint8Array): Promise<void> {
    this.#writingUp = true;
    try {
      await writeAll(this.#endpoint, bytes);
    } finally {
      this.#writingUp = false;
    }
  }

  #fail(code: string): void {
    if (!this.#closed && this.#error === "") this.#error = code;
    this.close();
  }
}

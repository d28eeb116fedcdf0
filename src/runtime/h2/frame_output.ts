/** What goes to a client, frame by frame. @module */

import type { ByteStream } from "../../core/byte_stream.ts";
import type { BufferPool } from "../../transport/buffer_pool.ts";
import type { Sweep } from "../pace/sweep.ts";
import { Flag, FRAME_HEAD, FrameType, MOST_PAYLOAD, putFrameHead, putUint32 } from "./frame.ts";
import type { SendLine, SendQueue } from "./send_queue.ts";

/** A connection's first window, both ways (RFC 9113 §6.9.2). */
export const FIRST_WINDOW = 65535;

/** Room in a batch below which no more DATA is put in: frames of a few bytes cost as much as full ones. */
const LEAST_ROOM = 1024;

/** Told when the frames before it are out (`true`) or will never be (`false`). */
export type Written = (ok: boolean) => void;

/** Frames that go out in one write. */
interface Batch {
  readonly bytes: Uint8Array;
  end: number;
  done: Written[] | null;
}

/** Who is told of what becomes of the writing. */
export interface OutputEvents {
  /** A frame of content is on its way. */
  sentContent(): void;
  /** Fewer frames wait than before {@link FrameOutput.congested} was seen. */
  relieved(): void;
  /** The connection takes no more bytes. */
  unwritable(): void;
}

/**
 * Collects frames and writes them as few and as large as the socket allows: one write is under way at a time, and what
 * comes in the meantime goes out together. Frames keep their order; DATA of several streams is sent in turn, a frame each.
 */
export class FrameOutput implements SendLine {
  /** Bytes of DATA that the peer takes on the whole connection. */
  window = FIRST_WINDOW;
  /** The tick at which the peer has taken nothing for too long. */
  due = Infinity;
  readonly #stream: ByteStream;
  readonly #sweep: Sweep;
  readonly #timeout: number;
  readonly #pool: BufferPool;
  readonly #events: OutputEvents;
  /** Batches that are full, oldest first. */
  readonly #full: Batch[] = [];
  /** The batch that frames are put into. */
  #open: Batch | null = null;
  /** Streams with bytes that wait, in turn. */
  readonly #round: SendQueue[] = [];
  #writing: Batch | null = null;
  #at = 0;
  #scheduled = false;
  #congested = false;
  #broken = false;
  readonly #onTurn = () => {
    this.#scheduled = false;
    if (this.#writing === null) this.#write();
  };
  readonly #onWritten = (count: number) => this.#advance(count);
  readonly #onError = () => {
    this.close();
    this.#events.unwritable();
  };

  /**
   * @param timeout milliseconds that a peer may take none of what is offered
   * @param pool buffers of at least one whole frame
   */
  constructor(stream: ByteStream, sweep: Sweep, timeout: number, pool: BufferPool, events: OutputEvents) {
    this.#stream = stream;
    this.#sweep = sweep;
    this.#timeout = timeout;
    this.#pool = pool;
    this.#events = events;
  }

  /** Whether so much waits that nothing more should be taken in: a peer that asks and does not read fills no memory. */
  get congested(): boolean {
    return this.#congested = this.#full.length > 0;
  }

  /** Sends a frame that flow control does not know. */
  frame(type: number, flags: number, stream: number, payload: Uint8Array): void {
    const batch = this.#room(payload.length), at = batch.end;
    putFrameHead(batch.bytes, at, payload.length, type, flags, stream);
    batch.bytes.set(payload, at + FRAME_HEAD);
    batch.end += FRAME_HEAD + payload.length;
    this.#schedule();
  }

  /** Sends a frame whose payload is one number: RST_STREAM, WINDOW_UPDATE. */
  number(type: number, stream: number, value: number): void {
    const batch = this.#room(4), at = batch.end;
    putFrameHead(batch.bytes, at, 4, type, 0, stream);
    putUint32(batch.bytes, at + FRAME_HEAD, value);
    batch.end += FRAME_HEAD + 4;
    this.#schedule();
  }

  /** Sends a field block: HEADERS, and CONTINUATION where one frame does not hold it (RFC 9113 §4.3). */
  block(stream: number, block: Uint8Array, endStream: boolean): void {
    let type: number = FrameType.Headers, flags: number = endStream ? Flag.EndStream : 0, at = 0;
    do {
      const part = block.subarray(at, at + MOST_PAYLOAD);
      at += part.length;
      this.frame(type, at < block.length ? flags : flags | Flag.EndHeaders, stream, part);
      type = FrameType.Continuation;
      flags = 0;
    } while (at < block.length);
  }

  offer(queue: SendQueue): void {
    // The end alone needs no window.
    if (queue.bytes!.length === 0) return this.#end(queue);
    if (!queue.offered) {
      queue.offered = true;
      this.#round.push(queue);
    }
    this.#schedule();
  }

  /** Tells when all that was sent so far is out. */
  whenWritten(done: Written): void {
    if (this.#broken) return done(false);
    const batch = this.#open ?? this.#full.at(-1) ?? this.#writing;
    if (batch === null) done(true);
    else (batch.done ??= []).push(done);
  }

  /** Writes what waits now, not when the turn is over. */
  flush(): void {
    if (this.#writing === null) this.#write();
  }

  /** Looks again at what waits: a window is wider. */
  flushSoon(): void {
    if (this.#round.length > 0) this.#schedule();
  }

  /** Nothing more goes out; whoever waits is told. */
  close(): void {
    if (this.#broken) return;
    this.#broken = true;
    this.due = Infinity;
    const batches = [...(this.#writing === null ? [] : [this.#writing]), ...this.#full.splice(0)];
    if (this.#open !== null) batches.push(this.#open);
    this.#open = null;
    for (const queue of this.#round.splice(0)) queue.close();
    for (const batch of batches) {
      // A write that is under way may still read its bytes: they go to nobody else.
      if (batch !== this.#writing) this.#pool.give(batch.bytes);
      this.#tell(batch, false);
    }
  }

  /** A batch with room for this much payload. */
  #room(payload: number): Batch {
    const open = this.#open;
    if (open !== null && open.bytes.length - open.end >= FRAME_HEAD + payload) return open;
    if (open !== null) this.#full.push(open);
    return this.#open = { bytes: this.#pool.take(), end: 0, done: null };
  }

  #schedule(): void {
    if (this.#scheduled || this.#writing !== null || this.#broken) return;
    this.#scheduled = true;
    queueMicrotask(this.#onTurn);
  }

  #write(): void {
    if (this.#broken) return;
    let batch = this.#full.shift();
    if (batch === undefined) {
      this.#fill();
      batch = this.#open ?? undefined;
      this.#open = null;
    }
    if (this.#congested && this.#full.length === 0) {
      this.#congested = false;
      this.#events.relieved();
    }
    if (batch === undefined) return;
    this.#writing = batch;
    this.#at = 0;
    this.#offerBytes(batch.bytes.subarray(0, batch.end));
  }

  #offerBytes(bytes: Uint8Array): void {
    this.due = this.#sweep.after(this.#timeout);
    this.#stream.write(bytes).then(this.#onWritten, this.#onError);
  }

  #advance(count: number): void {
    const batch = this.#writing!;
    if (this.#broken) {
      this.#writing = null;
      return this.#pool.give(batch.bytes);
    }
    this.#at += count;
    if (this.#at < batch.end) return this.#offerBytes(batch.bytes.subarray(this.#at, batch.end));
    this.#writing = null;
    this.due = Infinity;
    this.#pool.give(batch.bytes);
    this.#tell(batch, true);
    if (this.#writing === null) this.#write();
  }

  #tell(batch: Batch, ok: boolean): void {
    const done = batch.done;
    batch.done = null;
    if (done !== null) { for (const tell of done) tell(ok); }
  }

  /** Fills what is left of the batch with DATA, as far as the windows allow. */
  #fill(): void {
    const round = this.#round;
    while (round.length > 0 && this.window > 0) {
      if (this.#open !== null && this.#open.bytes.length - this.#open.end < FRAME_HEAD + LEAST_ROOM) return;
      const queue = round.shift()!;
      queue.offered = false;
      if (queue.bytes !== null && queue.window > 0) this.#data(queue, queue.bytes);
    }
  }

  /** Puts one frame of a stream's bytes in the batch, and the stream back in the round if there are more. */
  #data(queue: SendQueue, bytes: Uint8Array): void {
    const batch = this.#open ??= { bytes: this.#pool.take(), end: 0, done: null }, from = queue.at;
    const room = batch.bytes.length - batch.end - FRAME_HEAD, left = bytes.length - from;
    const size = Math.min(left, room, MOST_PAYLOAD, queue.window, this.window);
    const flags = queue.last && size === left ? Flag.EndStream : 0;
    putFrameHead(batch.bytes, batch.end, size, FrameType.Data, flags, queue.stream);
    batch.bytes.set(size === bytes.length ? bytes : bytes.subarray(from, from + size), batch.end + FRAME_HEAD);
    batch.end += FRAME_HEAD + size;
    this.window -= size;
    this.#events.sentContent();
    queue.took(size);
    if (size < left && queue.window > 0) {
      queue.offered = true;
      this.#round.push(queue);
    }
  }

  #end(queue: SendQueue): void {
    this.frame(FrameType.Data, queue.last ? Flag.EndStream : 0, queue.stream, queue.bytes!);
    queue.took(0);
  }
}

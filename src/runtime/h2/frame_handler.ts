/** What each frame of a client means (RFC 9113 §5, §6). @module */

import { HEAD_TOO_LARGE } from "../intake/refusals.ts";
import type { Buffer } from "node:buffer";
import { HpackDecoder } from "../../http/hpack/hpack_decoder.ts";
import type { AbuseGuard } from "./abuse_guard.ts";
import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";
import { FieldBlock } from "./field_block.ts";
import { FieldList } from "./field_list.ts";
import { Flag, type Frame, FrameType, MOST_31_BITS, uint31 } from "./frame.ts";
import type { FrameOutput } from "./frame_output.ts";
import type { H2Stream } from "./h2_stream.ts";
import { readSettings } from "./settings.ts";
import type { Streams } from "./streams.ts";
import { areValidFields } from "./valid_fields.ts";

const PING_BYTES = 8, GOAWAY_BYTES = 8, NUMBER_BYTES = 4, PRIORITY_BYTES = 5;
/** What a window must not become (§6.9.1). */
const TOO_WIDE = "a window is larger than 2147483647";
const NOTHING: Uint8Array = new Uint8Array(0);

/** The connection, as far as frames need it. */
export interface FrameOwner {
  /** The client's first SETTINGS are here. */
  greeted(): void;
  /** The client answered our PING. */
  ponged(): void;
}

/** Takes frames one by one. What breaks the connection is thrown. */
export class FrameHandler {
  readonly #streams: Streams;
  readonly #output: FrameOutput;
  readonly #guard: AbuseGuard;
  readonly #owner: FrameOwner;
  readonly #headerBytes: number;
  readonly #decoder = new HpackDecoder();
  readonly #block: FieldBlock;
  #greeted = false;

  /** @param headerBytes most bytes of fields that a head may have */
  constructor(streams: Streams, output: FrameOutput, guard: AbuseGuard, headerBytes: number, owner: FrameOwner) {
    this.#streams = streams;
    this.#output = output;
    this.#guard = guard;
    this.#owner = owner;
    this.#headerBytes = headerBytes;
    this.#block = new FieldBlock(headerBytes);
  }

  /** The stream whose field block has begun and not ended, 0 for none. */
  get blockStream(): number {
    return this.#block.stream;
  }

  /** @throws ConnectionError @throws HpackError */
  take(frame: Frame): void {
    const { type } = frame, block = this.#block;
    if (block.stream !== 0 && (type !== FrameType.Continuation || frame.stream !== block.stream)) {
      throw new ConnectionError(ErrorCode.ProtocolError, "another frame stands within a field block");
    }
    if (!this.#greeted) {
      if (type !== FrameType.Settings || frame.has(Flag.Ack)) {
        throw new ConnectionError(ErrorCode.ProtocolError, "the first frame is not SETTINGS");
      }
      this.#greeted = true;
      this.#owner.greeted();
    }
    switch (type) {
      case FrameType.Data:
        return this.#data(frame);
      case FrameType.Headers:
        return this.#headers(frame);
      case FrameType.WindowUpdate:
        return this.#windowUpdate(frame);
      case FrameType.Continuation:
        return this.#continuation(frame);
      case FrameType.ResetStream:
        return this.#resetStream(frame);
      case FrameType.Priority:
        return this.#priority(frame);
      case FrameType.Settings:
        return this.#settings(frame);
      case FrameType.Ping:
        return this.#ping(frame);
      case FrameType.GoAway:
        this.#ofConnection(frame, "GOAWAY");
        if (frame.length < GOAWAY_BYTES) throw new ConnectionError(ErrorCode.FrameSizeError, "GOAWAY is too short");
        return this.#guard.idle();
      case FrameType.PushPromise:
        throw new ConnectionError(ErrorCode.ProtocolError, "PUSH_PROMISE from a client");
      default:
        // Extensions are let pass (§5.5).
        return this.#guard.idle();
    }
  }

  /** §6.1. */
  #data(frame: Frame): void {
    const whole = frame.length,
      { stream: id } = frame,
      stream = this.#streams.table.get(id),
      ends = frame.has(Flag.EndStream);
    this.#notIdle(frame, "DATA");
    if (!this.#streams.window.received(whole)) {
      throw new ConnectionError(ErrorCode.FlowControlError, "more DATA than the connection's window takes");
    }
    frame.unpad();
    const size = frame.length, fits = stream !== undefined && stream.window.received(whole);
    if (size === 0 && !ends) this.#guard.idle();
    else this.#guard.content();
    if (stream === undefined || !stream.remoteOpen || !fits) {
      this.#streams.unread(whole);
      if (stream !== undefined) {
        return this.#streams.fail(stream, fits ? ErrorCode.StreamClosed : ErrorCode.FlowControlError);
      }
      // It may have been sent before our RST_STREAM was read (§5.1).
      return this.#streams.table.wasReset(id) ? undefined : this.#streams.refused(id, ErrorCode.StreamClosed);
    }
    // Padding is taken at once.
    if (whole > size) stream.read(whole - size);
    const valid = stream.received(frame.bytes, frame.start, frame.end) && (!ends || stream.ended(null));
    if (!valid) this.#streams.malformed(stream);
  }

  /** §6.2. */
  #headers(frame: Frame): void {
    const { stream: id } = frame, ends = frame.has(Flag.EndStream);
    if (id % 2 === 0) throw new ConnectionError(ErrorCode.ProtocolError, `HEADERS on stream ${id}`);
    frame.unpad();
    if (frame.has(Flag.Priority)) {
      if (frame.length < PRIORITY_BYTES) throw new ConnectionError(ErrorCode.FrameSizeError, "HEADERS is too short");
      if (uint31(frame.bytes, frame.start) === id) {
        throw new ConnectionError(ErrorCode.ProtocolError, "a stream depends on itself");
      }
      frame.start += PRIORITY_BYTES;
    }
    if (frame.has(Flag.EndHeaders)) return this.#fields(id, frame.bytes, frame.start, frame.end, ends);
    this.#block.begin(frame, ends);
    if (this.#block.tooLarge) this.#overflow(id);
  }

  /** §6.10. */
  #continuation(frame: Frame): void {
    const block = this.#block, id = block.stream;
    if (id === 0) throw new ConnectionError(ErrorCode.ProtocolError, "CONTINUATION without HEADERS");
    block.add(frame);
    if (block.tooLarge) return this.#overflow(id);
    if (!frame.has(Flag.EndHeaders)) return;
    const { bytes, length, endsStream } = block;
    block.end();
    this.#fields(id, bytes, 0, length, endsStream);
  }

  #overflow(id: number): void {
    if (this.#streams.table.isIdle(id)) return this.#streams.unreadable(id, HEAD_TOO_LARGE);
    throw new ConnectionError(ErrorCode.EnhanceYourCalm, "trailers are too large");
  }

  /** A whole block: a request's head, or its trailers. It is decoded in any case: the next one may refer to it. */
  #fields(id: number, bytes: Buffer, start: number, end: number, ends: boolean): void {
    const fields = new FieldList(this.#headerBytes), stream = this.#streams.table.get(id);
    this.#decoder.decode(bytes, start, end, fields);
    if (stream !== undefined) return this.#trailers(stream, fields, ends);
    if (this.#streams.table.isIdle(id)) {
      this.#streams.table.last = id;
      return this.#streams.opened(id, fields, ends);
    }
    if (this.#streams.table.wasReset(id)) return;
    throw new ConnectionError(ErrorCode.StreamClosed, "HEADERS on a closed stream");
  }

  /** §8.1. */
  #trailers(stream: H2Stream, { flat, tooLarge }: FieldList, ends: boolean): void {
    if (!stream.remoteOpen) return this.#streams.fail(stream, ErrorCode.StreamClosed);
    const valid = ends && !tooLarge && areValidFields(flat, 0) && stream.ended(flat.length === 0 ? null : flat);
    if (!valid) this.#streams.malformed(stream);
  }

  /** §6.9. */
  #windowUpdate(frame: Frame): void {
    if (frame.length !== NUMBER_BYTES) throw new ConnectionError(ErrorCode.FrameSizeError, "WINDOW_UPDATE has 4 bytes");
    const more = uint31(frame.bytes, frame.start), output = this.#output;
    this.#guard.idle();
    if (frame.stream === 0) {
      if (more === 0) throw new ConnectionError(ErrorCode.ProtocolError, "WINDOW_UPDATE of 0");
      if (output.window + more > MOST_31_BITS) throw new ConnectionError(ErrorCode.FlowControlError, TOO_WIDE);
      return this.#streams.widened(more);
    }
    this.#notIdle(frame, "WINDOW_UPDATE");
    const stream = this.#streams.table.get(frame.stream);
    if (stream === undefined) return;
    if (more === 0) return this.#streams.fail(stream, ErrorCode.ProtocolError);
    if (stream.queue.window + more > MOST_31_BITS) return this.#streams.fail(stream, ErrorCode.FlowControlError);
    stream.queue.widen(more);
  }

  /** §6.4. */
  #resetStream(frame: Frame): void {
    this.#notIdle(frame, "RST_STREAM");
    if (frame.length !== NUMBER_BYTES) throw new ConnectionError(ErrorCode.FrameSizeError, "RST_STREAM has 4 bytes");
    const stream = this.#streams.table.get(frame.stream);
    if (stream === undefined) return this.#guard.idle();
    if (stream.answered) this.#guard.idle();
    else this.#guard.reset();
    this.#streams.resetByClient(stream);
  }

  /** §6.3: not followed, but held to its form. */
  #priority(frame: Frame): void {
    const { stream: id } = frame;
    if (id === 0) throw new ConnectionError(ErrorCode.ProtocolError, "PRIORITY on stream 0");
    this.#guard.idle();
    const sized = frame.length === PRIORITY_BYTES;
    if (sized && uint31(frame.bytes, frame.start) !== id) return;
    const code = sized ? ErrorCode.ProtocolError : ErrorCode.FrameSizeError, stream = this.#streams.table.get(id);
    if (stream === undefined) this.#streams.refused(id, code);
    else this.#streams.fail(stream, code);
  }

  /** §6.5. */
  #settings(frame: Frame): void {
    this.#ofConnection(frame, "SETTINGS");
    this.#guard.idle();
    if (frame.has(Flag.Ack)) {
      if (frame.length > 0) throw new ConnectionError(ErrorCode.FrameSizeError, "an acknowledgement has no settings");
      return;
    }
    const window = readSettings(frame);
    this.#output.frame(FrameType.Settings, Flag.Ack, 0, NOTHING);
    if (window === null) return;
    this.#streams.peerWindow(window);
  }

  /** §6.7. */
  #ping(frame: Frame): void {
    this.#ofConnection(frame, "PING");
    if (frame.length !== PING_BYTES) throw new ConnectionError(ErrorCode.FrameSizeError, "PING has 8 bytes");
    this.#guard.idle();
    if (frame.has(Flag.Ack)) this.#owner.ponged();
    else this.#output.frame(FrameType.Ping, Flag.Ack, 0, frame.bytes.subarray(frame.start, frame.end));
  }

  #ofConnection({ stream }: Frame, name: string): void {
    if (stream !== 0) throw new ConnectionError(ErrorCode.ProtocolError, `${name} on a stream`);
  }

  #notIdle({ stream }: Frame, name: string): void {
    if (this.#streams.table.isIdle(stream)) {
      throw new ConnectionError(ErrorCode.ProtocolError, `${name} on an idle stream`);
    }
  }
}

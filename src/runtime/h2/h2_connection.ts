/** One HTTP/2 connection of a client (RFC 9113). @module */

import { closeQuietly } from "../../core/close_quietly.ts";
import type { ByteStream } from "../../core/byte_stream.ts";
import type { Client } from "../../core/exchange.ts";
import { HpackError } from "../../http/hpack/hpack_error.ts";
import type { Swept } from "../pace/sweep.ts";
import { HEAD_TOO_SLOW } from "../intake/refusals.ts";
import { AbuseGuard } from "./abuse_guard.ts";
import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";
import { type Frame, FrameType, MOST_31_BITS, putUint32 } from "./frame.ts";
import { FrameHandler, type FrameOwner } from "./frame_handler.ts";
import { type FrameEvents, FrameInput } from "./frame_input.ts";
import { FIRST_WINDOW, FrameOutput, type OutputEvents } from "./frame_output.ts";
import type { H2Service } from "./h2_service.ts";
import { CONNECTION_WINDOW, MAX_STREAMS, ownSettings } from "./settings.ts";
import { Streams, type StreamsOwner } from "./streams.ts";

/** Milliseconds, and bytes, that a client is heard out after the last word: it must be able to read it. */
const LINGER_MS = 5_000, LINGER_BYTES = 64 * 1024 * 1024;
/** Milliseconds for last words when the gateway stops. */
const CUT_MS = 1_000;
/** Milliseconds in which a client that is told to open no more streams may still have opened some. */
const NOTICE_MS = 1_000;
/** The payload of the PING behind such a notice. */
const NOTICE: Uint8Array = new TextEncoder().encode("goodbye!");

const FAREWELL = new ConnectionError(ErrorCode.NoError, "");

/**
 * `Open`: streams come. `Leaving`: no more of them, and those that are there go on. `Ending`: the last word is said, and
 * the client may still send.
 */
const enum State {
  Open,
  Leaving,
  Ending,
  Closed,
}

/** Reads frames and writes answers, many at a time; what `ClientConnection` is to HTTP/1.1. */
export class H2Connection implements Swept, FrameEvents, FrameOwner, OutputEvents, StreamsOwner {
  readonly client: Client;
  readonly service: H2Service;
  readonly output: FrameOutput;
  readonly #stream: ByteStream;
  readonly #input: FrameInput;
  readonly #handler: FrameHandler;
  readonly #guard: AbuseGuard;
  readonly #streams: Streams;
  #state = State.Open;
  /** The tick at which what is waited for should have come: the first words, another stream, or the end. */
  #due: number;
  /** The tick at which the end of a frame, or of a field block, should be here. */
  #frameDue = Infinity;
  /** Frames that had come when that was set. */
  #frames = 0;
  /** The tick at which a client that was told to go has had time enough to know it. */
  #noticeDue = Infinity;
  /** What the last GOAWAY is to say, where it has not been sent. */
  #lastWord: ConnectionError | null = null;
  /** The highest stream that a GOAWAY said is served: it never rises (RFC 9113 §6.8). */
  #served = MOST_31_BITS;
  /** Milliseconds for what comes behind the last word. */
  #patience = LINGER_MS;

  /**
   * @param ready bytes that have been read from the stream already
   * @param due the tick at which the client's first words must be here
   */
  constructor(
    stream: ByteStream,
    client: Client,
    service: H2Service,
    ready: Uint8Array | null = null,
    due: number = service.sweep.after(service.timeouts.header),
  ) {
    const { sweep, timeouts, buffers, limits } = service;
    this.client = client;
    this.service = service;
    this.#stream = stream;
    this.output = new FrameOutput(stream, sweep, timeouts.write, buffers.usual, this);
    this.#guard = new AbuseGuard(sweep, MAX_STREAMS);
    this.#streams = new Streams(this.#guard, this);
    this.#input = new FrameInput(stream, ready, this);
    this.#handler = new FrameHandler(this.#streams, this.output, this.#guard, limits.headerBytes, this);
    this.#due = due;
  }

  /** Streams that are open. */
  get streams(): number {
    return this.#streams.table.size;
  }

  /** Says who we are and begins to read. */
  start(): void {
    this.output.frame(FrameType.Settings, 0, 0, ownSettings(this.service.limits.headerBytes));
    this.output.number(FrameType.WindowUpdate, 0, CONNECTION_WINDOW - FIRST_WINDOW);
    this.#input.begin();
  }

  /** The gateway stops: the client is told to open no more streams, and the connection ends after those it has. */
  drain(): void {
    if (this.#state !== State.Open || this.#noticeDue !== Infinity) return;
    if (this.#streams.table.size === 0) return this.#leave(FAREWELL);
    // What the client opens before it reads this is still served (RFC 9113 §6.8).
    this.#goAway(MOST_31_BITS, FAREWELL);
    this.output.frame(FrameType.Ping, 0, 0, NOTICE);
    this.#noticeDue = this.service.sweep.after(NOTICE_MS);
  }

  /** Gives up whatever is under way: 503 where there is no answer yet. */
  cut(): void {
    const { table } = this.#streams;
    if (this.#state === State.Closed) return;
    this.#patience = CUT_MS;
    this.#streams.begin();
    for (const stream of table.all()) if (!stream.cut()) this.#streams.reset(stream, ErrorCode.Cancel);
    this.#leave(FAREWELL);
    this.#due = this.service.sweep.after(CUT_MS);
  }

  /** Closes at once, whatever goes on. @param reason a failure code, where it is not that the client left */
  close(reason = ""): void {
    if (this.#state === State.Closed) return;
    this.#state = State.Closed;
    this.#input.close();
    this.#streams.abandon(reason);
    this.output.close();
    closeQuietly(this.#stream);
    this.service.closed(this);
  }

  look(tick: number): void {
    const { table } = this.#streams;
    if (tick >= this.output.due) return this.close("client_write_timeout");
    if (tick >= this.#noticeDue) this.#leave(FAREWELL);
    if (tick >= this.#frameDue) this.#frameOverdue();
    if (tick >= this.#due) this.#overdue();
    if (table.size > 0) { for (const stream of table.all()) stream.look(tick); }
  }

  get welcoming(): boolean {
    return this.#state === State.Open;
  }

  frame(frame: Frame): void {
    this.#handler.take(frame);
  }

  told(): void {
    this.#streams.begin();
    if (this.#state === State.Closed) return;
    if (this.#input.dropped > LINGER_BYTES) return this.close();
    this.#expectFrame();
    // Before the next read takes hold of it.
    if (this.#input.wide && !this.#streams.hasOpenBody) this.#input.shrink();
    if (!this.output.congested) this.#input.arm();
  }

  broken(cause: unknown): void {
    if (cause instanceof ConnectionError) return this.#fail(cause);
    if (cause instanceof HpackError) {
      return this.#fail(new ConnectionError(ErrorCode.CompressionError, cause.message));
    }
    // A mistake of ours: the log hears of it as of a handler's.
    this.service.host.crashed(this.service.h2Reader.blank(this.client, HEAD_TOO_SLOW), cause);
    this.#fail(new ConnectionError(ErrorCode.InternalError, ""));
  }

  ended(): void {
    this.close();
  }

  lost(): void {
    this.close();
  }

  greeted(): void {
    this.emptied();
  }

  ponged(): void {
    if (this.#noticeDue !== Infinity) this.#leave(FAREWELL);
  }

  sentContent(): void {
    this.#guard.content();
  }

  relieved(): void {
    if (this.#state !== State.Closed) this.#input.arm();
  }

  unwritable(): void {
    this.close();
  }

  filled(body: boolean): void {
    if (this.#state === State.Open) this.#due = Infinity;
    if (body) this.#input.widen();
  }

  emptied(): void {
    const { sweep, timeouts } = this.service;
    if (this.#state === State.Open) this.#due = sweep.after(timeouts.idle);
    else if (this.#state === State.Leaving) this.#end();
  }

  completed(): void {
    if (this.service.host.draining) this.drain();
  }

  deafened(why: ConnectionError): void {
    this.#input.drop();
    this.#lastWord = why;
    this.#state = State.Leaving;
  }

  /** The end of a frame, or of a block of them, has as long as a head on HTTP/1.1. */
  #expectFrame(): void {
    const within = this.#handler.blockStream !== 0, { frames } = this.#input;
    if (this.#input.dropping || !(within || this.#input.withinFrame)) this.#frameDue = Infinity;
    else if (this.#frameDue === Infinity || (frames !== this.#frames && !within)) {
      this.#frameDue = this.service.sweep.after(this.service.timeouts.header);
    }
    this.#frames = frames;
  }

  #frameOverdue(): void {
    const stream = this.#handler.blockStream;
    this.#frameDue = Infinity;
    if (stream === 0 || !this.#streams.table.isIdle(stream)) {
      return this.#fail(new ConnectionError(ErrorCode.EnhanceYourCalm, "the end of a frame did not come in time"));
    }
    this.#streams.unreadable(stream, HEAD_TOO_SLOW);
    this.#streams.begin();
  }

  #overdue(): void {
    this.#due = Infinity;
    if (this.#state === State.Open) this.#leave(FAREWELL);
    else this.close();
  }

  /** No more streams; the connection ends when those that are there have. */
  #leave(why: ConnectionError): void {
    this.#noticeDue = Infinity;
    if (this.#state !== State.Open) return;
    this.#state = State.Leaving;
    this.#goAway(this.#streams.table.last, why);
    if (this.#streams.table.size === 0) this.#end();
  }

  /** Nothing more can be read, and nobody can be answered (RFC 9113 §5.4.1). */
  #fail(why: ConnectionError): void {
    if (this.#state > State.Leaving) return;
    this.#lastWord = why;
    this.#state = State.Leaving;
    this.#streams.abandon();
    this.#end();
  }

  /** The last word, and then the end of what we send. What comes is heard out, or the system would take our words from the client. */
  #end(): void {
    if (this.#state > State.Leaving) return;
    this.#state = State.Ending;
    if (this.#lastWord !== null) this.#goAway(this.#streams.table.last, this.#lastWord);
    this.#input.drop();
    this.#due = this.service.sweep.after(this.#patience);
    this.output.flush();
    this.output.whenWritten((ok) => {
      if (ok && this.#state !== State.Closed) this.#stream.closeWrite().catch(() => this.close());
    });
  }

  #goAway(last: number, { code, message }: ConnectionError): void {
    const text = new TextEncoder().encode(message), payload = new Uint8Array(8 + text.length);
    this.#served = Math.min(this.#served, last);
    putUint32(payload, 0, this.#served);
    putUint32(payload, 4, code);
    payload.set(text, 8);
    this.output.frame(FrameType.GoAway, 0, 0, payload);
  }
}

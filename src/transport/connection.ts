/** One HTTP/1.1 connection to an endpoint: one request at a time, then the next. @module */

import { Buffer } from "node:buffer";
import { BodyError } from "../core/body.ts";
import type { Failed, FailureCode, Outcome, Stage } from "../core/outcome.ts";
import { Reply } from "../core/reply.ts";
import type { Deadline, TimerWheel } from "../core/timer_wheel.ts";
import { ChunkedDecoder, ChunkError } from "../http/chunked_decoder.ts";
import type { HeadScanner } from "../http/head_scanner.ts";
import type { BufferPool } from "./buffer_pool.ts";
import { RequestWriter, type WriterEvents } from "./request_writer.ts";
import { ResponseBody } from "./response_body.ts";
import { parseResponseHead, ProtocolError, type ResponseHead } from "./response_head.ts";
import type { Socket } from "./socket.ts";
import type { WireRequest } from "./wire_request.ts";

/** What connections of one client share. */
export interface ConnectionShared {
  readonly deadlines: TimerWheel;
  readonly scanner: HeadScanner;
  /** For outgoing heads and body pieces. */
  readonly buffers: BufferPool;
}

/** Who is told when a connection is free again or gone. */
export interface ConnectionOwner {
  /** It has answered and may serve another request. */
  onFree(connection: Connection): void;
  /** It is closed, whether in use or idle. */
  onGone(connection: Connection): void;
}

const READ_BUFFER = 16 * 1024;
/** Largest response head. */
export const MAX_HEAD_BYTES = 64 * 1024;
/** Most field lines of a response head. */
export const MAX_HEAD_LINES = 256;

/** `Idle`: a read is pending that tells when the endpoint closes. `Head`: waiting for an answer. `Tail`: for the rest of a small body. `Body`: the body's reader has the socket. */
type State = "idle" | "head" | "tail" | "body" | "closed";

/**
 * Sends requests and reads answers. Reading and writing go on side by side, so that an early answer is seen while the
 * request's body is still on its way. What an answer leaves in the buffer closes the connection: it can never become
 * part of the next answer.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #shared: ConnectionShared;
  readonly #owner: ConnectionOwner;
  #state: State = "idle";
  #buffer: Buffer = Buffer.allocUnsafeSlow(READ_BUFFER);
  #start = 0;
  #end = 0;
  #reading = false;
  #request: WireRequest | null = null;
  #head: ResponseHead | null = null;
  #writer: RequestWriter | null = null;
  #settle: ((outcome: Outcome) => void) | null = null;
  #deadline: Deadline | null = null;
  #served = 0;
  readonly #onRead = (count: number | null) => this.#received(count);
  readonly #onReadError = (error: unknown) => this.#lost(error);
  readonly #onTimeout = () => this.#fail("head", "upstream_timeout");
  readonly #writing: WriterEvents = {
    written: () => this.#awaitHead(),
    broke: () => this.#awaitHead(),
    bodyFailed: (error) => this.#onRequestBodyFailed(error),
    stalled: () => this.#fail("send", "upstream_timeout"),
  };

  constructor(socket: Socket, shared: ConnectionShared, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#shared = shared;
    this.#owner = owner;
  }

  /** Answers read so far: a connection that has served may turn out to be closed by the endpoint. */
  get served(): number {
    return this.#served;
  }

  /** Whether no further request can be sent. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /** Sends a request on an idle connection. The outcome never rejects. */
  send(request: WireRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#state = "head";
      this.#request = request;
      this.#settle = resolve;
      this.#writer = new RequestWriter(this.#socket, request, this.#shared, this.#writing);
      this.#writer.start();
      this.#arm();
    });
  }

  /** Watches an idle connection, so that one that the endpoint closes leaves the pool at once. */
  watch(): void {
    this.#arm();
  }

  /** Gives the request up because its client has gone. */
  abandon(): void {
    this.#settleFailed({ ok: false, stage: "head", code: "client_closed_request", fault: "client", sent: true });
    this.close();
  }

  /** Closes at once, whatever goes on. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#deadline?.cancel();
    this.#writer?.stop();
    try {
      this.#socket.close();
    } catch { /* it was closed already */ }
    this.#owner.onGone(this);
  }

  /** For the body's reader: the body is over. */
  bodyEnded(clean: boolean): void {
    this.#finish(clean);
  }

  /** Nothing more will be sent: the endpoint's time to answer starts. */
  #awaitHead(): void {
    if (this.#state === "head") {
      this.#deadline = this.#shared.deadlines.after(this.#request!.headTimeout, this.#onTimeout);
    }
  }

  /** The request's body broke off, so the endpoint must not take what it has for a request. */
  #onRequestBodyFailed(error: unknown): void {
    const fault = error instanceof BodyError && error.fault !== "client" ? "gateway" : "client";
    this.#settleFailed({ ok: false, stage: "send", code: "request_body_failed", fault, sent: true, cause: error });
    this.close();
  }

  #arm(): void {
    if (this.#reading || this.#state === "closed") return;
    this.#reading = true;
    this.#socket.read(this.#end === 0 ? this.#buffer : this.#buffer.subarray(this.#end)).then(
      this.#onRead,
      this.#onReadError,
    );
  }

  #received(count: number | null): void {
    this.#reading = false;
    if (this.#state === "closed") return;
    if (count === null) return this.#lost(undefined);
    this.#end += count;
    if (this.#state === "head") this.#readHead();
    else if (this.#state === "tail") this.#readTail();
    // Bytes that answer no request: whose they are cannot be known.
    else this.close();
  }

  /** The endpoint closed or reset the connection. */
  #lost(cause: unknown): void {
    this.#reading = false;
    this.#fail(this.#state === "tail" ? "body" : "head", "upstream_reset", cause);
  }

  #readHead(): void {
    const request = this.#request!;
    for (;;) {
      let head: ResponseHead | null;
      try {
        head = parseResponseHead(this.#shared.scanner, this.#buffer, this.#start, this.#end, request.method);
        if (head?.status === 101) throw new ProtocolError("switched protocols without being asked");
      } catch (error) {
        return this.#fail("head", "upstream_protocol_error", error);
      }
      if (head === null) return this.#makeRoom() ? this.#arm() : this.#fail("head", "upstream_head_too_large");
      this.#start = head.bodyStart;
      if (head.status >= 200) {
        this.#deadline?.cancel();
        return this.#answer(head);
      }
    }
  }

  #readTail(): void {
    this.#deadline?.cancel();
    this.#answer(this.#head!);
  }

  #makeRoom(): boolean {
    if (this.#end < this.#buffer.length) return true;
    if (this.#start > 0) {
      this.#buffer.copyWithin(0, this.#start, this.#end);
    } else {
      if (this.#buffer.length >= MAX_HEAD_BYTES) return false;
      const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#end -= this.#start;
    this.#start = 0;
    return true;
  }

  /** Answers with bytes when the body is here, else with a source. */
  #answer(head: ResponseHead): void {
    const buffered = this.#end - this.#start;
    switch (head.framing) {
      case "none":
        return this.#answerWhole(head, null);
      case "length":
        if (head.length <= buffered) return this.#answerWhole(head, this.#copyOut(head.length));
        // Many servers send head and body in two packets: the body is then one read away, and cheaper as bytes.
        if (this.#state === "head" && head.length <= this.#buffer.length - this.#start) {
          this.#state = "tail";
          this.#head = head;
          this.#deadline = this.#shared.deadlines.after(this.#request!.idleTimeout, this.#onTimeout);
          return this.#arm();
        }
        return this.#stream(head);
      case "chunked":
        return this.#answerChunked(head);
      case "close":
        return this.#stream(head);
    }
  }

  #answerChunked(head: ResponseHead): void {
    const decoder = new ChunkedDecoder();
    let length: number;
    try {
      length = decoder.decode(this.#buffer, this.#start, this.#end);
    } catch (error) {
      if (error instanceof ChunkError) return this.#fail("head", "upstream_protocol_error", error);
      throw error;
    }
    const data = this.#buffer.subarray(this.#start, this.#start + length);
    if (!decoder.done) {
      this.#start = this.#end = 0;
      return this.#stream(head, decoder, Buffer.from(data));
    }
    const bytes = Buffer.from(data);
    this.#start += decoder.consumed;
    this.#answerWhole(head, bytes);
  }

  #copyOut(length: number): Uint8Array {
    const bytes = Buffer.from(this.#buffer.subarray(this.#start, this.#start + length));
    this.#start += length;
    return bytes;
  }

  #answerWhole(head: ResponseHead, body: Uint8Array | null): void {
    const settle = this.#settle!;
    this.#settle = null;
    this.#state = "body";
    this.#head = head;
    this.#finish(true);
    settle({ ok: true, reply: new Reply(head.status, head.headers, body) });
  }

  /** Hands the socket to the body's reader, together with what is in the buffer. */
  #stream(
    head: ResponseHead,
    decoder: ChunkedDecoder | null = head.framing === "chunked" ? new ChunkedDecoder() : null,
    ready?: Buffer,
  ): void {
    const settle = this.#settle!;
    this.#settle = null;
    this.#state = "body";
    this.#head = head;
    const first = ready ?? Buffer.from(this.#buffer.subarray(this.#start, this.#end));
    this.#start = this.#end = 0;
    const body = new ResponseBody(
      this,
      this.#socket,
      this.#shared.deadlines,
      this.#request!.idleTimeout,
      head,
      first,
      decoder,
    );
    settle({ ok: true, reply: new Reply(head.status, head.headers, body) });
  }

  /** The answer is over: the connection goes back to its owner if nothing speaks against it, else it is closed. */
  #finish(clean: boolean): void {
    if (this.#state === "closed") return;
    const keep = clean && this.#head!.keepAlive && this.#writer!.done && this.#start === this.#end;
    this.#request = null;
    this.#head = null;
    this.#served++;
    if (!keep) return this.close();
    this.#writer = null;
    this.#start = this.#end = 0;
    if (this.#buffer.length > READ_BUFFER) this.#buffer = Buffer.allocUnsafeSlow(READ_BUFFER);
    this.#state = "idle";
    this.#owner.onFree(this);
  }

  #fail(stage: Stage, code: FailureCode, cause?: unknown): void {
    this.#settleFailed({ ok: false, stage, code, fault: "endpoint", sent: true, cause });
    this.close();
  }

  #settleFailed(outcome: Failed): void {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(outcome);
  }
}

/** One HTTP/1.1 connection to an endpoint: one request at a time, then the next. @module */

import { closeQuietly } from "../core/close_quietly.ts";
import { type Body, BodyError } from "../core/body.ts";
import type { ByteStream } from "../core/byte_stream.ts";
import type { Failed, FailureCode, Stage } from "../core/outcome.ts";
import { Reply } from "../core/reply.ts";
import type { Deadline } from "../core/timer_wheel.ts";
import { BytesSource } from "../http/bytes_source.ts";
import { ChunkedDecoder, ChunkError } from "../http/chunked_decoder.ts";
import type { ConnectionOwner, ConnectionShared } from "./connection_parts.ts";
import { ReadBuffer } from "./read_buffer.ts";
import { requestBodyFailure } from "./request_body_failure.ts";
import { RequestWriter } from "./request_writer.ts";
import { type LateBytes, ResponseBody } from "./response_body.ts";
import { parseResponseHead, type ResponseHead } from "./response_head.ts";
import { checkSwitch } from "./switch_check.ts";
import type { Settle } from "./transport.ts";
import { Tunnel } from "./tunnel.ts";
import type { WireRequest } from "./wire_request.ts";

/** What a connection reads into at first. */
const FIRST_BYTES = 16 * 1024;
/** Largest response head. */
export const MAX_HEAD_BYTES = 64 * 1024;
const NOTHING: Uint8Array = new Uint8Array(0);
/** Milliseconds, and a tick of the wheel, that a small body may be behind its head and still go out with it. */
const TAIL_WAIT = 1;
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
  /** How often the pool has seen it idle since it was used; the pool's own. */
  idleSweeps = 0;
  /** The wheel's ticks when it was last used; the pool's own. */
  idleSince = 0;
  readonly #socket: ByteStream;
  readonly #shared: ConnectionShared;
  readonly #owner: ConnectionOwner;
  #state: State = "idle";
  readonly #buffer = new ReadBuffer(FIRST_BYTES, MAX_HEAD_BYTES);
  #reading = false;
  #request: WireRequest | null = null;
  #head: ResponseHead | null = null;
  readonly #writer: RequestWriter;
  #settle: Settle | null = null;
  #deadline: Deadline | null = null;
  #served = 0;
  /** Whether a byte of the answer has come. */
  #heard = false;
  /** Bytes of the heads so far: of interim answers, there may be many. */
  #interim = 0;
  /** Why the request's body broke off, where the answer was under way already. */
  #requestFailure: BodyError | null = null;
  readonly #onRead = (count: number | null) => this.#received(count);
  readonly #onReadError = (error: unknown) => this.#lost(error);
  /** Who waits for the first of a body that did not come right behind its head. */
  #late: PromiseWithResolvers<LateBytes> | null = null;
  readonly #onTailLate = () => this.#streamLate();
  readonly #onTimeout = () => this.#fail("head", "upstream_timeout");

  constructor(socket: ByteStream, shared: ConnectionShared, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#shared = shared;
    this.#owner = owner;
    this.#writer = new RequestWriter(socket, shared, {
      written: () => this.#awaitHead(),
      broke: () => this.#awaitHead(),
      bodyFailed: (error) => this.#onRequestBodyFailed(error),
      stalled: () => this.#fail("send", "upstream_timeout"),
    });
  }

  /** Why it was closed, where that was the request's doing: its body broke off. */
  get requestFailure(): BodyError | null {
    return this.#requestFailure;
  }

  /** Answers read so far: a connection that has served may turn out to be closed by the endpoint. */
  get served(): number {
    return this.#served;
  }

  /** Whether no further request can be sent. */
  get closed(): boolean {
    return this.#state === "closed";
  }

  /** Sends a request on an idle connection; `settle` is called once, later. */
  send(request: WireRequest, settle: Settle): void {
    if (this.#state !== "idle") throw new TypeError("a connection serves one request at a time");
    this.#state = "head";
    this.#heard = false;
    this.#interim = 0;
    this.#request = request;
    this.#settle = settle;
    this.#writer.start(request);
    this.#arm();
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
    this.#late?.reject(new Error("the connection was closed"));
    this.#late = null;
    this.#writer.stop();
    closeQuietly(this.#socket);
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
    const code = requestBodyFailure(error);
    if (error instanceof BodyError) this.#requestFailure = error;
    this.#settleFailed({ ok: false, stage: "send", code, fault: "client", sent: true, cause: error });
    this.close();
  }

  #arm(): void {
    if (this.#reading || this.#state === "closed") return;
    this.#reading = true;
    this.#socket.read(this.#buffer.space()).then(
      this.#onRead,
      this.#onReadError,
    );
  }

  #received(count: number | null): void {
    this.#reading = false;
    if (this.#state === "closed") return;
    if (count === null) return this.#lost(undefined);
    this.#buffer.end += count;
    this.#heard = true;
    if (this.#state === "head") this.#readHead();
    else if (this.#state === "tail") this.#readTail();
    else if (this.#late !== null) this.#lateArrived();
    // Bytes that answer no request: whose they are cannot be known.
    else this.close();
  }

  /** The endpoint closed or reset the connection. */
  #lost(cause: unknown): void {
    this.#reading = false;
    if (this.#late !== null) {
      this.#late.reject(cause);
      this.#late = null;
      return;
    }
    const stage = this.#state === "tail" ? "body" : this.#heard ? "head" : "send";
    this.#fail(stage, "upstream_reset", cause);
  }

  #readHead(): void {
    const buffer = this.#buffer, request = this.#request!, { method } = request;
    for (;;) {
      let head: ResponseHead | null;
      try {
        head = parseResponseHead(this.#shared.scanner, buffer.text, buffer.start, buffer.end, method);
        if (head?.status === 101) checkSwitch(head.headers.get("upgrade"), request.upgrade ?? "");
      } catch (error) {
        return this.#fail("head", "upstream_protocol_error", error);
      }
      if (head === null) return buffer.grow() ? this.#arm() : this.#fail("head", "upstream_head_too_large");
      this.#interim += head.bodyStart - buffer.start;
      buffer.start = head.bodyStart;
      if (head.status >= 200) {
        this.#deadline?.cancel();
        return this.#answer(head);
      }
      if (head.status === 101) return this.#switch(head);
      // They wait for a client that does not read, and there is no end to them but this one.
      if (this.#interim > MAX_HEAD_BYTES) return this.#fail("head", "upstream_head_too_large");
      if (head.status === 100) this.#writer.proceed();
      else request.informed?.inform(head.status, head.headers.flat());
    }
  }

  #readTail(): void {
    this.#deadline?.cancel();
    this.#answer(this.#head!);
  }

  /** Answers with bytes when the body is here, else with a source. */
  #answer(head: ResponseHead): void {
    switch (head.framing) {
      case "none":
        return this.#answerWhole(head, null);
      case "length":
        if (head.length <= this.#buffer.length) return this.#answerWhole(head, this.#copyOut(head.length));
        // Many servers send head and body in two packets: the body is then one read away, and cheaper as bytes. What is
        // not there at once is not waited for.
        if (this.#state === "head" && this.#buffer.length === 0 && head.length <= this.#buffer.capacity) {
          this.#state = "tail";
          this.#head = head;
          this.#deadline = this.#shared.deadlines.after(TAIL_WAIT, this.#onTailLate);
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
    const decoder = new ChunkedDecoder(), buffer = this.#buffer;
    let length: number;
    try {
      length = decoder.decode(buffer.bytes, buffer.start, buffer.end);
    } catch (error) {
      if (error instanceof ChunkError) return this.#fail("head", "upstream_protocol_error", error);
      throw error;
    }
    const data = this.#shared.slab.copy(buffer.bytes, buffer.start, buffer.start + length);
    buffer.start += decoder.consumed;
    if (!decoder.done) this.#handOver(head, data, decoder);
    else this.#answerWhole(head, decoder.trailers === null ? data : new BytesSource(data, decoder.trailers));
  }

  /** From now on the connection is the bytes of another protocol; it stays this one's until it is closed. */
  #switch(head: ResponseHead): void {
    this.#deadline?.cancel();
    const settle = this.#settle!, reply = new Reply(head.status, head.headers, null);
    this.#settle = null;
    this.#state = "body";
    this.#head = head;
    reply.tunnel = new Tunnel(this, this.#socket, this.#copyOut(this.#buffer.length));
    this.#buffer.clear();
    settle({ ok: true, reply, version: head.version });
  }

  #copyOut(length: number): Uint8Array {
    const buffer = this.#buffer, { start } = buffer;
    buffer.start += length;
    return this.#shared.slab.copy(buffer.bytes, start, start + length);
  }

  #answerWhole(head: ResponseHead, body: Body): void {
    const settle = this.#settle!;
    this.#settle = null;
    this.#state = "body";
    this.#head = head;
    this.#finish(true);
    settle({ ok: true, reply: new Reply(head.status, head.headers, body), version: head.version });
  }

  /** A body without chunks whose end is not here yet. */
  #stream(head: ResponseHead): void {
    this.#handOver(head, this.#copyOut(this.#buffer.length), null);
  }

  /** The head goes out alone. A read is pending for what comes behind it: the body's reader has its bytes, then the socket. */
  #streamLate(): void {
    const late = this.#late = Promise.withResolvers<LateBytes>();
    // It may fail before anybody waits for it.
    late.promise.catch(() => {});
    this.#handOver(this.#head!, NOTHING, null, late.promise);
  }

  /** The endpoint sent something, or closed. */
  #lateArrived(): void {
    const late = this.#late!, buffer = this.#buffer, { full } = buffer;
    this.#late = null;
    late.resolve({ bytes: this.#copyOut(buffer.length), full });
    buffer.clear();
  }

  /** Hands the socket to the body's reader, together with the part of the body that is here. */
  #handOver(
    head: ResponseHead,
    ready: Uint8Array,
    decoder: ChunkedDecoder | null,
    late: Promise<LateBytes> | null = null,
  ): void {
    const settle = this.#settle!;
    this.#settle = null;
    this.#state = "body";
    this.#head = head;
    if (late === null) this.#buffer.clear();
    const { deadlines } = this.#shared, { idleTimeout } = this.#request!;
    const body = new ResponseBody(this, this.#socket, deadlines, idleTimeout, head, { ready, decoder, late });
    settle({ ok: true, reply: new Reply(head.status, head.headers, body), version: head.version });
  }

  /** The answer is over: the connection goes back to its owner if nothing speaks against it, else it is closed. */
  #finish(clean: boolean): void {
    if (this.#state === "closed") return;
    const buffer = this.#buffer;
    const keep = clean && this.#head!.keepAlive && this.#writer.done && buffer.length === 0 && !buffer.full;
    this.#request = null;
    this.#head = null;
    this.#served++;
    if (!keep) return this.close();
    buffer.clear();
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

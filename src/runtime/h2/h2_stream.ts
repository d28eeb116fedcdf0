/** One request and its answer on a connection that carries many. @module */

import type { Informer } from "../intake/received_exchange.ts";
import { refusalReply } from "../intake/refusal.ts";
import { SHUTTING_DOWN } from "../intake/refusals.ts";
import type { StreamEnding } from "../stream_ending.ts";
import { BodyError, type BodySource, isBodySource } from "../../core/body.ts";
import type { Reply } from "../../core/reply.ts";
import { bodyFaultCode, CLIENT_CLOSED } from "../body_faults.ts";
import { dropReply } from "../../core/drop_reply.ts";
import { BodyWait } from "./body_wait.ts";
import { ErrorCode } from "./error_code.ts";
import type { FrameOutput } from "./frame_output.ts";
import type { H2Exchange } from "./h2_exchange.ts";
import type { H2Service } from "./h2_service.ts";
import { ReceiveWindow } from "./receive_window.ts";
import { ReplyStream } from "./reply_stream.ts";
import { type BodyOwner, RequestBody } from "./request_body.ts";
import { SendQueue } from "./send_queue.ts";
import { STREAM_WINDOW } from "./settings.ts";

const END: Uint8Array = new Uint8Array(0);

/** The connection, as far as a stream needs it. */
export interface StreamOwner {
  readonly service: H2Service;
  readonly output: FrameOutput;
  /** Whether the client may not send because streams hold all that the connection's window takes. */
  readonly held: boolean;
  /** Bytes of the stream were read or dropped. @param again how many more it may send on the stream, 0 for none yet */
  took(stream: H2Stream, count: number, again: number): void;
  /** The stream ends before its time. */
  reset(stream: H2Stream, code: number): void;
  /** Both ends have said all. */
  closed(stream: H2Stream): void;
  /** Its exchange is over. */
  completed(stream: H2Stream): void;
}

/** A stream with its exchange. It ends on the wire first, and its exchange when the last byte is out. */
export class H2Stream implements BodyOwner, Informer {
  readonly id: number;
  readonly exchange: H2Exchange;
  /** What the client may send. */
  readonly window = new ReceiveWindow(STREAM_WINDOW);
  /** What goes to the client. */
  readonly queue: SendQueue;
  /** Whether the client may still send. */
  remoteOpen: boolean;
  /** Whether we may. */
  localOpen = true;
  readonly #owner: StreamOwner;
  readonly #body: RequestBody | null;
  readonly #wait: BodyWait;
  #source: BodySource | null = null;
  /** Whether the exchange has its answer: a later one is dropped. */
  #answered = false;
  /** Whether it was given up before the answer was out, by whomever. */
  #gone = false;
  #completed = false;
  #status = 0;
  #bytesOut = 0;
  /** Why the exchange broke off, where the connection knows it. */
  #reason = "";

  /**
   * @param ended whether the client has said all
   * @param window what it takes before it says more
   */
  constructor(id: number, exchange: H2Exchange, ended: boolean, window: number, owner: StreamOwner) {
    const { sweep, timeouts, limits } = owner.service;
    this.id = id;
    this.exchange = exchange;
    this.remoteOpen = !ended;
    this.#owner = owner;
    this.#body = ended ? null : new RequestBody(this, exchange.length, limits.body);
    this.#wait = new BodyWait(sweep, timeouts.body, limits.minRate);
    this.queue = new SendQueue(id, window, owner.output, { sweep, timeout: timeouts.write, least: limits.minRate });
    exchange.informer = this;
  }

  /** Asks for the answer. What came with the head is here. */
  begin(): void {
    const { exchange } = this, { host, overloaded } = this.#owner.service;
    if (this.#gone) return this.#over("left");
    if (exchange.local !== null) return this.#answer(host.local(exchange, exchange.local));
    const failure = this.#takeBody();
    if (failure !== null) return this.#crashed(failure);
    let reply;
    try {
      reply = overloaded ? host.overloaded(exchange) : host.handle(exchange);
    } catch (cause) {
      return this.#crashed(cause);
    }
    if (reply instanceof Promise) reply.then((late) => this.#answer(late), (cause) => this.#crashed(cause));
    else this.#answer(reply);
  }

  /** DATA came, while {@link remoteOpen}. @returns whether the body may be as long as it now is */
  received(bytes: Uint8Array, start: number, end: number): boolean {
    if (end === start) return true;
    this.#wait.moved(end - start);
    if (!this.localOpen) this.#wait.begin();
    return this.#body!.push(bytes, start, end);
  }

  /** Bytes that came and wait for a reader. */
  get unread(): number {
    return this.#body?.unread ?? 0;
  }

  /** Whether the exchange has its answer. */
  get answered(): boolean {
    return this.#answered;
  }

  /** The client has said all. @returns whether that is what it said it would (RFC 9113 §8.1.1) */
  ended(trailers: readonly string[] | null): boolean {
    if (this.#body !== null && !this.#body.end(trailers)) return false;
    this.remoteOpen = false;
    this.#wait.over();
    if (!this.localOpen) this.#owner.closed(this);
    return true;
  }

  /** Nothing more of the body will come; the answer may go on. */
  deafen(): void {
    this.#failBody();
  }

  /**
   * The stream is gone: reset by either end, or with its connection.
   * @param reason a failure code, where it is not that the client left
   * @param status what logs say where there was no answer
   */
  abandon(reason = "", status: number = CLIENT_CLOSED): void {
    this.remoteOpen = false;
    this.#failBody();
    if (!this.localOpen || this.#gone) return;
    this.localOpen = false;
    this.#gone = true;
    this.#reason ||= reason;
    if (this.#status === 0) this.#status = status;
    this.exchange.abort();
    this.queue.close();
    this.#source?.cancel();
  }

  /** The gateway stops: 503 where there is no answer yet. @returns whether the answer is still on its way */
  cut(): boolean {
    this.#reason = SHUTTING_DOWN.code;
    if (this.#answered) return false;
    this.#answer(this.#owner.service.host.local(this.exchange, (exchange) => refusalReply(SHUTTING_DOWN, exchange)));
    this.exchange.abort();
    return true;
  }

  /** Called on each tick. */
  look(tick: number): void {
    if (this.queue.tooSlow(tick)) {
      this.abandon("client_write_timeout");
      this.#owner.reset(this, ErrorCode.Cancel);
    }
    if (!this.#wait.tooLong(tick)) return;
    if (this.#owner.held) return this.#wait.begin();
    this.#wait.over();
    if (!this.localOpen) return this.#owner.reset(this, ErrorCode.NoError);
    this.#body?.fail(new BodyError("client-timeout", "the body of the request did not come in time"));
  }

  inform(status: number, fields: readonly string[]): void {
    const { service, output } = this.#owner;
    if (this.#answered || this.#gone) return;
    service.h2Heads.interim(status, fields);
    output.block(this.id, service.h2Heads.block, false);
  }

  wanted(): void {
    const { exchange } = this;
    if (exchange.expectsContinue) {
      exchange.expectsContinue = false;
      this.inform(100, []);
    }
    this.#wait.begin();
  }

  read(count: number): void {
    this.#owner.took(this, count, this.remoteOpen ? this.window.taken(count) : 0);
  }

  dropped(count: number): void {
    this.#owner.took(this, count, 0);
  }

  /** Gives the exchange its body: as bytes where all of it came with its head, as most small ones do. */
  #takeBody(): BodyError | null {
    const { exchange } = this, body = this.#body;
    if (body === null) return null;
    // Whoever sends the body does not wait for leave to do so.
    if (body.received > 0 || !this.remoteOpen) exchange.expectsContinue = false;
    if (this.remoteOpen || body.trailers !== null) exchange.body = body;
    else if (body.received > 0 && body.failure === null) exchange.body = body.whole();
    return body.failure;
  }

  #failBody(): void {
    this.#body?.fail(new BodyError("client", "the client gave the request up"));
  }

  #crashed(cause: unknown): void {
    if (!this.#answered) this.#answer(this.#owner.service.host.crashed(this.exchange, cause));
  }

  #answer(reply: Reply): void {
    if (this.#answered) return dropReply(reply);
    this.#answered = true;
    if (this.#gone || this.exchange.aborted) {
      dropReply(reply);
      return this.#over("left");
    }
    try {
      if (reply.tunnel !== null) throw new TypeError("an HTTP/2 stream cannot switch to another protocol");
      this.#send(reply);
    } catch (cause) {
      // A reply that cannot be sent, such as one with a status that a policy made up, is its maker's crash.
      dropReply(reply);
      this.#send(this.#owner.service.host.crashed(this.exchange, cause));
    }
  }

  #send(reply: Reply): void {
    const { service, output } = this.#owner, { h2Heads, sweep, buffers } = service;
    const content = h2Heads.write(this.exchange, reply, sweep.date);
    this.#status = reply.status;
    this.exchange.answered = reply.headers;
    output.block(this.id, h2Heads.block, content === null);
    if (content === null) {
      if (isBodySource(reply.body)) reply.body.cancel();
      return this.#sent();
    }
    if (!isBodySource(content)) {
      this.#bytesOut = content.length;
      this.queue.send(content, true).then((ok) => ok ? this.#sent() : this.#over("left"));
      return;
    }
    this.#source = content;
    const stream = new ReplyStream(content, this.queue, buffers.usual);
    stream.send().then((ending) => this.#streamed(stream, ending, content));
  }

  #streamed(stream: ReplyStream, ending: StreamEnding, { trailers = null }: BodySource): void {
    const { service: { h2Heads }, output } = this.#owner;
    this.#source = null;
    this.#bytesOut = stream.bytes;
    if (this.#gone || ending === "left") return this.#over("left");
    if (ending === "broken") {
      this.exchange.error = bodyFaultCode(stream.cause);
      // What the client has must never pass for the whole.
      this.#owner.reset(this, ErrorCode.InternalError);
      return this.#over("broken");
    }
    if (trailers !== null && this.exchange.acceptsTrailers && h2Heads.trailers(trailers)) {
      output.block(this.id, h2Heads.block, true);
      return this.#sent();
    }
    this.queue.send(END, true).then((ok) => ok ? this.#sent() : this.#over("left"));
  }

  /** The last frame of the answer is on its way. */
  #sent(): void {
    this.localOpen = false;
    // What nobody has read would keep its part of the connection's window.
    this.#body?.cancel();
    if (this.remoteOpen) this.#hearOut();
    else this.#owner.closed(this);
    this.#owner.output.whenWritten((ok) => this.#over(ok ? "complete" : "left"));
  }

  /** The client is answered before it has said all. What it may send without being told to go on is let come, and dropped. */
  #hearOut(): void {
    const refused = this.#body!.left > this.window.left || this.exchange.expectsContinue;
    // RFC 9113 §8.1: the answer is whole, and the rest of the request is not wanted.
    if (refused) this.#owner.reset(this, ErrorCode.NoError);
    else this.#wait.begin();
  }

  /** The answer is out, or the client did not take it. */
  #over(ending: StreamEnding): void {
    const { exchange } = this, body = this.#body, left = ending === "left";
    if (this.#completed) return;
    this.#completed = true;
    if (left) exchange.error = "client_closed_request";
    if (this.#reason !== "") exchange.error = this.#reason;
    if (left) exchange.abort();
    if (body !== null) exchange.bytesIn = body.received;
    this.#owner.service.ended(exchange, left && this.#reason === "" ? CLIENT_CLOSED : this.#status, this.#bytesOut);
    this.#owner.completed(this);
  }
}

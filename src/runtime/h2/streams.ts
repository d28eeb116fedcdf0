/** What happens to the streams of a connection. @module */

import type { Client } from "../../core/exchange.ts";
import type { Refusal } from "../intake/refusal.ts";
import { HEAD_TOO_LARGE, MALFORMED_HEAD } from "../intake/refusals.ts";
import { TARGET_TOO_LONG } from "../intake/target.ts";
import type { AbuseGuard } from "./abuse_guard.ts";
import { ConnectionError } from "./connection_error.ts";
import { ErrorCode } from "./error_code.ts";
import type { FieldList } from "./field_list.ts";
import { FrameType, MOST_31_BITS } from "./frame.ts";
import { FIRST_WINDOW, type FrameOutput } from "./frame_output.ts";
import type { H2Exchange } from "./h2_exchange.ts";
import type { H2Service } from "./h2_service.ts";
import { H2Stream, type StreamOwner } from "./h2_stream.ts";
import { ReceiveWindow } from "./receive_window.ts";
import { readRequestHead } from "./request_head.ts";
import { CONNECTION_WINDOW, MAX_STREAMS } from "./settings.ts";
import { StreamTable } from "./stream_table.ts";

/** Exchanges that are not over, in relation to streams: those of streams that were reset are among them. */
const MOST_EXCHANGES = 2 * MAX_STREAMS;

/** The connection, as far as its streams need it. */
export interface StreamsOwner {
  readonly client: Client;
  readonly service: H2Service;
  readonly output: FrameOutput;
  /** Whether streams that come now are still served. */
  readonly welcoming: boolean;
  /** A stream began. @param body whether content will follow */
  filled(body: boolean): void;
  /** The last open stream ended. */
  emptied(): void;
  /** An exchange is over. */
  completed(): void;
  /** Nothing more can be read; what is under way may still be answered. */
  deafened(why: ConnectionError): void;
}

/** Opens streams, and ends them in all the ways there are. */
export class Streams implements StreamOwner {
  readonly table = new StreamTable();
  /** What the client may send on the whole connection. */
  readonly window = new ReceiveWindow(CONNECTION_WINDOW);
  readonly service: H2Service;
  readonly output: FrameOutput;
  readonly #owner: StreamsOwner;
  readonly #guard: AbuseGuard;
  /** What the client takes on a new stream before it says more. */
  #peerWindow = FIRST_WINDOW;
  /** Streams whose requests came with the frames that are being read. */
  #begun: H2Stream[] = [];
  #exchanges = 0;
  /** Whether nothing more is read: the client need not be told to go on. */
  #deaf = false;

  constructor(guard: AbuseGuard, owner: StreamsOwner) {
    this.service = owner.service;
    this.output = owner.output;
    this.#guard = guard;
    this.#owner = owner;
  }

  get held(): boolean {
    return this.window.left <= 0 && this.table.all().some(({ unread }) => unread > 0);
  }

  /** Whether content may come. */
  get hasOpenBody(): boolean {
    return this.table.all().some(({ remoteOpen }) => remoteOpen);
  }

  /** Serves the requests that came. One that was given up right behind its head has asked nobody for anything. */
  begin(): void {
    const begun = this.#begun;
    if (begun.length === 0) return;
    this.#begun = [];
    for (const stream of begun) stream.begin();
  }

  /** A stream begins with these fields. */
  opened(id: number, fields: FieldList, ended: boolean): void {
    const { h2Reader } = this.service, { client } = this.#owner;
    if (!this.#owner.welcoming) return this.table.rememberReset(id);
    if (this.table.size >= MAX_STREAMS || this.#exchanges >= MOST_EXCHANGES) {
      return this.refused(id, ErrorCode.RefusedStream);
    }
    if (fields.tooLarge) {
      const refusal = fields.pathTooLong ? TARGET_TOO_LONG : HEAD_TOO_LARGE;
      return this.#open(id, h2Reader.blank(client, refusal), ended);
    }
    const head = readRequestHead(fields.flat), exchange = head === null ? null : h2Reader.read(head, ended, client);
    if (exchange === null || (ended && (exchange.length ?? 0) > 0)) return this.#malformedHead(id);
    this.#open(id, exchange, ended);
  }

  /** The field block of a new stream is too large, or too slow, to be read to its end: neither can be what follows it. */
  unreadable(id: number, refusal: Refusal): void {
    this.table.last = id;
    for (const stream of this.table.all()) stream.deafen();
    this.#open(id, this.service.h2Reader.blank(this.#owner.client, refusal), true);
    this.#owner.deafened(new ConnectionError(ErrorCode.EnhanceYourCalm, refusal.detail));
  }

  /** Every stream is gone, with its connection. */
  abandon(reason = ""): void {
    this.#deaf = true;
    for (const stream of this.table.all()) {
      stream.abandon(reason);
      this.#delete(stream);
    }
    this.begin();
  }

  /** What the client sent on an open stream cannot be a request (RFC 9113 §8.1.1). */
  malformed(stream: H2Stream): void {
    stream.abandon("malformed_body", MALFORMED_HEAD.status);
    this.fail(stream, ErrorCode.ProtocolError);
  }

  /** An open stream is in error (RFC 9113 §5.4.2). */
  fail(stream: H2Stream, code: number): void {
    this.#guard.reset();
    this.reset(stream, code);
  }

  /** A stream that is not open is in error. */
  refused(id: number, code: number): void {
    this.#guard.reset();
    this.#sendReset(id, code);
  }

  /** The client reset an open stream. */
  resetByClient(stream: H2Stream): void {
    stream.abandon();
    this.#delete(stream);
  }

  /** The client takes so much more on the connection. */
  widened(count: number): void {
    const { output } = this;
    output.window += count;
    for (const { queue } of this.table.all()) if (queue.waiting) queue.wake();
    output.flushSoon();
  }

  /** The client takes so much on each stream at first (RFC 9113 §6.9.2). @throws ConnectionError */
  peerWindow(size: number): void {
    const change = size - this.#peerWindow;
    this.#peerWindow = size;
    for (const { queue } of this.table.all()) {
      if (queue.window + change > MOST_31_BITS) {
        throw new ConnectionError(ErrorCode.FlowControlError, "a window is larger than 2147483647");
      }
      queue.widen(change);
    }
  }

  /** Bytes came that nobody will read. */
  unread(count: number): void {
    if (this.#deaf) return;
    const more = this.window.taken(count);
    if (more > 0) this.output.number(FrameType.WindowUpdate, 0, more);
  }

  took(stream: H2Stream, count: number, again: number): void {
    this.unread(count);
    if (again > 0) this.output.number(FrameType.WindowUpdate, stream.id, again);
  }

  reset(stream: H2Stream, code: number): void {
    if (this.table.get(stream.id) !== stream) return;
    this.#sendReset(stream.id, code);
    stream.abandon();
    this.#delete(stream);
  }

  closed(stream: H2Stream): void {
    this.#delete(stream);
  }

  completed(): void {
    this.#exchanges--;
    this.#owner.completed();
  }

  #open(id: number, exchange: H2Exchange, ended: boolean): void {
    const stream = new H2Stream(id, exchange, ended, this.#peerWindow, this);
    this.table.add(stream);
    this.#exchanges++;
    this.service.began();
    this.#begun.push(stream);
    this.#owner.filled(!ended);
  }

  /** RFC 9113 §8.1.1. Nothing is answered, and the log has a line for it. */
  #malformedHead(id: number): void {
    this.service.began();
    this.service.ended(this.service.h2Reader.blank(this.#owner.client, MALFORMED_HEAD), MALFORMED_HEAD.status, 0);
    this.refused(id, ErrorCode.ProtocolError);
  }

  #sendReset(id: number, code: number): void {
    this.table.rememberReset(id);
    this.output.number(FrameType.ResetStream, id, code);
  }

  #delete({ id }: H2Stream): void {
    if (this.table.delete(id) && this.table.size === 0) this.#owner.emptied();
  }
}

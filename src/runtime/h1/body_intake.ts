/** The bodies of one connection's requests. @module */

import { BodyError } from "../../core/body.ts";
import type { Reply } from "../../core/reply.ts";
import type { ClientInput } from "./client_input.ts";
import type { ClientWriter } from "./client_writer.ts";
import { DataRate } from "../pace/data_rate.ts";
import type { H1Exchange } from "./h1_exchange.ts";
import type { ListenerService } from "./listener_service.ts";
import { type BodyOwner, RequestBody } from "./request_body.ts";

/** What is read into while a body is on its way; the larger one for bodies from {@link LARGE} bytes on. */
const BODY_BYTES = 64 * 1024, LARGE_BODY_BYTES = 256 * 1024, LARGE = 1024 * 1024;
/** Most bytes of a body nobody wanted that are read so that the connection may go on. */
const MOST_DISCARDED = 256 * 1024;

const CONTINUE: Uint8Array = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");

/** Who is told of a body. */
export interface IntakeEvents {
  /** The last byte of it has been read. */
  over(): void;
  /** More of it is wanted, and the client has sent its last byte. */
  left(): void;
}

/** Reads a body when somebody wants it, within its time-out and its least rate. */
export class BodyIntake implements BodyOwner {
  readonly #input: ClientInput;
  readonly #writer: ClientWriter;
  readonly #service: ListenerService;
  readonly #events: IntakeEvents;
  #exchange: H1Exchange | null = null;
  #body: RequestBody | null = null;
  #rate: DataRate | null = null;
  /** Whether somebody has begun to read it: only then is much memory worth it. */
  #wanted = false;
  /** The tick at which bytes that are waited for should have come. */
  #due = Infinity;

  constructor(input: ClientInput, writer: ClientWriter, service: ListenerService, events: IntakeEvents) {
    this.#input = input;
    this.#writer = writer;
    this.#service = service;
    this.#events = events;
  }

  /** Whether nothing of the request's body is left to read. */
  get over(): boolean {
    return this.#body === null || this.#body.ended;
  }

  /** Whether the whole of it may be here: known where its length is, else found out by reading. */
  get mayBeHere(): boolean {
    const { length } = this.#input.buffer, body = this.#body;
    return body === null || body.here || (length > 0 && (body.left <= length || body.left === Infinity));
  }

  /** Bytes of it so far, framing not counted. */
  get received(): number {
    return this.#body?.received ?? 0;
  }

  /**
   * Gives the exchange its body: as bytes where it is here with its head, as most small ones are.
   * @returns the answer, where nobody needs to be asked for one
   */
  take(exchange: H1Exchange): Reply | null {
    const { framing, local } = exchange, { buffer } = this.#input, { slab, limits, host } = this.#service;
    this.#body = null;
    this.#wanted = false;
    if (framing.length === 0 && !framing.chunked) return local === null ? null : host.local(exchange, local);
    this.#exchange = exchange;
    // Whoever sends the body does not wait for leave to do so.
    if (buffer.length > 0) exchange.expectsContinue = false;
    const body = this.#body = new RequestBody(this, buffer, framing, limits.body);
    if (local !== null) return host.local(exchange, local);
    try {
      exchange.body = body.whole(slab) ?? body;
    } catch (cause) {
      exchange.persistent = false;
      return host.crashed(exchange, cause);
    }
    return null;
  }

  /** Bytes came in. */
  arrived(count: number): void {
    this.#rate?.moved(count, this.#service.sweep.time);
    // Whoever takes them may take long; the client is waited for again when more are wanted.
    this.#due = Infinity;
    this.#body?.arrived();
    if (this.#wanted && !this.over) this.#widen();
  }

  /** Called on each tick. */
  look(tick: number): void {
    if (tick < this.#due && !this.#rate?.tooSlow(this.#service.sweep.time)) return;
    this.#due = Infinity;
    this.#rate = null;
    this.#body?.fail(new BodyError("client-timeout", "the body of the request did not come in time"));
  }

  /** Whether the rest of the body, if nobody reads it, is small enough to be read past. */
  mayBeSkipped(exchange: H1Exchange): boolean {
    const body = this.#body;
    return body === null || body.ended || (!body.failed && !exchange.expectsContinue && body.left <= MOST_DISCARDED);
  }

  /** Reads past what is here of a body that nobody wants. @returns whether that was all @throws BodyError */
  skip(): boolean {
    this.#body?.cancel();
    return this.#body === null || this.#body.discard();
  }

  /** The exchange is over, or its client has gone: whoever waits for bytes is told. */
  end(exchange: H1Exchange): void {
    if (this.#body !== null) exchange.bytesIn = this.#body.received;
    this.#due = Infinity;
    this.#rate = null;
  }

  /** No more bytes will come. */
  fail(reason: string): void {
    this.#body?.fail(new BodyError("client", reason));
  }

  wantBody(): void {
    const exchange = this.#exchange!, { sweep, timeouts, limits } = this.#service;
    if (exchange.expectsContinue) {
      exchange.expectsContinue = false;
      this.#writer.send(CONTINUE, () => {});
    }
    if (this.#input.over) return this.#events.left();
    this.#due = sweep.after(timeouts.body);
    (this.#rate ??= new DataRate(limits.minRate)).wait(sweep.time);
    this.#wanted = true;
    this.#widen();
    this.#input.arm();
  }

  #widen(): void {
    this.#input.widen(this.#body!.left >= LARGE ? LARGE_BODY_BYTES : BODY_BYTES);
  }

  bodyRead(): void {
    this.#due = Infinity;
    this.#rate = null;
    this.#input.shrink();
    this.#events.over();
  }
}
